import type { CreateToken, Token } from '@rserve-proxy/contract/tokens.ts'
import type { Caller, Principal } from './principal.ts'

export interface TokenService {
  list(principal: Principal): Promise<Token[]>
  /** 'not-allowed' for what the user may not do, 'token-limit', 'app-not-found'. */
  create(principal: Principal, token: CreateToken): Promise<Token & { token: string }>
  /** 'token-not-found'. */
  remove(principal: Principal, tokenId: string): Promise<void>
  /** What an Authorization header proves. 'not-signed-in', 'token-expired'. */
  authenticate(header: string, caller: Caller): Promise<Principal>
}
