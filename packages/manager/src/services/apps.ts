import { needKey } from '@rserve-proxy/contract/app-need.ts'
import { type App, type CodeSource, type CreateApp, Slug, type UpdateApp } from '@rserve-proxy/contract/apps.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { isReserved } from '../domain/slug.ts'
import type { AppChange, VisibleApp } from '../repositories/apps.ts'
import type { Store } from '../repositories/store.ts'
import { lockedApp, requireAllApps, visibleApp } from './access.ts'
import type { Admission } from './admission.ts'
import type { AppService } from './app-service.ts'
import { type AppViewDeps, wireApps } from './app-view.ts'
import { actOf, onApp } from './audit-record.ts'
import { requireCredential } from './credentials.ts'
import { decodeCursor, encodeCursor } from './page.ts'
import type { Principal } from './principal.ts'
import { scaleStoredSpecs } from './scale.ts'
import { memoryLimitOf } from './workload-spec.ts'

export interface AppServiceDeps extends AppViewDeps {
  /** Offered R versions, newest first. */
  runtimes: () => Promise<string[]>
  appsPerUser: number
  newId: () => string
  now: () => Date
  admission: Pick<Admission, 'room'>
  wake: () => void
  /** Somebody may wait for news of this app. */
  changed: (appId: string) => void
}

export function createAppService(deps: AppServiceDeps): AppService {
  const { store } = deps
  const wire = async (row: VisibleApp): Promise<App> => {
    const [app] = await wireApps(deps, [row])
    if (!app) throw new Error('a row has exactly one wire form')
    return app
  }
  return {
    async list(principal, query) {
      const rows = await store.apps.listVisible(principal, query.q)
      const apps = (await wireApps(deps, rows)).filter((app) => !query.status || app.status === query.status)
      return pageOf(sorted(apps, query.sort ?? 'created'), query.limit ?? 50, query.cursor)
    },

    async create(principal, app) {
      requireAllApps(principal)
      refuseReserved(app.slug)
      if (app.rVersion) await resolveRVersion(deps.runtimes, app.rVersion)
      await requireOwnCredential(deps, principal.userId, app.codeSource)
      const row = await store.transaction(async (tx) => {
        await refuseBeyondQuota(tx, principal, deps.appsPerUser)
        if (await isHeld(tx, principal, app.slug)) throw new Problem('slug-taken', { detail: heldReason })
        await tx.releasedSlugs.forget(app.slug)
        const made = await tx.apps.insert({ ...withDefaults(app), id: deps.newId(), ownerId: principal.userId })
        await tx.audit.record(actOf(principal, 'app.create', onApp(made)))
        return made
      })
      deps.changed(row.id)
      return wire({ ...row, right: 'own' })
    },

    async get(principal, appId) {
      return wire(await visibleApp(store, principal, appId, 'view'))
    },

    async update(principal, appId, change, { ifVersion }) {
      const before = await visibleApp(store, principal, appId, 'edit')
      refuseForeignCredential(principal, before, change.codeSource)
      await requireOwnCredential(deps, before.ownerId, change.codeSource)
      if (change.rVersion) await resolveRVersion(deps.runtimes, change.rVersion)
      const refuseShortage = await deps.admission.room(AbortSignal.timeout(5_000))
      const row = await store.transaction(async (tx) => {
        const app = await lockedApp(tx, principal, appId, 'edit')
        const isScaled = change.replicas !== undefined && change.replicas !== app.replicas
        const more = (change.replicas ?? 0) - app.replicas
        if (more > 0 && app.desiredState === 'running')
          refuseShortage({ replicas: more, limitBytes: memoryLimitOf(app) })
        const updated = await tx.apps.update(appId, changeOf(change), ifVersion)
        if (updated && isScaled) await scaleStoredSpecs(tx, appId, updated.replicas, deps.now())
        if (!updated) throw changedMeanwhile()
        const detail = Object.keys(change).join(', ')
        await tx.audit.record(actOf(principal, 'app.update', { ...onApp(app), detail }))
        return { ...updated, right: app.right }
      })
      deps.changed(appId)
      return wire(row)
    },

    async remove(principal, appId, { ifVersion }) {
      await store.transaction(async (tx) => {
        const app = await lockedApp(tx, principal, appId, 'own')
        if (!(await tx.apps.update(appId, { desiredState: 'deleted' }, ifVersion))) throw changedMeanwhile()
        await tx.releasedSlugs.keep(app.slug, app.ownerId)
        await tx.audit.record(actOf(principal, 'app.delete', onApp(app)))
      })
      deps.changed(appId)
      deps.wake()
    },

    async checkSlug(principal, slug) {
      if (!validSlug.test(slug)) {
        return { available: false, reason: 'Use small letters, digits and single hyphens, at most 63.' }
      }
      if (isReserved(slug)) return { available: false, reason: 'This address is reserved.' }
      if (await isHeld(store, principal, slug)) return { available: false, reason: heldReason }
      return (await store.apps.findBySlug(slug))
        ? { available: false, reason: 'This address is taken.' }
        : { available: true }
    },
  }
}

