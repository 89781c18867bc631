import { hash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const form = /^rsp_(?:pat|dep)_[0-9A-Za-z]{38}$/

export interface NewToken {
  token: string
  /** sha256, hex: all that is stored. */
  hash: string
  /** To tell it from others. */
  prefix: string
}

/**
 * `rsp_pat_`, or `rsp_dep_` for some apps alone, then 32 random digits of base 62 (190 bits) and 6 of their CRC32: secret
 * scanners know the form, and a mistyped one is refused without a query. As GitHub's tokens are made.
 */
export function newToken(kind: 'pat' | 'dep'): NewToken {
  const body = `rsp_${kind}_${randomDigits(32)}`
  const token = body + checksumOf(body)
  return { token, hash: hashOfToken(token), prefix: token.slice(0, 12) }
}

export const isWellFormed = (token: string) => form.test(token) && checksumOf(token.slice(0, -6)) === token.slice(-6)

export const hashOfToken = (token: string) => hash('sha256', token)

function checksumOf(text: string): string {
  let rest = crc32(text)
  let sum = ''
  for (let count = 0; count < 6; count++) {
    sum = digits.charAt(rest % 62) + sum
    rest = Math.floor(rest / 62)
  }
  return sum
}

function randomDigits(count: number): string {
  let text = ''
  // 248 = 4 × 62: beyond it the first digits would come up more often.
  while (text.length < count) for (const byte of randomBytes(count)) if (byte < 248) text += digits.charAt(byte % 62)
  return text.slice(0, count)
}
