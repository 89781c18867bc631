import { generatePath } from 'react-router-dom'

/** Every address of the dashboard. First segments are reserved words, because apps share the host. */
export const patterns = {
  home: '/',
  signIn: '/login',
  signOut: '/logout',
  setUp: '/setup',
  setUpChecks: '/setup/checks',
  apps: '/apps',
  newApp: '/apps/new',
  addressCheck: '/apps/new/address/:slug',
  app: '/apps/:appId',
  appDeployments: '/apps/:appId/deployments',
  appLogs: '/apps/:appId/logs',
  appSettings: '/apps/:appId/settings',
  deployment: '/apps/:appId/deployments/:deploymentId',
  appSessions: '/apps/:appId/sessions',
  appReleases: '/apps/:appId/releases',
  tokens: '/tokens',
  profile: '/profile',
  users: '/users',
  system: '/system',
  audit: '/audit',
} as const

export const paths = {
  home: patterns.home,
  signOut: patterns.signOut,
  signIn: (next: string) => withQuery(patterns.signIn, { next }),
  apps: (query: { q?: string; show?: string } = {}) => withQuery(patterns.apps, query),
  newApp: (query: { from?: 'git' | 'sample' } = {}) => withQuery(patterns.newApp, query),
  /** No page: its loader tells whether an address is free. */
  addressCheck: (slug: string) => generatePath(patterns.addressCheck, { slug }),
  app: (appId: string) => generatePath(patterns.app, { appId }),
  appDeployments: (appId: string, query: { cursor?: string } = {}) =>
    withQuery(generatePath(patterns.appDeployments, { appId }), query),
  appLogs: (appId: string) => generatePath(patterns.appLogs, { appId }),
  appSettings: (appId: string) => generatePath(patterns.appSettings, { appId }),
  appSessions: (appId: string) => generatePath(patterns.appSessions, { appId }),
  appReleases: (appId: string, query: { compare?: string } = {}) =>
    withQuery(generatePath(patterns.appReleases, { appId }), query),
  setUpChecks: () => patterns.setUpChecks,
  tokens: () => patterns.tokens,
  profile: () => patterns.profile,
  users: (query: { q?: string; cursor?: string } = {}) => withQuery(patterns.users, query),
  system: () => patterns.system,
  audit: (query: AuditQuery = {}) => withQuery(patterns.audit, query),
  deployment: (appId: string, deploymentId: string) => generatePath(patterns.deployment, { appId, deploymentId }),
}

export type AuditQuery = Partial<Record<'actor' | 'action' | 'result' | 'since' | 'appId' | 'cursor', string>>

/** The audit log of the API as a file, with the same filters. */
export const auditFile = (query: AuditQuery) => withQuery('/api/audit', { ...query, format: 'csv' })

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
