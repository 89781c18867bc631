import type { Credential } from '@rserve-proxy/contract/credentials.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { CredentialRepository, CredentialRow } from '../repositories/credentials.ts'
import type { Store } from '../repositories/store.ts'
import type { GitCredential } from '../sources/git-credential.ts'
import { SourceFailed } from '../sources/source-failed.ts'
import { actOf } from './audit-record.ts'
import type { CredentialService } from './credential-service.ts'
import { type KeyRing, SecretUnreadable } from './key-ring.ts'

export interface CredentialDeps {
  store: Store
  keys: KeyRing
  newId: () => string
  now: () => Date
}

/** Enough for a person; a bound for the table. */
const maxPerUser = 50
const boundTo = ({ ownerId, id }: Pick<CredentialRow, 'ownerId' | 'id'>) => `credential ${ownerId} ${id}`
const about = ({ id, name, host }: CredentialRow) => ({
  objectType: 'credential',
  objectId: id,
  objectName: `${name} (${host})`,
})

export function createCredentialService({ store, keys, newId, now }: CredentialDeps): CredentialService {
  return {
    list: async ({ userId }) => (await store.credentials.listOf(userId)).map(wireCredential),

    async create(principal, { name, host, username = 'x-access-token', secret }) {
      const { userId: ownerId } = principal
      if ((await store.credentials.countOf(ownerId)) >= maxPerUser)
        throw new Problem('too-many-credentials', { detail: `You have ${maxPerUser}. Delete one first.` })
      const id = newId()
      const sealed = keys.seal(secret, boundTo({ ownerId, id }))
      const row = { id, ownerId, name: name.trim(), host, username, secret: sealed, createdAt: now() }
      return store.transaction(async (tx) => {
        const made = await tx.credentials.insert(row)
        await tx.audit.record(actOf(principal, 'credential.create', about(made)))
        return wireCredential(made)
      })
    },

    async remove(principal, credentialId) {
      await store.transaction(async (tx) => {
        const row = await tx.credentials.find(principal.userId, credentialId)
        if (!row || !(await tx.credentials.remove(principal.userId, credentialId))) throw notFound()
        await tx.audit.record(actOf(principal, 'credential.delete', about(row)))
      })
    },
  }
}

/** For git: the one place that opens secrets. */
export function createCredentialVault({ store, keys, now }: Omit<CredentialDeps, 'newId'>) {
  const { credentials } = store
  return {
    /** 'source-needs-auth' when it is gone or of another host, 'secret-unreadable' when the keys do not fit. */
    async open(ownerId: string, credentialId: string, repoUrl: string): Promise<GitCredential> {
      const row = await credentials.find(ownerId, credentialId)
      if (!row)
        throw new SourceFailed('source-needs-auth', 'The credential of this app was deleted. Choose another one.')
      const { host } = new URL(repoUrl)
      if (row.host !== host)
        throw new SourceFailed('source-needs-auth', `The credential “${row.name}” is for ${row.host}, not for ${host}.`)
      await credentials.touch(row.id, now())
      return { username: row.username, secret: opened(row) }
    },

    /** With the first key, whatever was sealed by another. Answers how many rows each key had, for the log. */
    async reseal(): Promise<{ resealed: number; unreadable: number }> {
      const old = (await credentials.listAll()).filter((row) => keys.isOld(row.secret))
      let unreadable = 0
      for (const row of old) {
        try {
          await credentials.reseal(row.id, row.secret, keys.seal(keys.open(row.secret, boundTo(row)), boundTo(row)))
        } catch (error) {
          if (!(error instanceof SecretUnreadable)) throw error
          unreadable += 1
        }
      }
      return { resealed: old.length - unreadable, unreadable }
    },

    countByKey,
  }

  /** Secrets by the id of the key that opens them. */
  async function countByKey(): Promise<Map<string, number>> {
    const byKey = Map.groupBy(await credentials.listAll(), ({ secret }) => keys.keyOf(secret))
    return new Map([...byKey].map(([id, rows]) => [id, rows.length]))
  }

  function opened(row: CredentialRow): string {
    try {
      return keys.open(row.secret, boundTo(row))
    } catch (cause) {
      if (!(cause instanceof SecretUnreadable)) throw cause
      const detail = `The secret of the credential “${row.name}” cannot be read: delete it and add it again.`
      throw new SourceFailed('secret-unreadable', detail, { cause })
    }
  }
}
export type CredentialVault = ReturnType<typeof createCredentialVault>

/** For what an app or a form names: it must be the person's own, and of that host. */
export async function requireCredential(
  credentials: CredentialRepository,
  ownerId: string,
  source: { repoUrl: string; credentialId?: string | undefined },
): Promise<void> {
  if (source.credentialId === undefined) return
  const row = await credentials.find(ownerId, source.credentialId)
  const { host } = new URL(source.repoUrl)
  if (row?.host === host) return
  const message = row ? `is for ${row.host}, not for ${host}` : 'is none of your credentials'
  throw new Problem('invalid-request', {
    detail: `The credential ${message}.`,
    errors: [{ path: 'codeSource.credentialId', message }],
  })
}

const notFound = () => new Problem('credential-not-found', { detail: 'You have no such credential.' })

const wireCredential = ({ id, name, host, username, createdAt, lastUsedAt }: CredentialRow): Credential => ({
  ...{ id, name, host, username },
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
})
