import { generatePath } from 'react-router-dom'

/** Every address of the dashboard. First segments are reserved words, because apps share the host. */
export const patterns = {
  home: '/',
  signIn: '/login',
  signOut: '/logout',
  setUp: '/setup',
  apps: '/apps',
  newApp: '/apps/new',
  addressCheck: '/apps/new/address/:slug',
  app: '/apps/:appId',
  appDeployments: '/apps/:appId/deployments',
  appLogs: '/apps/:appId/logs',
  appSettings: '/apps/:appId/settings',
  deployment: '/apps/:appId/deployments/:deploymentId',
} as const

export const paths = {
  home: patterns.home,
  signOut: patterns.signOut,
  signIn: (next: string) => withQuery(patterns.signIn, { next }),
  apps: (query: { q?: string; show?: string } = {}) => withQuery(patterns.apps, query),
  newApp: (query: { from?: 'git' } = {}) => withQuery(patterns.newApp, query),
  /** No page: its loader tells whether an address is free. */
  addressCheck: (slug: string) => generatePath(patterns.addressCheck, { slug }),
  app: (appId: string) => generatePath(patterns.app, { appId }),
  appDeployments: (appId: string, query: { cursor?: string } = {}) =>
    withQuery(generatePath(patterns.appDeployments, { appId }), query),
  appLogs: (appId: string) => generatePath(patterns.appLogs, { appId }),
  appSettings: (appId: string) => generatePath(patterns.appSettings, { appId }),
  deployment: (appId: string, deploymentId: string) => generatePath(patterns.deployment, { appId, deploymentId }),
}

/** The log of the API, for streams and downloads. */
export const logAddress = (appId: string, query: Record<string, string>) =>
  withQuery(`/api/apps/${encodeURIComponent(appId)}/logs`, query)

/** Where to go after signing in: a path of this origin, or the start. */
export function safeNext(next: string | null, origin = window.location.origin) {
  if (!next?.startsWith('/') || !URL.canParse(next, origin)) return patterns.apps
  const url = new URL(next, origin)
  return url.origin === origin ? `${url.pathname}${url.search}${url.hash}` : patterns.apps
}

function withQuery(path: string, query: Record<string, string | undefined>) {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return given.length ? `${path}?${new URLSearchParams(given)}` : path
}
