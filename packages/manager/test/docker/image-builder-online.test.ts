import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuilderBench, listed, openBuilderBench, recordEvents } from '../helpers/builder-bench.ts'

// What only a real repository and pak can show; on a base image that was built with them. RSP_ONLINE=1 runs it.
const isOnline = process.env.RSP_ONLINE === '1'
const never = new AbortController().signal

describe.skipIf(!isOnline)('with pak and the internet (RSP_ONLINE=1)', () => {
  let bench: BuilderBench
  beforeAll(async () => {
    bench = await openBuilderBench({ repository: undefined, extraHosts: [] })
  })
  afterAll(() => bench[Symbol.asyncDispose]())

  async function build(...references: string[]) {
    const { events } = recordEvents()
    const code = await bench.code({ 'app.R': `x <- "${references.join()}"` })
    return bench.builder().build(bench.input({ ...code, packages: listed(...references) }), events, never)
  }

  it('takes a package of a git host at a tag', async () => {
    const { lock, packages } = await build('r-lib/R6@v2.5.1')
    expect(packages).toEqual([{ name: 'R6', version: '2.5.1' }])
    expect(lock?.resolver).toBe('pak')
  })

  it('takes an older version', async () => {
    expect((await build('mime@0.11')).packages).toEqual([{ name: 'mime', version: '0.11' }])
  })

  it('finds the system libraries that a package asks for', async () => {
    const { lock } = await build('units')
    expect(lock?.systemPackages).toContain('libudunits2-dev')
  })
})
