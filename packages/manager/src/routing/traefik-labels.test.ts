import { expect, it } from 'vitest'
import { type RoutedApp, traefikLabels } from './traefik-labels.ts'

const appId = '3f2a9c41-7d0e-4b1a-9a55-0c9c52f1aa10'
const app: RoutedApp = {
  appId,
  slug: 'hello',
  generation: 42,
  port: 6311,
  network: `rsp-net-${appId}`,
  route: {
    routeHash: '0123456789abcdef',
    hosts: ['apps.example.net'],
    entryPoint: 'websecure',
    limits: { openRequests: 200 },
    sandbox: false,
    reuseConnections: false,
  },
}
const name = 'app-3f2a9c41-g42'
const request = `traefik.http.middlewares.${name}-guard.headers.customrequestheaders`
const response = `traefik.http.middlewares.${name}-guard.headers.customresponseheaders`
const expected = {
  'traefik.enable': 'true',
  'traefik.docker.network': `rsp-net-${appId}`,
  [`traefik.http.services.${name}.loadbalancer.server.port`]: '6311',
  [`traefik.http.services.${name}.loadbalancer.strategy`]: 'p2c',
  [`traefik.http.routers.${name}.rule`]: 'Host(`apps.example.net`) && (Path(`/hello`) || PathPrefix(`/hello/`))',
  [`traefik.http.routers.${name}.entrypoints`]: 'websecure',
  [`traefik.http.routers.${name}.priority`]: '1000042',
  [`traefik.http.routers.${name}.service`]: name,
  [`traefik.http.routers.${name}.middlewares`]: `${name}-guard,${name}-sessions,${name}-buffer,${name}-strip`,
  [`traefik.http.routers.${name}-slash.rule`]:
    'Host(`apps.example.net`) && Path(`/hello`) && Method(`GET`) && !HeaderRegexp(`Upgrade`, `.`)',
  [`traefik.http.routers.${name}-slash.entrypoints`]: 'websecure',
  [`traefik.http.routers.${name}-slash.priority`]: '2000042',
  [`traefik.http.routers.${name}-slash.service`]: name,
  [`traefik.http.routers.${name}-slash.middlewares`]: `${name}-guard,${name}-slash`,
  [`traefik.http.middlewares.${name}-slash.redirectregex.regex`]: '^[^?]*(\\?.*)?$',
  [`traefik.http.middlewares.${name}-slash.redirectregex.replacement`]: '/hello/$' + '{1}',
  [`traefik.http.middlewares.${name}-slash.redirectregex.permanent`]: 'true',
  [`${request}.Sec-WebSocket-Protocol`]: '',
  [`${request}.X-Forwarded-User`]: '',
  [`${request}.X-Forwarded-Prefix`]: '',
  [`${request}.X-Rsp-App`]: appId,
  [`${response}.Service-Worker-Allowed`]: '',
  [`${response}.Clear-Site-Data`]: '',
  [`${response}.NEL`]: '',
  [`${response}.Report-To`]: '',
  [`${response}.Reporting-Endpoints`]: '',
  [`${response}.Alt-Svc`]: '',
  [`${response}.Strict-Transport-Security`]: '',
  [`traefik.http.middlewares.${name}-sessions.inflightreq.amount`]: '200',
  [`traefik.http.middlewares.${name}-sessions.inflightreq.sourcecriterion.requestheadername`]: 'X-Rsp-App',
  [`traefik.http.middlewares.${name}-buffer.buffering.maxrequestbodybytes`]: '67108864',
  [`traefik.http.middlewares.${name}-strip.stripprefix.prefixes`]: '/hello',
}

it('labels an app on its own host', () => {
  expect(traefikLabels(app)).toEqual(expected)
})

it('adds the sandbox with CORS for its null origin, and takes credentials away, when apps share the origin of the dashboard', () => {
  expect(traefikLabels({ ...app, route: { ...app.route, sandbox: true } })).toEqual({
    ...expected,
    [`${request}.Cookie`]: '',
    [`${request}.Authorization`]: '',
    [`${response}.Set-Cookie`]: '',
    [`${response}.Content-Security-Policy`]:
      'sandbox allow-scripts allow-forms allow-popups allow-downloads allow-modals',
    [`traefik.http.middlewares.${name}-guard.headers.accesscontrolalloworiginlist`]: '*',
    [`traefik.http.middlewares.${name}-guard.headers.accesscontrolallowheaders`]: '*',
    [`traefik.http.middlewares.${name}-guard.headers.accesscontrolallowmethods`]: '*',
  })
})

it('pools connections only for an app that asked', () => {
  expect(traefikLabels({ ...app, route: { ...app.route, reuseConnections: true } })).toEqual({
    ...expected,
    [`traefik.http.services.${name}.loadbalancer.serverstransport`]: 'pooled@file',
  })
})

it('accepts several hosts and keeps the path beside all of them', () => {
  const labels = traefikLabels({ ...app, route: { ...app.route, hosts: ['localhost', '127.0.0.1'] } })
  expect(labels[`traefik.http.routers.${name}.rule`]).toBe(
    '(Host(`localhost`) || Host(`127.0.0.1`)) && (Path(`/hello`) || PathPrefix(`/hello/`))',
  )
})

it('shares no name between generations', () => {
  const names = (labels: Record<string, string>) => Object.keys(labels).filter((key) => key.startsWith('traefik.http.'))
  const older = new Set(names(traefikLabels({ ...app, generation: 41 })))
  expect(names(traefikLabels(app)).filter((key) => older.has(key))).toEqual([])
})

it.each(['a`b', 'A', '', '../x', '-x'])('refuses the slug %j', (slug) => {
  expect(() => traefikLabels({ ...app, slug })).toThrow('slug cannot be routed')
})

it.each([['a`) || Host(`b'], ['x y'], ['UPPER']])('refuses the host %j', (host) => {
  expect(() => traefikLabels({ ...app, route: { ...app.route, hosts: [host] } })).toThrow('host cannot be routed')
})

it('refuses a route without a host', () => {
  expect(() => traefikLabels({ ...app, route: { ...app.route, hosts: [] } })).toThrow('a route needs a host')
})

it('lets another service answer while no replica can, behind the guard', () => {
  const away = `traefik.http.middlewares.${name}-away.errors`
  expect(traefikLabels({ ...app, route: { ...app.route, standIn: 'stand-in@file' } })).toEqual({
    ...expected,
    [`traefik.http.routers.${name}.middlewares`]: `${name}-guard,${name}-away,${name}-sessions,${name}-buffer,${name}-strip`,
    [`${away}.status`]: '502,504',
    [`${away}.statusrewrites.502`]: '503',
    [`${away}.statusrewrites.504`]: '503',
    [`${away}.service`]: 'stand-in@file',
    [`${away}.query`]: '/stopped/hello/',
  })
})
