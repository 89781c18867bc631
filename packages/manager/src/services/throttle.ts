import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { ThrottleLimit, ThrottleRepository } from '../repositories/throttles.ts'

/** 5 failures in 15 minutes, then 1, 2, 4 … 60 s between attempts: never locked for good. */
const perAccount: ThrottleLimit = { attempts: 5, windowSeconds: 900, afterwards: 'slower' }
/** 10 failures a minute, whatever accounts were tried. */
const perAddress: ThrottleLimit = { attempts: 10, windowSeconds: 60, afterwards: 'closed' }

export interface Attempt {
  /** Nothing was wrong: the account begins anew, and the address is as before. */
  succeeded(): Promise<void>
}

export interface AttemptBy {
  address: string
  /** Name or id that is being proved; unknown ones too, so that time tells nothing. */
  account?: string | undefined
  /** A browser that has signed this account in before: strangers' failures do not shut it out. */
  device?: string | undefined
}

export type Throttle = ReturnType<typeof createThrottle>

/** Counts every attempt before its proof is looked at, so that many at the same moment are as few as one by one. */
export function createThrottle({ throttles, secret }: { throttles: ThrottleRepository; secret: string }) {
  // A dump of the table names nobody.
  const keyOf = (kind: string, text: string) =>
    `${kind}:${createHmac('sha256', secret).update(`${kind} ${text}`).digest('base64url')}`

  return {
    /** 'too-many-requests' when there were too many failures. */
    async attempt({ address, account, device }: AttemptBy): Promise<Attempt> {
      const byAddress = keyOf('address', networkOf(address))
      const byAccount =
        account === undefined
          ? undefined
          : device === undefined
            ? keyOf('account', account.toLowerCase())
            : keyOf('device', `${device} ${account.toLowerCase()}`)
      await reserve(byAddress, perAddress)
      if (byAccount) await reserve(byAccount, perAccount)
      return {
        async succeeded() {
          await throttles.release(byAddress)
          if (byAccount) await throttles.clear(byAccount)
        },
      }
    },

    purge: throttles.purge,
  }

  async function reserve(key: string, limit: ThrottleLimit) {
    const waitSeconds = await throttles.reserve(key, limit)
    if (waitSeconds === 0) return
    const detail = `Too many failed attempts. Try again in ${waitSeconds} s.`
    throw new Problem('too-many-requests', { detail, retryAfterSeconds: waitSeconds })
  }
}

/** A household has one IPv4 address, and 2^64 of IPv6. */
export function networkOf(address: string): string {
  const [ip = ''] = address.split('%', 1)
  if (!isIPv6(ip)) return ip
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)
  if (mapped?.[1]) return mapped[1]
  const [head = '', tail] = ip.split('::')
  const before = head.split(':').filter(Boolean)
  const after = tail?.split(':').filter(Boolean) ?? []
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
}
