import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Store } from '../repositories/store.ts'
import type { Spawner } from '../spawner/spawner.ts'
import { visibleApp } from './access.ts'
import { actOf, onApp } from './audit-record.ts'
import type { ChangeHub } from './change-hub.ts'
import type { Observation } from './observation.ts'
import type { SessionService } from './session-service.ts'

export interface SessionServiceDeps {
  store: Store
  spawner: Pick<Spawner, 'sessions' | 'endSession'>
  observation: Observation
  hub: ChangeHub
  now: () => Date
}

/** Asks the engine when somebody looks, and only then: nothing polls the sessions of every app. */
export function createSessionService({ store, spawner, observation, hub, now }: SessionServiceDeps): SessionService {
  return {
    async list(principal, appId, signal) {
      await visibleApp(store, principal, appId, 'view')
      const found = await spawner.sessions(appId, signal)
      if (observation.setSessions(appId, found.length, now())) hub.changed(appId)
      return found.map(({ index, ...session }) => ({ ...session, replica: index }))
    },

    async end(principal, appId, sessionId, signal) {
      const app = await visibleApp(store, principal, appId, 'edit')
      if (!(await spawner.endSession(appId, sessionId, signal)))
        throw new Problem('session-not-found', { detail: 'This app has no such session, or it has ended.' })
      await store.audit.record(actOf(principal, 'app.session-end', { ...onApp(app), detail: sessionId }))
    },
  }
}
