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

it('outlives a disk that takes nothing more: the build goes on without its log', async () => {
  const log = await openBuildLog('/dev/full')
  log.line('first')
  await new Promise((resolve) => setTimeout(resolve, 20))
  log.line('second')
  await log.close()
  expect(log.lastLines()).toEqual(['first', 'second'])
})

it('keeps the beginning and the end of a log that is full', async () => {
  const path = join(dir, 'log')
  const log = await openBuildLog(path, { maxBytes: 1_000 })
  for (let number = 1; number <= 2_000; number++) log.line(`line ${number}`)
  await log.close()
  const lines = await readAll(path, 0)
  expect(lines.slice(0, 2)).toEqual(['line 1', 'line 2'])
  const notice = lines.findIndex((line) => line.startsWith('This log is full'))
  expect(lines[notice + 1]).toBe(`${2_000 - 200 - notice} lines are left out here.`)
  expect([lines[notice + 2], lines.at(-1), lines.length]).toEqual(['line 1801', 'line 2000', notice + 202])
})

it('hides secrets, whole lines of a megabyte, and halves of a sign', async () => {
  const path = join(dir, 'log')
  const log = await openBuildLog(path)
  log.hide(['hunter2-token'])
  log.line(`https://bot:${'hunter2-token'}@git.example`)
  log.line('x'.repeat(2 ** 20))
  log.line(`${'y'.repeat(16 * 2 ** 10 - 1)}😀`)
  await log.close()
  const [first, second, third] = await readAll(path, 0)
  expect(first).toBe('https://bot:[secret]@git.example')
  expect(second).toBe('x'.repeat(16 * 2 ** 10))
  expect(third).toBe(`${'y'.repeat(16 * 2 ** 10 - 1)}\ufffd`)
  expect(log.lastLines()[0]).toBe(first)
})

it('resumes 200,000 lines at every id that a reader was given', async () => {
  const path = join(dir, 'log')
  const log = await openBuildLog(path)
  for (let number = 1; number <= 200_000; number++) log.line(`zeile ${number} ✓`)
  await log.close()
  let offset = 0
  let count = 0
  for (;;) {
    const reader = readBuildLog(path, offset, async () => true, AbortSignal.timeout(5_000))
    const { value, done } = await reader.next()
    await reader.return(undefined)
    if (done) break
    expect(value.lines[0]).toBe(`zeile ${count + 1} ✓`)
    count += value.lines.length
    offset = value.offset
  }
  expect([count, offset]).toEqual([200_000, log.bytes()])
})
