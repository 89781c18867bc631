import { expect, it } from 'vitest'
import { createLineSplitter, keepLastLines } from './lines.ts'

function split(...chunks: (string | Uint8Array)[]): string[] {
  const lines: string[] = []
  const splitter = createLineSplitter((line) => lines.push(line))
  for (const chunk of chunks) splitter.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  splitter.end()
  return lines
}

it('joins a line, and a character, that was cut anywhere', () => {
  const bytes = Buffer.from('Fehler in ‘größe’\nzweite\n')
  for (let cut = 0; cut <= bytes.length; cut += 1)
    expect(split(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(['Fehler in ‘größe’', 'zweite'])
})

it('keeps empty lines and a last one without an end', () => {
  expect(split('a\n\nb')).toEqual(['a', '', 'b'])
})

it('shows the last state of a progress line', () => {
  expect(split('10%\r', '50%\r100%\ndone\r\n')).toEqual(['100%', 'done'])
})

it('replaces what is not UTF-8', () => {
  expect(split(Uint8Array.of(0x66, 0xff, 0x0a))).toEqual(['f\ufffd'])
})

it('cuts a line of a megabyte, however it arrives', () => {
  const [line = ''] = split(...Array.from({ length: 1024 }, () => 'x'.repeat(1024)), '\n')
  expect(line).toBe(`${'x'.repeat(16 * 1024)} …`)
})

it('keeps the last lines', () => {
  const passed: string[] = []
  const last = keepLastLines(2, (line) => passed.push(line))
  for (const line of ['1', '2', '3']) last.line(line)
  expect([last.lines, passed]).toEqual([
    ['2', '3'],
    ['1', '2', '3'],
  ])
})
