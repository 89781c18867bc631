import type { RouteSpec } from '../spawner/spawner.ts'

export interface RoutedApp {
  appId: string
  slug: string
  generation: number
  port: number
  /** The app's own network: the one on which the proxy reaches it. */
  network: string
  route: RouteSpec
}

/** Newer generations win by priority, so the switch is the moment a new one turns healthy. */
const appPriority = 1_000_000
/** Above every app route: its rule is one exact path, and an old generation must not answer it instead. */
const redirectPriority = 2_000_000
/** Rserve drops chunked request bodies, so the proxy collects a body before it sends it on. */
const maxRequestBodyBytes = 64 * 1024 * 1024

/** Labels of one app container. Every name carries the generation: equal names must have equal contents. */
export function traefikLabels(app: RoutedApp): Record<string, string> {
  refuseUnsafe(app)
  const name = `app-${app.appId.slice(0, 8)}-g${app.generation}`
  return {
    'traefik.enable': 'true',
    'traefik.docker.network': app.network,
    ...service(name, app),
    ...appRouter(name, app),
    ...redirectRouter(name, app),
    ...guard(name, app),
    ...sandbox(name, app.route),
    ...limits(name, app),
    ...standIn(name, app),
  }
}

/** Both are checked long before; a backtick that came this far would rewrite the rule of every app. */
function refuseUnsafe({ slug, route }: RoutedApp) {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(slug)) throw new Error(`slug cannot be routed: ${JSON.stringify(slug)}`)
  const host = route.hosts.find((candidate) => !/^[a-z0-9.-]+$/.test(candidate))
  if (host !== undefined) throw new Error(`host cannot be routed: ${JSON.stringify(host)}`)
  if (route.hosts.length === 0) throw new Error('a route needs a host')
}

function service(name: string, { port, route }: RoutedApp): Record<string, string> {
  const prefix = `traefik.http.services.${name}.loadbalancer`
  return {
    [`${prefix}.server.port`]: String(port),
    [`${prefix}.strategy`]: 'p2c',
    // A pooled connection is one R process that strangers share: only for apps that asked for it.
    ...(route.reuseConnections ? { [`${prefix}.serverstransport`]: 'pooled@file' } : {}),
  }
}

function appRouter(name: string, { slug, generation, route }: RoutedApp): Record<string, string> {
  const prefix = `traefik.http.routers.${name}`
  return {
    // PathPrefix alone compares text and would match /slugfoo.
    [`${prefix}.rule`]: `${hostRule(route)} && (Path(\`/${slug}\`) || PathPrefix(\`/${slug}/\`))`,
    [`${prefix}.entrypoints`]: route.entryPoint,
    [`${prefix}.priority`]: String(appPriority + generation),
    [`${prefix}.service`]: name,
    [`${prefix}.middlewares`]: [guards(name, route), `${name}-sessions,${name}-buffer,${name}-strip`].join(','),
  }
}

/** Relative links of a page need the slash; a WebSocket client cannot follow a redirect. */
function redirectRouter(name: string, { slug, generation, route }: RoutedApp): Record<string, string> {
  const prefix = `traefik.http.routers.${name}-slash`
  const redirect = `traefik.http.middlewares.${name}-slash.redirectregex`
  return {
    [`${prefix}.rule`]: `${hostRule(route)} && Path(\`/${slug}\`) && Method(\`GET\`) && !HeaderRegexp(\`Upgrade\`, \`.\`)`,
    [`${prefix}.entrypoints`]: route.entryPoint,
    [`${prefix}.priority`]: String(redirectPriority + generation),
    [`${prefix}.service`]: name,
    [`${prefix}.middlewares`]: `${name}-guard,${name}-slash`,
    [`${redirect}.regex`]: '^[^?]*(\\?.*)?$',
    // Relative: right behind any other proxy or published port, and no host of the request is repeated.
    [`${redirect}.replacement`]: `/${slug}/\${1}`,
    [`${redirect}.permanent`]: 'true',
  }
}

const guards = (name: string, { standIn }: RouteSpec) => (standIn ? `${name}-guard,${name}-away` : `${name}-guard`)

/** Between a stop's first second and the end of its last session nothing listens, and the proxy would say 502. */
function standIn(name: string, { slug, route }: RoutedApp): Record<string, string> {
  if (!route.standIn) return {}
  const prefix = `traefik.http.middlewares.${name}-away.errors`
  return {
    [`${prefix}.status`]: '502,504',
    [`${prefix}.statusrewrites.502`]: '503',
    [`${prefix}.statusrewrites.504`]: '503',
    [`${prefix}.service`]: route.standIn,
    [`${prefix}.query`]: `/stopped/${slug}/`,
  }
}

function hostRule({ hosts }: RouteSpec) {
  const rule = hosts.map((host) => `Host(\`${host}\`)`).join(' || ')
  return hosts.length === 1 ? rule : `(${rule})`
}

/** A client that may choose a sub-protocol gets a raw R console. */
const removedFromRequests = ['Sec-WebSocket-Protocol', 'X-Forwarded-User', 'X-Forwarded-Prefix']
/** On the dashboard's own origin they are ours: none reaches an app, and no app sets one. */
const credentialsInRequests = ['Cookie', 'Authorization']
const credentialsInResponses = ['Set-Cookie']
const removedFromResponses = [
  'Service-Worker-Allowed',
  'Clear-Site-Data',
  'NEL',
  'Report-To',
  'Reporting-Endpoints',
  'Alt-Svc',
  'Strict-Transport-Security',
]

function guard(name: string, { appId, route }: RoutedApp): Record<string, string> {
  const prefix = `traefik.http.middlewares.${name}-guard.headers`
  const fromRequests = route.sandbox ? [...removedFromRequests, ...credentialsInRequests] : removedFromRequests
  const fromResponses = route.sandbox ? [...removedFromResponses, ...credentialsInResponses] : removedFromResponses
  return {
    ...Object.fromEntries(fromRequests.map((header) => [`${prefix}.customrequestheaders.${header}`, ''])),
    // Constant per app: open requests are counted by it, whatever the client sends.
    [`${prefix}.customrequestheaders.X-Rsp-App`]: appId,
    ...Object.fromEntries(fromResponses.map((header) => [`${prefix}.customresponseheaders.${header}`, ''])),
  }
}

/** Apps that share the dashboard's origin run in a sandbox; their origin becomes null, hence the open CORS. */
function sandbox(name: string, route: RouteSpec): Record<string, string> {
  if (!route.sandbox) return {}
  const prefix = `traefik.http.middlewares.${name}-guard.headers`
  return {
    [`${prefix}.customresponseheaders.Content-Security-Policy`]:
      'sandbox allow-scripts allow-forms allow-popups allow-downloads allow-modals',
    [`${prefix}.accesscontrolalloworiginlist`]: '*',
    [`${prefix}.accesscontrolallowheaders`]: '*',
    [`${prefix}.accesscontrolallowmethods`]: '*',
  }
}

function limits(name: string, { slug, route }: RoutedApp): Record<string, string> {
  const prefix = `traefik.http.middlewares.${name}`
  return {
    [`${prefix}-sessions.inflightreq.amount`]: String(route.limits.openRequests),
    [`${prefix}-sessions.inflightreq.sourcecriterion.requestheadername`]: 'X-Rsp-App',
    [`${prefix}-buffer.buffering.maxrequestbodybytes`]: String(maxRequestBodyBytes),
    [`${prefix}-strip.stripprefix.prefixes`]: `/${slug}`,
  }
}
