import type { App } from './apps.ts'

const need: Record<App['status'], number> = {
  'crash-loop': 0,
  failed: 1,
  degraded: 2,
  unknown: 3,
  starting: 4,
  running: 5,
  stopped: 6,
  draft: 7,
}

/** Sorts apps as text: who needs a person first, then by name. */
export const needKey = (app: Pick<App, 'status' | 'deployment' | 'name'>) =>
  `${app.deployment?.failure ? 1 : need[app.status] + 1} ${app.name.toLowerCase()}`
