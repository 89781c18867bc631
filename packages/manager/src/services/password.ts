import { Problem } from '@rserve-proxy/contract/problems.ts'
import { argon2id, hash, needsRehash, verify } from 'argon2'

const parameters = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

// Belongs to no password. Checking it costs what checking a real one costs, so time does not tell who has an account.
const nobodysHash = `$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5c3NhbHRub2JvZA$${'A'.repeat(43)}`

export interface Passwords {
  hash(password: string): Promise<string>
  /** Without a stored hash: false, after the same work. */
  isRight(password: string, stored: string | undefined): Promise<boolean>
  isOutdated(stored: string): boolean
}

/** Each hash takes 19 MiB and 40 ms of a core: a few at a time, the rest waits, and beyond that is refused. */
export function createPasswords({ slots = 2, waiting = 32 } = {}): Passwords {
  const queue: (() => void)[] = []
  let busy = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (busy >= slots) {
      if (queue.length >= waiting)
        throw new Problem('too-many-requests', { detail: 'Too many sign-ins at the same time' })
      await new Promise<void>((resolve) => queue.push(resolve))
    } else {
      busy++
    }
    try {
      return await work()
    } finally {
      const next = queue.shift()
      // The slot passes on, so that nobody new can take it first.
      if (next) next()
      else busy--
    }
  }

  return {
    hash: (password) => inTurn(() => hash(password, parameters)),
    async isRight(password, stored) {
      const matches = await inTurn(() => verify(stored ?? nobodysHash, password))
      return matches && stored !== undefined
    },
    isOutdated: (stored) => needsRehash(stored, parameters),
  }
}
