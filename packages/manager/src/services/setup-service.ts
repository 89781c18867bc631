import type { SetUp } from '@rserve-proxy/contract/setup.ts'
import type { Caller, Principal } from './principal.ts'

export interface SetupService {
  isNeeded(): Promise<boolean>
  /** The first admin, once, whoever many ask at once. 'setup-token-wrong', 'already-set-up', 'too-many-requests'. */
  setUp(body: SetUp, caller: Caller): Promise<Principal>
}
