import { expect } from 'vitest'
import type { Sent } from './send.ts'

/** What a case says beside its status, by id. */
export const assertions: Record<string, (sent: Sent) => void> = {
  'session-bearer-no-cookie': ({ headers }) => expect(headers['set-cookie']).toBeUndefined(),
  'token-list-no-secret': ({ text }) => expect(text).not.toMatch(/rsp_[a-z]+_[0-9A-Za-z]{38}|[0-9a-f]{64}/),
  'user-get-hash': ({ text }) => expect(text).not.toMatch(/argon2|hash/i),
  'adm-options': ({ headers }) =>
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]),
}
