import { expect, it } from 'vitest'
import { logFrames } from './log-frames.ts'
import { logLines, maxLineBytes } from './log-lines.ts'
import { mergeStreams } from './merge-streams.ts'

const time = '2025-01-01T00:00:00.000000001Z'

function frame(text: string | Buffer, stream = 1): Buffer {
  const payload = Buffer.concat([Buffer.from(`${time} `), Buffer.from(text)])
  const header = Buffer.alloc(8)
  header.writeUInt8(stream, 0)
  header.writeUInt32BE(payload.length, 4)
  return Buffer.concat([header, payload])
}

async function* chunks(...buffers: Buffer[]) {
  yield* buffers
}

const lines = (...buffers: Buffer[]) => Array.fromAsync(logLines(logFrames(chunks(...buffers))))
const texts = async (...buffers: Buffer[]) => (await lines(...buffers)).map(({ text }) => text)

it('keeps the streams apart', async () => {
  expect(await lines(frame('out\n'), frame('err\n', 2))).toEqual([
    { stream: 'stdout', time, text: 'out' },
    { stream: 'stderr', time, text: 'err' },
  ])
})

it('reads frames that are cut anywhere', async () => {
  const all = Buffer.concat([frame('first\n'), frame('zweite Straße\n')])
  const bytes = Array.from(all, (byte) => Buffer.from([byte]))
  expect(await texts(...bytes)).toEqual(['first', 'zweite Straße'])
})

it('joins the pieces of a long line, also inside a character', async () => {
  const euro = Buffer.from('€')
  expect(
    await texts(
      frame(Buffer.concat([Buffer.from('10 '), euro.subarray(0, 2)])),
      frame(Buffer.concat([euro.subarray(2), Buffer.from('\n')])),
    ),
  ).toEqual(['10 €'])
})

it('cuts a line at the limit, never inside a character', async () => {
  const [text] = await texts(frame(`${'x'.repeat(maxLineBytes - 1)}€uro`), frame('more\n'))
  expect(text).toBe(`${'x'.repeat(maxLineBytes - 1)} …`)
})

it('shows the last state of a progress line', async () => {
  expect(await texts(frame('10%\r50%\r100%\n'))).toEqual(['100%'])
  expect(await texts(frame('10%\r'), frame('20%\n'))).toEqual(['20%'])
  expect(await texts(frame('Windows\r\n'))).toEqual(['Windows'])
})

it('gives the last line without its end', async () => {
  expect(await texts(frame('no end'))).toEqual(['no end'])
})

it('keeps empty lines', async () => {
  expect(await texts(frame('\n'), frame('a\n'))).toEqual(['', 'a'])
})

it('merges streams as they come and ends them when the reader leaves', async () => {
  const ended: string[] = []
  async function* endless(): AsyncGenerator<Buffer> {
    try {
      while (true) yield Buffer.from('tick')
    } finally {
      ended.push('endless')
    }
  }
  const seen: string[] = []
  for await (const item of mergeStreams([chunks(Buffer.from('one')), endless()], () => ended.push('asked'))) {
    seen.push(String(item))
    if (seen.length === 3) break
  }
  expect(seen).toContain('one')
  expect(ended).toContain('asked')
})
