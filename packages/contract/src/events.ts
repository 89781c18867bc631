import { type Static, Type } from '@sinclair/typebox'
import { App } from './apps.ts'
import { Nullable, Timestamp, Uuid } from './common.ts'
import { Deployment } from './deployments.ts'
import { endpoint } from './endpoint.ts'

/** Data of each event, by its name. */
export const events = {
  /** Anything of it changed: settings, status, deployment, sessions. */
  app: App,
  /** Its newest deployment, whenever the app changed. */
  deployment: Deployment,
  /** Deleted. */
  gone: Type.Object({ appId: Uuid }),
  /** The engine stopped answering, or answers again. */
  engine: Type.Object({ answers: Type.Boolean(), unknownSince: Nullable(Timestamp) }),
  /** What was missed is not known any more: read the lists again. */
  resync: Type.Object({}),
}
export type EventName = keyof typeof events
export type EventData<Name extends EventName> = Static<(typeof events)[Name]>

export const getEvents = endpoint({
  method: 'GET',
  url: '/api/events',
  schema: {
    operationId: 'getEvents',
    summary:
      'Follow what the caller may see, as server-sent events: app, deployment, gone, engine, resync. An event tells ' +
      'the newest state, so that a slow reader skips what is past; Last-Event-ID resumes',
    tags: ['system'],
    produces: ['text/event-stream'],
    response: { 200: Type.String() },
  },
  config: { access: 'read', servedBy: 'active', problems: ['too-many-requests', 'not-leader'] },
})
