import type { World } from '../world.ts'
import { raceScenarios } from './races.ts'
import { signInScenarios } from './sign-ins.ts'
import { uploadScenarios } from './uploads.ts'

/** Cases that need code, by id. */
export const scenarios: Record<string, (world: World) => Promise<void>> = {
  ...uploadScenarios,
  ...signInScenarios,
  ...raceScenarios,
}
