import { type Deployment, isPending } from '@rserve-proxy/contract/deployments.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Store } from '../repositories/store.ts'
import { visibleApp } from './access.ts'
import type { ChangeHub } from './change-hub.ts'
import type { DeploymentService } from './deployment-service.ts'
import { wireDeployment } from './deployment-view.ts'
import { cancelDeployment } from './end-deployments.ts'
import { endDrain } from './end-drain.ts'
import type { Observation } from './observation.ts'
import { dateInCursor, decodeCursor, encodeCursor } from './page.ts'
import { type RequestDeps, requestDeployment } from './request-deployment.ts'

export interface DeploymentServiceDeps extends RequestDeps {
  store: Store
  hub: ChangeHub
  observation: Observation
  /** New work for the loops. */
  wake: () => void
  /** Ends a build that runs in this process. */
  abortBuild: (buildId: string) => void
}

export function createDeploymentService(deps: DeploymentServiceDeps): DeploymentService {
  const { store, hub, wake, abortBuild, observation } = deps

  async function view(appId: string, deploymentId: string): Promise<Deployment> {
    const found = await store.deployments.view(appId, deploymentId)
    if (!found) throw new Problem('deployment-not-found', { detail: 'This app has no such deployment.' })
    return wireDeployment(found, observation)
  }

  function announce(appId: string, abortedBuilds: string[]) {
    for (const buildId of abortedBuilds) abortBuild(buildId)
    hub.changed(appId)
    wake()
  }

  /** Nothing would come of it for now, and a build would fail for no fault of the code. */
  function refuseWithoutEngine() {
    const since = observation.unknownSince()
    if (!since || !observation.hasLooked()) return
    const detail = `The engine does not answer since ${since}. Apps keep serving; try again when it is back.`
    throw new Problem('spawner-unavailable', { detail })
  }

  return {
    async request(principal, appId, verb, options) {
      await visibleApp(store, principal, appId, 'edit')
      refuseWithoutEngine()
      const { deploymentId, abortedBuilds } = await requestDeployment(deps, principal, appId, verb, options)
      announce(appId, abortedBuilds)
      return view(appId, deploymentId)
    },

    async list(principal, appId, { limit = 50, cursor }) {
      await visibleApp(store, principal, appId, 'view')
      const [createdAt = '', id = ''] = cursor ? decodeCursor(cursor, 2) : []
      const after = cursor ? { createdAt: dateInCursor(createdAt), id } : undefined
      const rows = await store.deployments.list(appId, limit + 1, after)
      const page = rows.slice(0, limit)
      const last = page.at(-1)?.deployment
      const nextCursor = last && rows.length > limit ? encodeCursor([last.createdAt.toISOString(), last.id]) : null
      return { items: page.map((row) => wireDeployment(row, observation)), nextCursor }
    },

    async get(principal, appId, deploymentId) {
      await visibleApp(store, principal, appId, 'view')
      return view(appId, deploymentId)
    },

    async cancel(principal, appId, deploymentId) {
      const abortedBuilds = await cancelDeployment(deps, principal, appId, deploymentId)
      announce(appId, abortedBuilds)
      return view(appId, deploymentId)
    },

    async endDrain(principal, appId, deploymentId) {
      await endDrain(deps, principal, appId, deploymentId)
      announce(appId, [])
      return view(appId, deploymentId)
    },

    async waitFor(_principal, { appId, id }, seconds, signal) {
      const deadline = deps.now().getTime() + seconds * 1_000
      for (;;) {
        const deployment = await view(appId, id)
        const leftMs = deadline - deps.now().getTime()
        const settled = !isPending(deployment.status)
        // A client that leaves ends the wait, not what it asked for: the answer is kept for its next try.
        if (settled || leftMs <= 0 || signal.aborted) return { deployment, settled }
        // The hub is a hint; reading again each second covers a lost one.
        await hub.next(appId, Math.min(leftMs, 1_000), signal).catch((error: unknown) => {
          if (!signal.aborted) throw error
        })
      }
    },
  }
}
