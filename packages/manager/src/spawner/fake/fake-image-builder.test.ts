import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BuildEvents, BuildFailed, type BuildInput } from '../image-builder.ts'
import { createFakeEngine } from './fake-engine.ts'
import { createFakeImageBuilder } from './fake-image-builder.ts'

const signal = AbortSignal.timeout(60_000)
let codeDir: string

beforeAll(async () => {
  codeDir = await mkdtemp(join(tmpdir(), 'fake-builder-'))
  await writeFile(join(codeDir, 'app.R'), 'add <- function(a, b) a + b\n')
  await writeFile(join(codeDir, 'broken.R'), 'x <- 1\nstop("no such model")\n')
})
afterAll(() => rm(codeDir, { recursive: true }))

const listed = (...references: string[]) => ({ locked: [], references, mentioned: [] })

const input = (change: Partial<BuildInput> = {}): BuildInput => ({
  buildId: 'b1',
  appId: 'a1',
  slug: 'hello',
  codeDir,
  revisionHash: 'r1',
  entryScript: 'app.R',
  serves: 'ocap',
  rVersion: '4.5.0',
  packages: listed(),
  held: undefined,
  systemPackages: [],
  ownerId: 'u1',
  mode: 'reuse',
  ...change,
})

function recorder() {
  const seen: string[] = []
  const events: BuildEvents = { line: (text) => seen.push(text), phase: (phase) => seen.push(`[${phase}]`) }
  return { seen, events }
}

function workshop() {
  const engine = createFakeEngine()
  return { engine, builder: createFakeImageBuilder({ engine }) }
}

it('offers its runtimes, newest first', async () => {
  expect(await workshop().builder.runtimes(signal)).toEqual(['4.5.0', '4.4.1'])
})

it('builds, and reuses an image of the same content', async () => {
  const { builder } = workshop()
  const { seen, events } = recorder()
  const built = await builder.build(input({ packages: listed('jsonlite') }), events, signal)
  expect(seen).toEqual([
    '[resolving]',
    '[installing]',
    '* installing jsonlite 1.0.0',
    '[assembling]',
    `assembling ${built.tag}`,
    '[verifying]',
  ])
  expect(await builder.build(input({ packages: listed('jsonlite') }), events, signal)).toEqual({
    ...built,
    reused: true,
  })
  expect(await builder.build(input({ packages: listed('jsonlite'), mode: 'anew' }), events, signal)).toEqual(built)
  const other = await builder.build(input({ revisionHash: 'r2' }), events, signal)
  expect(other.imageId).not.toBe(built.imageId)
})

it('removes the images of one app but those to keep', async () => {
  const { builder, engine } = workshop()
  const { events } = recorder()
  const first = await builder.build(input(), events, signal)
  const second = await builder.build(input({ revisionHash: 'r2' }), events, signal)
  const remove = (dryRun: boolean) => builder.removeImages('a1', [second.imageId], { dryRun }, signal)
  expect(await remove(true)).toMatchObject([{ kind: 'image', id: first.imageId }])
  expect(engine.images.has(first.imageId)).toBe(true)
  await remove(false)
  expect([first, second].map(({ imageId }) => engine.images.has(imageId))).toEqual([false, true])
})

it('fails on demand with the lines of the build', async () => {
  const { builder } = workshop()
  const { seen, events } = recorder()
  builder.setFault('a1', { kind: 'fail', message: 'package nope is not available', lastLines: ['ERROR: nope'] })
  await expect(builder.build(input(), events, signal)).rejects.toThrow(BuildFailed)
  expect(seen).toContain('ERROR: nope')
  builder.setFault('a1', undefined)
  expect(await builder.build(input(), events, signal)).toMatchObject({ reused: false })
})

it('hangs on demand until it is cancelled', async () => {
  const { builder } = workshop()
  builder.setFault('a1', { kind: 'hang' })
  const cancel = new AbortController()
  const build = builder.build(input(), recorder().events, cancel.signal)
  const reason = new Error('cancelled')
  cancel.abort(reason)
  await expect(build).rejects.toBe(reason)
})

it('knows code that stops while it loads', async () => {
  const { engine, builder } = workshop()
  const { imageId } = await builder.build(input({ entryScript: 'broken.R' }), recorder().events, signal)
  expect(engine.images.faultOf(imageId)).toEqual({
    kind: 'exit-at-start',
    code: 1,
    lines: ['Error: no such model', 'Execution halted'],
  })
})
