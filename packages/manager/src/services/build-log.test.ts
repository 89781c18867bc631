import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openBuildLog, readBuildLog, tailOffset } from './build-log.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'build-log-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function readAll(path: string, from: number) {
  const lines: string[] = []
  for await (const chunk of readBuildLog(path, from, async () => true, AbortSignal.timeout(5_000)))
    lines.push(...chunk.lines)
  return lines
}

it('keeps the last state of progress lines and resumes at every offset', async () => {
  const path = join(dir, 'log')
  const log = await openBuildLog(path)
  for (const line of ['one', '10%\r50%\r100%', 'drei ✓', '\ud800 broken']) log.line(line)
  await log.close()
  expect(await readAll(path, 0)).toEqual(['one', '100%', 'drei ✓', '\ufffd broken'])
  expect(await readAll(path, await tailOffset(path, 2))).toEqual(['drei ✓', '\ufffd broken'])
  expect(await readAll(path, log.bytes())).toEqual([])
})

it('follows a log that grows until it is complete', async () => {
  const path = join(dir, 'log')
  const log = await openBuildLog(path)
  let complete = false
  const seen: string[] = []
  log.line('first')
  for await (const { lines } of readBuildLog(path, 0, async () => complete, AbortSignal.timeout(5_000))) {
    seen.push(...lines)
    if (complete) continue
    log.line('second')
    await log.close()
    complete = true
  }
  expect(seen).toEqual(['first', 'second'])
})

it('cuts a log that grows past its cap, and says so', async () => {
  const path = join(dir, 'log')
  const log = await openBuildLog(path)
  for (let count = 0; count < 1_400; count++) log.line('x'.repeat(16_000))
  await log.close()
  const lines = await readAll(path, 0)
  expect(lines.at(-1)).toBe('This log is full at 20 MB; the rest is not kept.')
  expect(log.bytes()).toBeLessThan(21 * 2 ** 20)
})

it('outlives a disk that takes nothing more: the build goes on without its log', async () => {
  const log = await openBuildLog('/dev/full')
  log.line('first')
  await new Promise((resolve) => setTimeout(resolve, 20))
  log.line('second')
  await log.close()
  expect(log.lastLines()).toEqual(['first', 'second'])
})
