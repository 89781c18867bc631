import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Store } from '../repositories/store.ts'
import { requireScope } from './access.ts'
import type { AppService } from './app-service.ts'
import { actOf, onApp } from './audit-record.ts'
import type { DeploymentService } from './deployment-service.ts'
import type { OneCall, OneCallService } from './one-call-service.ts'
import type { Principal } from './principal.ts'
import type { UploadService } from './upload-service.ts'

export interface OneCallDeps {
  store: Store
  apps: AppService
  uploads: UploadService
  deployments: DeploymentService
}

export function createOneCallService(deps: OneCallDeps): OneCallService {
  const { apps, deployments } = deps
  return {
    app: (principal, appId) => apps.get(principal, appId),

    async deploy(principal, call, signal) {
      const known = await visibleId(deps.store, principal, call.slug)
      if (!known && !call.create) throw notThere(call.slug)
      const appId = known
        ? await takeCode(deps, principal, known, call, signal)
        : await create(deps, principal, call, signal)
      const deployment = await deployments.request(principal, appId, 'deploy')
      return { app: await apps.get(principal, appId), deployment }
    },
  }
}

async function visibleId(store: Store, principal: Principal, slug: string): Promise<string | undefined> {
  const row = await store.apps.findBySlug(slug)
  return row && (await store.apps.findVisible(row.id, principal))?.id
}

/** Code first: when it is refused, the settings stay as they were. */
async function takeCode(deps: OneCallDeps, principal: Principal, appId: string, call: OneCall, signal: AbortSignal) {
  const { fields, codeSource, archive } = call
  if (archive) {
    await deps.uploads.check(principal, appId)
    await deps.uploads.receive(principal, appId, archive, signal)
  }
  const change = { ...fields, ...(codeSource && { codeSource }) }
  if (Object.keys(change).length > 0) await deps.apps.update(principal, appId, change, {})
  return appId
}

/** An app whose first code is refused never was. */
async function create({ store, apps, uploads }: OneCallDeps, principal: Principal, call: OneCall, signal: AbortSignal) {
  const { slug, fields, archive, codeSource = { type: 'upload' as const } } = call
  if (!archive && codeSource.type === 'upload') throw new Problem('nothing-to-deploy', { detail: nothing })
  requireScope(principal, 'manage')
  const app = await apps.create(principal, { name: slug, ...fields, slug, codeSource })
  try {
    if (archive) await uploads.receive(principal, app.id, archive, signal)
  } catch (error) {
    await store.transaction(async (tx) => {
      await tx.apps.purge(app.id)
      const detail = 'its first code was refused'
      await tx.audit.record(actOf(principal, 'app.delete', { ...onApp(app), detail }))
    })
    throw error
  }
  return app.id
}

const nothing = 'Send the code as well: an archive as the body or in the field “bundle”, or { codeSource }.'
const notThere = (slug: string) =>
  new Problem('app-not-found', { detail: `You have no app ${slug}. Add ?create=true to make it.` })
