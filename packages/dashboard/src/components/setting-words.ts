import type { App } from '@rserve-proxy/contract/apps.ts'

/** What people call the settings that a release keeps. */
export const settingWords: Partial<Record<keyof App, string>> = {
  rVersion: 'R version',
  packages: 'packages',
  systemPackages: 'system packages',
  entryScript: 'entry script',
  mode: 'how it answers',
  resources: 'limits',
  drainSeconds: 'drain limit',
  startTimeoutSeconds: 'start limit',
  egress: 'way out',
  reuseConnections: 'connection reuse',
}

const words = new Map<string, string>(Object.entries(settingWords))

export const settingName = (setting: string) => words.get(setting) ?? setting

const built = ['rVersion', 'packages', 'systemPackages', 'entryScript', 'mode']

/** Some of what is saved becomes part of the image: it needs a deploy, the rest is applied in seconds. */
export const needsBuild = ({ pendingSettings }: Pick<App, 'pendingSettings'>) =>
  pendingSettings.some((name) => built.includes(name))

export const pendingText = ({ pendingSettings: { length } }: Pick<App, 'pendingSettings'>) =>
  `${length === 1 ? '1 setting' : `${length} settings`} changed, not live yet`
