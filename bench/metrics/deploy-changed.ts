import { writeFile } from 'node:fs/promises'
import { docker, timeOfRun } from '../lib/peer-container.ts'
import { measurePairs } from '../lib/ratio.ts'
import type { WhoApp } from '../lib/who-app.ts'

const tag = 'rserve-proxy-bench:by-hand'

/** P4b: a code-only change, uploaded before the clock starts, beside `docker build && docker run` of the same code. */
export const deployChanged = {
  id: 'deploy-changed',
  peer: 'docker build && docker run',
  target: 1.15,
  async run(who: WhoApp, reps: number) {
    const base = `${tag}-base`
    await docker('tag', await who.imageId(), base)
    const ours = async () => {
      await who.changeCode()
      await who.upload()
      return who.timeOf('deploy')
    }
    try {
      return await measurePairs(reps, ours, () => byHand(who, base))
    } finally {
      await docker('rmi', '--force', tag, base)
    }
  },
}

async function byHand(who: WhoApp, base: string) {
  await who.changeCode()
  await writeFile(`${who.folder}.Dockerfile`, `FROM ${base}\nCOPY . /app/\n`)
  const startedAt = performance.now()
  await docker('build', '--quiet', '--tag', tag, '--file', `${who.folder}.Dockerfile`, who.folder)
  return timeOfRun(tag, startedAt)
}
