import type { App } from './apps.ts'
import { isPending } from './pending.ts'

type Facts = Pick<App, 'status' | 'desiredState' | 'release' | 'hasCode' | 'deployment'>

const wasBuilt = (app: Facts) => app.release !== null
const isBusy = (app: Facts) =>
  app.deployment !== null && app.deployment.kind !== 'stop' && isPending(app.deployment.status)

/** Why a verb is not possible now, as a sentence; undefined = it is. For buttons: the API itself is idempotent and takes
 * a start of what runs, or a restart of what is stopped. */
export const appCan = {
  deploy: (app: Facts) => (app.hasCode ? undefined : 'Upload code first'),
  start(app: Facts) {
    if (!app.hasCode && !wasBuilt(app)) return 'Upload code first'
    if (isBusy(app)) return 'A deployment is running'
    return app.desiredState === 'running' && app.status === 'running' ? 'Already running' : undefined
  },
  stop(app: Facts) {
    return app.desiredState === 'stopped' && !isBusy(app) ? 'Not running' : undefined
  },
  restart(app: Facts) {
    if (!wasBuilt(app)) return 'Nothing was built yet'
    if (app.desiredState === 'stopped') return 'Not running'
    return isBusy(app) ? 'A deployment is running' : undefined
  },
  apply(app: Facts) {
    if (app.desiredState === 'stopped' || !wasBuilt(app)) return 'Not running: the next start uses them'
    return isBusy(app) ? 'A deployment is running' : undefined
  },
}
