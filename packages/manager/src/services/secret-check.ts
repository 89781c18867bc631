import type { InstallationRepository } from '../repositories/installation.ts'
import type { CredentialVault } from './credentials.ts'
import { type KeyRing, SecretUnreadable } from './key-ring.ts'

interface SecretCheckDeps {
  installation: Pick<InstallationRepository, 'canary' | 'keepCanary'>
  vault: Pick<CredentialVault, 'reseal'>
  keys: KeyRing
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

const about = 'canary'

/**
 * At the start: keys that cannot open what was sealed before must not run, or nobody would notice until a deployment
 * needs a secret. Afterwards everything is sealed with the first key; killed in between, the next start goes on.
 */
export async function checkSecrets({ installation, vault, keys, log }: SecretCheckDeps): Promise<void> {
  const sealed = await installation.canary()
  if (sealed === undefined) return installation.keepCanary(keys.seal(about, about))
  try {
    keys.open(sealed, about)
  } catch (cause) {
    if (!(cause instanceof SecretUnreadable)) throw cause
    throw new Error(
      `SECRETS_KEYS does not hold the key that the secrets of this database were encrypted with: ${cause.message}.`,
      { cause },
    )
  }
  if (!keys.isOld(sealed)) return
  const counts = await sealSecretsAnew({ installation, vault, keys })
  if (counts.unreadable > 0) return log.warn(counts, 'some secrets cannot be read with the keys there are')
  log.info(counts, 'secrets are encrypted with the first key now')
}

/** Each secret by itself: cut off at any point, the next run does what is left. The canary is the last. */
export async function sealSecretsAnew({ installation, vault, keys }: Omit<SecretCheckDeps, 'log'>) {
  const counts = await vault.reseal()
  const sealed = await installation.canary()
  if (counts.unreadable === 0 && sealed !== undefined) await installation.keepCanary(keys.seal(about, about), sealed)
  return counts
}
