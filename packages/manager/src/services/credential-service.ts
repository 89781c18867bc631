import type { CreateCredential, Credential } from '@rserve-proxy/contract/credentials.ts'
import type { Principal } from './principal.ts'

export interface CredentialService {
  list(principal: Principal): Promise<Credential[]>
  create(principal: Principal, credential: CreateCredential): Promise<Credential>
  /** 'credential-not-found' */
  remove(principal: Principal, credentialId: string): Promise<void>
}
