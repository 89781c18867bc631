import type { Observation } from './observation.ts'
import type { SystemOverview } from './system-overview.ts'
import type { SystemService } from './system-service.ts'

export interface SystemServiceDeps {
  /** Throws when the database does not answer. */
  pingDatabase: () => Promise<void>
  observation: Observation
  runtimes: () => Promise<string[]>
  isLeading: () => boolean
  overview: SystemOverview
}

export function createSystemService({
  pingDatabase,
  observation,
  runtimes,
  isLeading,
  overview,
}: SystemServiceDeps): SystemService {
  const databaseAnswers = () =>
    pingDatabase().then(
      () => true,
      () => false,
    )
  return {
    async health() {
      const db = await databaseAnswers()
      const since = observation.unknownSince() ?? null
      return { status: db && !since ? 'ok' : 'degraded', db, engine: !since, since, active: isLeading() }
    },
    async isReady() {
      return observation.hasLooked() && (await databaseAnswers())
    },
    overview,
    runtimes,
  }
}
