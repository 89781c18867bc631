import { describe, expect, it } from 'vitest'
import { slugOf } from './slug-of.ts'

describe('slugOf', () => {
  it.each([
    ['Hello wörld', 'hello-world'],
    ['  Über — 2.0!  ', 'uber-2-0'],
    ['日本語', ''],
    ['a'.repeat(80), 'a'.repeat(63)],
    ['ab--cd', 'ab-cd'],
  ])('proposes for %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug)
  })
})
