import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Store } from '../repositories/store.ts'
import type { UserRow } from '../repositories/users.ts'
import { lockedApp, visibleApp } from './access.ts'
import type { AppService } from './app-service.ts'
import { actOf, onApp } from './audit-record.ts'
import type { CollaboratorService } from './collaborator-service.ts'

export interface CollaboratorDeps {
  store: Store
  apps: Pick<AppService, 'get'>
  /** Whoever watches the app sees it come or go. */
  changed: (appId: string) => void
}

export function createCollaboratorService({ store, apps, changed }: CollaboratorDeps): CollaboratorService {
  return {
    async list(principal, appId) {
      await visibleApp(store, principal, appId, 'view')
      return listOf(store, appId)
    },

    async put(principal, appId, { role, ...person }) {
      const items = await store.transaction(async (tx) => {
        const app = await lockedApp(tx, principal, appId, 'own')
        const user = await findUser(tx, person)
        if (user.id === app.ownerId) throw new Problem('invalid-request', { detail: 'The owner may do everything.' })
        await tx.collaborators.put(appId, user.id, role)
        const detail = `${user.username}: ${role}`
        await tx.audit.record(actOf(principal, 'collaborator.put', { ...onApp(app), detail }))
        return listOf(tx, appId)
      })
      changed(appId)
      return items
    },

    async remove(principal, appId, userId) {
      await store.transaction(async (tx) => {
        const app = await lockedApp(tx, principal, appId, userId === principal.userId ? 'view' : 'own')
        const user = await tx.users.find(userId)
        if (!user || !(await tx.collaborators.remove(appId, userId)))
          throw new Problem('collaborator-not-found', { detail: 'This app is not shared with this user.' })
        await tx.audit.record(actOf(principal, 'collaborator.delete', { ...onApp(app), detail: user.username }))
      })
      changed(appId)
    },

    async transfer(principal, appId, person) {
      await store.transaction(async (tx) => {
        const app = await lockedApp(tx, principal, appId, 'own')
        const user = await findUser(tx, person)
        if (user.id === app.ownerId) return
        await tx.apps.update(appId, { ownerId: user.id })
        await tx.collaborators.remove(appId, user.id)
        await tx.collaborators.put(appId, app.ownerId, 'editor')
        await tx.audit.record(actOf(principal, 'app.transfer', { ...onApp(app), detail: `to ${user.username}` }))
      })
      changed(appId)
      return apps.get(principal, appId)
    },
  }
}

async function listOf(store: Store, appId: string) {
  const rows = await store.collaborators.listOf(appId)
  return rows.map(({ userId, username, role }) => ({ user: { id: userId, username }, role }))
}

async function findUser(store: Store, { userId, username }: { userId?: string; username?: string }): Promise<UserRow> {
  const user = userId ? await store.users.find(userId) : await store.users.findByUsername(username ?? '')
  if (user && !user.disabledAt) return user
  throw new Problem('user-not-found', { detail: 'There is no such user, or the account is disabled.' })
}
