import { expect, it } from 'vitest'
import { isWellFormed, newToken } from './bearer-token.ts'

it('makes tokens that it knows again, none twice', () => {
  const made = Array.from({ length: 200 }, () => newToken('pat').token)
  expect(new Set(made).size).toBe(200)
  for (const token of made) expect(token).toMatch(/^rsp_pat_[0-9A-Za-z]{38}$/)
  expect(made.every(isWellFormed)).toBe(true)
  expect(newToken('dep').token).toMatch(/^rsp_dep_/)
})

it('refuses one in which any one character was changed', () => {
  const { token } = newToken('pat')
  for (let at = 8; at < token.length; at++) {
    const other = token.charAt(at) === 'x' ? 'y' : 'x'
    expect(isWellFormed(token.slice(0, at) + other + token.slice(at + 1))).toBe(false)
  }
})

it.each(['', 'rsp_pat_', 'rsp_pat_short', `rsp_pat_${'a'.repeat(37)}-`, `x${newToken('pat').token}`])(
  'refuses %s',
  (text) => {
    expect(isWellFormed(text)).toBe(false)
  },
)
