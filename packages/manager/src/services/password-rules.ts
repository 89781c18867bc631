import { Problem } from '@rserve-proxy/contract/problems.ts'
import { dictionary } from '@zxcvbn-ts/language-common'

// Some 49 000 that people use and lists of attackers begin with, all in small letters.
const common = new Set(dictionary['passwords-common'])
const ours = ['rserve-proxy', 'rserveproxy']
/** Shorter ones are in too many words. */
const shortestContext = 4

/** Never trimmed, no rules of composition (NIST SP 800-63B §3.1.1): only what an attacker tries first is refused. */
export function refuseWeakPassword(password: string, username: string, path: string): void {
  const message = weaknessOf(password.toLowerCase(), username.toLowerCase())
  if (!message) return
  throw new Problem('invalid-request', { detail: `The password ${message}.`, errors: [{ path, message }] })
}

function weaknessOf(password: string, username: string): string | undefined {
  if (common.has(password)) return 'is one of the most common ones'
  if (password.length < 16 && new Set(password).size < 3) return 'repeats one or two characters'
  if (username.length >= shortestContext && password.includes(username)) return 'contains the user name'
  if (ours.some((word) => password.includes(word))) return 'contains the name of this software'
  return undefined
}