const HELD_DAYS = 30
const heldReason = `An app of somebody else was here until lately; its address is kept from others for ${HELD_DAYS} days.`
const isHeld = (store: Store, { userId }: Principal, slug: string) =>
  store.releasedSlugs.isHeldFrom(userId, slug, HELD_DAYS)

const validSlug = new RegExp(Slug.pattern ?? '(?!)', 'u')

/** Exact version for `latest`, `x.y` or `x.y.z`; 'r-version-not-offered' names those offered. */
export async function resolveRVersion(runtimes: AppServiceDeps['runtimes'], asked: string): Promise<string> {
  const offered = await runtimes()
  const found = offered.find((version) => asked === 'latest' || version === asked || version.startsWith(`${asked}.`))
  if (found) return found
  const detail = offered.length
    ? `R ${asked} is not offered here. Offered: ${offered.join(', ')}.`
    : 'No R version is offered yet. An admin builds one with: bun run docker:build-base 4.5.0'
  throw new Problem('r-version-not-offered', { detail })
}

/** Git sources alone have one; it must be the owner's, whoever changes the app. */
async function requireOwnCredential({ store }: AppServiceDeps, ownerId: string, source: CodeSource | undefined) {
  if (source?.type === 'git') await requireCredential(store.credentials, ownerId, source)
}

/** Creations of one user wait for each other, so that many at once are no more than the limit. */
async function refuseBeyondQuota(tx: Store, { userId, accountRole }: Principal, limit: number) {
  if (accountRole === 'admin') return
  await tx.users.lock(userId)
  if ((await tx.users.countApps(userId)) < limit) return
  throw new Problem('quota-exceeded', { detail: `You own ${limit} apps, which is the limit. Delete one first.` })
}

/** An editor could read every repository that the owner's credential opens. */
function refuseForeignCredential({ userId }: Principal, { ownerId, codeSource }: VisibleApp, asked?: CodeSource) {
  if (userId === ownerId || asked?.type !== 'git' || asked.credentialId === undefined) return
  const isAsBefore =
    codeSource.type === 'git' && codeSource.repoUrl === asked.repoUrl && codeSource.credentialId === asked.credentialId
  if (isAsBefore) return
  throw new Problem('not-allowed', { detail: 'Only the owner uses his credentials for another repository.' })
}

function refuseReserved(slug: string) {
  if (isReserved(slug)) throw new Problem('slug-reserved', { detail: `The address ${slug} belongs to the platform.` })
}

const changedMeanwhile = () =>
  new Problem('changed-meanwhile', { detail: 'Somebody changed this app after you read it. Read it again.' })

function withDefaults(app: CreateApp) {
  return {
    name: app.name.trim(),
    slug: app.slug,
    codeSource: app.codeSource,
    rVersion: app.rVersion ?? 'latest',
    packages: app.packages ?? [],
    systemPackages: app.systemPackages ?? [],
    entryScript: app.entryScript ?? 'app.R',
    mode: app.mode ?? ('ocap' as const),
    replicas: app.replicas ?? 1,
    resources: app.resources ?? {},
  }
}

function changeOf({ name, ...rest }: UpdateApp): AppChange {
  return { ...rest, ...(name !== undefined && { name: name.trim() }) }
}

const sortKeys = {
  need: needKey,
  name: (app: App) => app.name.toLowerCase(),
  // Newest first under an ascending sort.
  created: (app: App) => String(9e15 - Date.parse(app.createdAt)),
}

function sorted(apps: App[], sort: keyof typeof sortKeys) {
  const keyed = apps.map((app) => ({ app, key: sortKeys[sort](app) }))
  return keyed.toSorted((a, b) => compare([a.key, a.app.id], [b.key, b.app.id]))
}

function pageOf(keyed: { app: App; key: string }[], limit: number, cursor: string | undefined) {
  const after = cursor ? decodeCursor(cursor, 2) : undefined
  const rest = after ? keyed.filter(({ app, key }) => compare([key, app.id], after) > 0) : keyed
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map(({ app }) => app),
    nextCursor: last && rest.length > limit ? encodeCursor([last.key, last.app.id]) : null,
  }
}

function compare(a: string[], b: string[]) {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? ''
    if (value !== other) return value < other ? -1 : 1
  }
  return 0
}
