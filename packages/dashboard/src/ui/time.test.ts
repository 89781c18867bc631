import { describe, expect, it } from 'vitest'
import { agoText, durationText } from './time.tsx'

const now = Date.parse('2026-05-20T12:00:00Z')

describe('agoText', () => {
  it.each([
    ['2026-05-20T11:59:20Z', '40 s ago'],
    ['2026-05-20T11:48:00Z', '12 min ago'],
    ['2026-05-20T09:00:00Z', '3 h ago'],
    ['2026-05-19T11:00:00Z', 'yesterday'],
    ['2026-05-17T11:00:00Z', '3 days ago'],
    ['2026-04-28T11:00:00Z', '3 weeks ago'],
    ['2026-02-03T12:00:00Z', '3 February'],
    ['2025-02-03T12:00:00Z', '3 February 2025'],
    ['2026-05-20T12:00:05Z', '0 s ago'],
  ])('%s is %s', (iso, text) => {
    expect(agoText(iso, now)).toBe(text)
  })
})

describe('durationText', () => {
  it.each([
    [0, '< 1 s'],
    [39, '39 s'],
    [72, '1 min 12 s'],
    [600, '10 min'],
    [7_500, '2 h 5 min'],
  ])('%d s is %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text)
  })
})
