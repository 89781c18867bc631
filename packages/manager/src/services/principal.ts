import type { Role } from '@rserve-proxy/contract/auth.ts'

/** Who calls. */
export interface Principal {
  userId: string
  username: string
  displayName: string | null
  role: Role
  via: 'session'
}
