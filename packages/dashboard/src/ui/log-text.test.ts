import { describe, expect, it } from 'vitest'
import { logSpans, plainText } from './log-text.ts'

describe('logSpans', () => {
  it('keeps colours and drops other terminal codes', () => {
    expect(logSpans('\u001b[2Kok \u001b[32mgreen\u001b[0m end')).toEqual([
      { text: 'ok ' },
      { text: 'green', color: 'green' },
      { text: ' end' },
    ])
  })

  it('shows what a carriage return leaves', () => {
    expect(plainText('10 %\r50 %\r100 %\r')).toBe('100 %')
  })

  it('colours the errors and warnings of R', () => {
    expect(logSpans('Error in eval(x) : boom')).toEqual([{ text: 'Error in eval(x) : boom', color: 'red' }])
    expect(logSpans('Warning message:')).toEqual([{ text: 'Warning message:', color: 'yellow' }])
  })

  it('leaves markup alone, as text', () => {
    expect(plainText('<script>alert(1)</script>')).toBe('<script>alert(1)</script>')
  })
})
