import { describe, expect, it } from 'vitest'
import { refuseWeakPassword } from './password-rules.ts'

describe('refuseWeakPassword', () => {
  it.each([
    ['12345678', 'one of the most common'],
    ['Password1', 'one of the most common'],
    ['aaaaaaaa', 'repeats'],
    ['newuser1', 'contains the user name'],
    ['My-NEWUSER-password', 'contains the user name'],
    ['rserve-proxy-2026', 'the name of this software'],
  ])('refuses %s: %s', (password, why) => {
    expect(() => refuseWeakPassword(password, 'newuser', 'password')).toThrow(why)
  })

  it.each(['correct horse battery', 'lowercaseonlylong', '  leading and trailing  ', '日本語のパスワード'])(
    'takes %s',
    (password) => {
      expect(() => refuseWeakPassword(password, 'al', 'password')).not.toThrow()
    },
  )
})
