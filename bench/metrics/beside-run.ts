import { timeOfRun } from '../lib/peer-container.ts'
import { measurePairs } from '../lib/ratio.ts'
import type { WhoApp } from '../lib/who-app.ts'

/** POST of the verb → first reply of the new generation, beside `docker run` of the same image. */
const besideRun = (id: string, verb: 'deploy' | 'restart') => ({
  id,
  peer: 'docker run',
  target: 1.15,
  run: async (who: WhoApp, reps: number) => {
    const imageId = await who.imageId()
    return measurePairs(
      reps,
      () => who.timeOf(verb),
      () => timeOfRun(imageId),
    )
  },
})

/** P4a: a deployment of unchanged code. */
export const deployUnchanged = besideRun('deploy-unchanged', 'deploy')
/** A warm restart. */
export const restart = besideRun('restart', 'restart')
