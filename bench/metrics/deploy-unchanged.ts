import { timeOfRun } from '../lib/peer-container.ts'
import { measurePairs } from '../lib/ratio.ts'
import type { WhoApp } from '../lib/who-app.ts'

/** P4a: unchanged code, POST deploy → first reply of the new generation, beside `docker run` of the same image. */
export const deployUnchanged = {
  id: 'deploy-unchanged',
  peer: 'docker run',
  target: 1.15,
  run: async (who: WhoApp, reps: number) => {
    const imageId = await who.imageId()
    return measurePairs(
      reps,
      () => who.timeOf('deploy'),
      () => timeOfRun(imageId),
    )
  },
}
