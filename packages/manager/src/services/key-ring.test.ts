import { describe, expect, it } from 'vitest'
import { createKeyRing, SecretUnreadable } from './key-ring.ts'

const line = (id: string, fill: number) => `${id}:${Buffer.alloc(32, fill).toString('base64')}`
const one = createKeyRing(line('a', 1))

describe('a key ring', () => {
  it('opens what it sealed, byte for byte, and never seals alike', () => {
    const value = 'pa$$w🔑rd\n'
    const sealed = one.seal(value, 'app 1')
    expect(sealed).toMatch(/^v1:a:[\w-]{16}:[\w-]+:[\w-]{22}$/)
    expect(one.open(sealed, 'app 1')).toBe(value)
    expect(one.seal(value, 'app 1')).not.toBe(sealed)
  })

  it('opens with every key, seals with the first, and knows what is old', () => {
    const old = one.seal('x', 'y')
    const both = createKeyRing(`${line('b', 2)}\n${line('a', 1)}\n`)
    expect(both.open(old, 'y')).toBe('x')
    expect([both.isOld(old), both.isOld(both.seal('x', 'y'))]).toEqual([true, false])
    expect(() => one.open(both.seal('x', 'y'), 'y')).toThrow(SecretUnreadable)
  })

  it('refuses a row that was swapped, cut or altered, and a key of the same name', () => {
    const sealed = one.seal('secret', 'app 1')
    const [version, kid, nonce, text, tag = ''] = sealed.split(':')
    const broken = [
      [version, kid, nonce, text?.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')), tag].join(':'),
      [version, kid, nonce, text, tag.slice(0, 6)].join(':'),
      'v1:a',
      '',
      sealed.replace('v1', 'v2'),
    ]
    for (const text of broken) expect(() => one.open(text, 'app 1'), text).toThrow(SecretUnreadable)
    expect(() => one.open(sealed, 'app 2')).toThrow(SecretUnreadable)
    expect(() => createKeyRing(line('a', 9)).open(sealed, 'app 1')).toThrow(SecretUnreadable)
  })

  it.each(['', 'a', 'a:short', `a b:${Buffer.alloc(32).toString('base64')}`, `${line('a', 1)},nonsense`])(
    'is not made of %j',
    (text) => {
      expect(() => createKeyRing(text)).toThrow(/list of secret keys/)
    },
  )
})
