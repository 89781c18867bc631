import type { Role } from '@rserve-proxy/contract/people.ts'
import type { Scope } from '@rserve-proxy/contract/tokens.ts'

/** Where a request comes from; known before anybody has said who he is. */
export interface Caller {
  address: string
  browser: string
  requestId: string
}

/** Who calls. */
export interface Principal {
  userId: string
  username: string
  displayName: string | null
  email: string | null
  /** Of the account. */
  accountRole: Role
  /** As far as it counts here: an admin's token without the scope `admin` acts as a user. */
  role: Role
  via: 'session' | 'token'
  scopes: Scope[]
  /** Of a token that is for some apps alone. */
  appIds: string[] | null
  tokenId: string | null
  /** The password was given within the last quarter of an hour; tokens need none. */
  isVerified: boolean
  caller: Caller
}

/** Who has just proved who he is, as of this epoch: when everything of the user ends meanwhile, so does this. */
export type SignIn = Principal & { authEpoch?: number }

export type Person = Pick<Principal, 'userId' | 'username' | 'displayName' | 'email'> & { role: Role }

/** A login session may all that its user may. */
export const sessionPrincipal = ({ role, ...person }: Person & { isVerified: boolean }, caller: Caller): Principal => ({
  ...person,
  accountRole: role,
  role,
  via: 'session',
  scopes: ['admin'],
  appIds: null,
  tokenId: null,
  caller,
})

type Bearer = Person & Pick<Principal, 'scopes' | 'appIds'> & { tokenId: string }

/** Of every call with a token, so its fields are named: taking the rest of an object is slow. */
export const tokenPrincipal = (bearer: Bearer, caller: Caller): Principal => ({
  userId: bearer.userId,
  username: bearer.username,
  displayName: bearer.displayName,
  email: bearer.email,
  accountRole: bearer.role,
  role: bearer.scopes.includes('admin') ? bearer.role : 'user',
  via: 'token',
  scopes: bearer.scopes,
  appIds: bearer.appIds,
  tokenId: bearer.tokenId,
  isVerified: true,
  caller,
})
