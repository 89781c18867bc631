import Docker from 'dockerode'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BuilderBench, failureOf, listed, openBuilderBench, recordEvents } from '../../helpers/builder-bench.ts'
import { serveTinyCran, type TinyCran } from '../../helpers/tiny-cran.ts'

// On an engine whose disk is small: a package fills it, and everything is as before afterwards.

const never = new AbortController().signal
const packages = {
  good: { 'R/a.R': 'hello <- function() 1' },
  greedy: { configure: '#!/bin/sh\ndd if=/dev/zero of=/opt/app/lib/fill bs=1M || exit 1\n' },
}

let cran: TinyCran
let bench: BuilderBench
beforeAll(async () => {
  cran = await serveTinyCran(new Docker(), packages)
  bench = await openBuilderBench(cran)
})
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await cran[Symbol.asyncDispose]()
})

async function build(...names: string[]) {
  const { events } = recordEvents()
  const code = await bench.code({ 'app.R': `x <- "${names.join()}"` })
  return bench.builder().build(bench.input({ ...code, packages: listed(...names) }), events, never)
}

it('says that the disk is full, gives the space back, and builds again', async () => {
  await build('good')
  expect(await failureOf(build('greedy'))).toEqual({ code: 'disk-full', detail: 'The disk is full.' })
  expect(await bench.buildContainers()).toEqual([])
  expect(await bench.docker.listImages({ filters: { dangling: ['true'] } })).toEqual([])
  expect((await build('good')).packages).toEqual([{ name: 'good', version: '1.0' }])
})
