import { expect, it } from 'vitest'
import { createPasswords } from './password.ts'

it('hashes two passwords at a time, keeps 32 waiting and refuses the rest', async () => {
  const passwords = createPasswords()
  // All in one tick: none has ended before the last one asks.
  const attempts = Array.from({ length: 40 }, () => passwords.isRight('definitely-wrong-1', undefined))
  const outcomes = Map.groupBy(await Promise.allSettled(attempts), ({ status }) => status)
  expect(outcomes.get('fulfilled')).toHaveLength(34)
  expect(outcomes.get('rejected')).toMatchObject(Array(6).fill({ reason: { code: 'too-many-requests' } }))
  expect(await passwords.isRight('definitely-wrong-1', undefined)).toBe(false)
})
