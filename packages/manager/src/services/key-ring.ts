import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** What was stored cannot be opened: its key is gone, or the row was altered or swapped. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable'
}

/** Secrets at rest: AES-256-GCM, `v1:kid:nonce:ciphertext:tag`, the last three in base64url. */
export interface KeyRing {
  /** With the first key; `about` says where the value belongs and must be the same when it is opened. */
  seal(value: string, about: string): string
  open(sealed: string, about: string): string
  /** Sealed by another key than the first. */
  isOld(sealed: string): boolean
  /** Id of the key that it was sealed with. */
  keyOf(sealed: string): string
}

interface Key {
  id: string
  bytes: Buffer
}

const keyLine = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/

/** Lines `kid:base64` of 32 bytes; the first encrypts, all decrypt. Throws for what is no such list. */
export function createKeyRing(text: string): KeyRing {
  const keys = parseKeys(text)
  const [first] = keys
  if (!first) throw new Error('the list of secret keys is empty')

  return {
    seal(value, about) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', first.bytes, nonce).setAAD(Buffer.from(about))
      const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
      return ['v1', first.id, ...[nonce, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join(':')
    },
    open(sealed, about) {
      const [version, id, nonce = '', text = '', tag = ''] = sealed.split(':')
      const key = keys.find((one) => one.id === id)
      if (version !== 'v1' || !key) throw new SecretUnreadable(`it was encrypted with another key (${id ?? 'none'})`)
      try {
        const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(nonce, 'base64url'), {
          authTagLength: 16,
        })
        decipher.setAAD(Buffer.from(about)).setAuthTag(Buffer.from(tag, 'base64url'))
        return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new SecretUnreadable('it was altered, belongs elsewhere, or its key changed', { cause })
      }
    },
    isOld: (sealed) => sealed.split(':')[1] !== first.id,
    keyOf: (sealed) => sealed.split(':')[1] ?? '',
  }
}

function parseKeys(text: string): Key[] {
  const lines = text.split(/[\n,]/).map((line) => line.trim())
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [, id, bytes] = keyLine.exec(line) ?? []
      if (!id || !bytes) throw new Error('a line of the list of secret keys is not "kid:base64 of 32 bytes"')
      return { id, bytes: Buffer.from(bytes, 'base64') }
    })
}
