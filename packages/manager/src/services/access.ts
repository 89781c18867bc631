import { type Access, type AppRight, appRights } from '@rserve-proxy/contract/endpoint.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { type Scope, scopeOrder } from '@rserve-proxy/contract/tokens.ts'
import type { VisibleApp } from '../repositories/apps.ts'
import type { Store } from '../repositories/store.ts'
import type { Principal } from './principal.ts'

// The only authorisation code. Endpoints say what they need (contract/endpoint.ts); here it is decided.

/** Whether the caller may use an endpoint at all; throws 'not-allowed'. */
export function requireAccess(access: Exclude<Access, 'public'>, principal: Principal, app?: AppRight): void {
  switch (access) {
    case 'any':
      return
    case 'session':
      requireSession(principal)
      return
    case 'admin-session':
      requireSession(principal)
      requireAdmin(principal)
      return
    case 'admin':
      requireScope(principal, 'admin')
      requireAdmin(principal)
      return
    default:
      requireScope(principal, access)
      if (access === 'manage' && !app) requireAllApps(principal)
  }
}

export function requireScope({ scopes }: Principal, needed: Scope): void {
  if (scopes.some((scope) => scopeOrder.indexOf(scope) >= scopeOrder.indexOf(needed))) return
  throw new Problem('not-allowed', { detail: `This token lacks the scope ${needed}.` })
}

function requireSession({ via }: Principal) {
  if (via === 'session') return
  throw new Problem('not-allowed', { detail: 'A token cannot do this: sign in with the password.' })
}

function requireAdmin({ role }: Principal) {
  if (role !== 'admin') throw new Problem('not-allowed', { detail: 'Only an admin may do this.' })
}

/** What is no app's is not for tokens of some apps alone: new apps, credentials. */
export function requireAllApps({ appIds }: Principal): void {
  if (appIds) throw new Problem('not-allowed', { detail: 'This token is for some apps alone.' })
}

/** Row and right in one query; an app that the caller may not see is not found. */
export async function visibleApp(
  store: Store,
  principal: Principal,
  appId: string,
  right: AppRight,
): Promise<VisibleApp> {
  return permitted(await store.apps.findVisible(appId, principal), right)
}

/** As visibleApp, and locked until the transaction of `store` ends. */
export async function lockedApp(
  store: Store,
  principal: Principal,
  appId: string,
  right: AppRight,
): Promise<VisibleApp> {
  return permitted(await store.apps.lockVisible(appId, principal), right)
}

function permitted(row: VisibleApp | undefined, needed: AppRight): VisibleApp {
  if (!row) throw new Problem('app-not-found', { detail: 'This app does not exist, or it is somebody else’s.' })
  if (appRights.indexOf(row.right) >= appRights.indexOf(needed)) return row
  throw new Problem('not-allowed', { detail: refusals[needed] })
}

const refusals: Record<AppRight, string> = {
  view: 'You may not see this app.',
  edit: 'You may see this app, not change it. Its owner can make you an editor.',
  own: 'Only the owner of this app and admins may do this.',
}
