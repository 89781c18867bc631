import type { Api } from '@rserve-proxy/contract/endpoints.ts'

/** Everybody who may call. Tokens are the owner's; `limited` is for the app alone, `elsewhere` for another one. */
export const callers = [
  ...(['nobody', 'owner', 'viewer', 'editor', 'other', 'admin'] as const),
  ...(['read token', 'deploy token', 'limited token', 'elsewhere token', 'disabled', 'expired token'] as const),
]
export type CallerName = (typeof callers)[number]

// By caller, in that order: + may, 1 is nobody (401), 3 may not (403), 4 sees no such app (404).
const anybody = '+ + + + + +  + + + + + +'
const read = '1 + + + + +  + + + + 1 1'
const manage = '1 + + + + +  3 3 3 3 1 1'
const session = '1 + + + + +  3 3 3 3 1 1'
const admin = '1 3 3 3 3 +  3 3 3 3 1 1'
const viewApp = '1 + + + 4 +  + + + 4 1 1'
const deployApp = '1 + 3 + 4 +  3 + + 4 1 1'
const editApp = '1 + 3 + 4 +  3 3 + 4 1 1'
const ownApp = '1 + 3 3 4 +  3 3 + 4 1 1'

/** Who may call what, written by hand: a new endpoint without its row does not compile. */
export const rows: Record<keyof Api, string> = {
  'GET /api/health': anybody,
  'GET /healthz': anybody,
  'GET /readyz': anybody,
  'GET /api/setup': anybody,
  'POST /api/setup': anybody,
  'POST /api/auth/login': anybody,

  'GET /api/auth/me': read,
  'PATCH /api/auth/me': session,
  'POST /api/auth/logout': session,
  'POST /api/auth/verify': session,
  'PUT /api/auth/password': session,
  'GET /api/auth/sessions': session,
  'DELETE /api/auth/sessions/:sessionId': session,
  'GET /api/auth/tokens': session,
  'POST /api/auth/tokens': session,
  'DELETE /api/auth/tokens/:tokenId': session,

  'GET /api/users': admin,
  'POST /api/users': admin,
  'GET /api/users/:userId': admin,
  'PATCH /api/users/:userId': admin,
  'DELETE /api/users/:userId': admin,
  'GET /api/users/:userId/sessions': admin,
  'DELETE /api/users/:userId/sessions': admin,
  'GET /api/audit': admin,
  'GET /api/system': admin,
  'POST /api/system/cleanup': admin,

  'GET /api/apps': read,
  'POST /api/apps': manage,
  'GET /api/apps/:appId': viewApp,
  'PUT /api/apps/:appId': editApp,
  'DELETE /api/apps/:appId': ownApp,
  'POST /api/apps/:appId/upload': deployApp,
  'POST /api/deploy/:slug': deployApp,
  'POST /api/apps/:appId/start': deployApp,
  'POST /api/apps/:appId/stop': deployApp,
  'POST /api/apps/:appId/restart': deployApp,
  'POST /api/apps/:appId/deploy': deployApp,
  'POST /api/apps/:appId/rebuild': deployApp,
  'POST /api/apps/:appId/rollback': deployApp,
  'POST /api/apps/:appId/apply': deployApp,
  'GET /api/apps/:appId/deployments': viewApp,
  'GET /api/apps/:appId/deployments/:deploymentId': viewApp,
  'POST /api/apps/:appId/deployments/:deploymentId/cancel': deployApp,
  'POST /api/apps/:appId/deployments/:deploymentId/end-drain': deployApp,
  'GET /api/apps/:appId/releases': viewApp,
  'GET /api/apps/:appId/releases/:number': viewApp,
  'GET /api/apps/:appId/releases/:number/diff/:other': viewApp,
  'GET /api/apps/:appId/releases/:number/renv.lock': viewApp,
  'GET /api/apps/:appId/functions': viewApp,
  'GET /api/apps/:appId/sessions': viewApp,
  'DELETE /api/apps/:appId/sessions/:sessionId': deployApp,
  'GET /api/apps/:appId/logs': viewApp,
  'GET /api/apps/:appId/collaborators': viewApp,
  'PUT /api/apps/:appId/collaborators': ownApp,
  'DELETE /api/apps/:appId/collaborators': ownApp,
  'POST /api/apps/:appId/transfer': ownApp,

  'GET /api/events': read,
  'GET /api/credentials': manage,
  'POST /api/credentials': manage,
  'DELETE /api/credentials/:credentialId': manage,
  'POST /api/git/inspect': manage,
  'POST /api/uploads/inspect': manage,
  'GET /api/runtimes': read,
  'GET /api/slugs/:slug': read,
}
