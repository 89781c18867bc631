import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export type Devices = ReturnType<typeof createDevices>

/**
 * A browser that has signed an account in before shows a signed cookie of it, and has failures counted of its own: who
 * guesses from elsewhere slows the account down for others, never for its user's own browser
 * ([OWASP](https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies)).
 */
export function createDevices(secret: string) {
  const signed = (id: string, account: string) =>
    createHmac('sha256', secret).update(`device ${id} ${account.toLowerCase()}`).digest('base64url')

  return {
    issue(account: string): string {
      const id = randomBytes(16).toString('base64url')
      return `${id}.${signed(id, account)}`
    },

    /** Its id; undefined when it is none of ours, or another account's. */
    idOf(cookie: string | undefined, account: string): string | undefined {
      const [id, mac, ...more] = cookie?.split('.') ?? []
      if (!id || !mac || more.length > 0) return undefined
      const expected = Buffer.from(signed(id, account))
      const given = Buffer.from(mac)
      return expected.length === given.length && timingSafeEqual(expected, given) ? id : undefined
    },
  }
}
