import type { Observation } from './observation.ts'
import type { SystemService } from './system-service.ts'

export interface SystemServiceDeps {
  /** Throws when the database does not answer. */
  pingDatabase: () => Promise<void>
  observation: Observation
  runtimes: (signal: AbortSignal) => Promise<string[]>
}

export function createSystemService({ pingDatabase, observation, runtimes }: SystemServiceDeps): SystemService {
  const databaseAnswers = () =>
    pingDatabase().then(
      () => true,
      () => false,
    )
  return {
    async health() {
      const db = await databaseAnswers()
      return { status: db && !observation.unknownSince() ? 'ok' : 'degraded', db }
    },
    async isReady() {
      return observation.hasLooked() && (await databaseAnswers())
    },
    runtimes,
  }
}
