import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { refuseUnknown } from './problems.ts'

const policyOf = (files: string, calls: string) =>
  [
    "default-src 'none'",
    `script-src ${files}`,
    `style-src ${files}`,
    `font-src ${files}`,
    `img-src ${files} data:`,
    `connect-src ${calls}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

const ownPolicy = policyOf("'self'", "'self'")

/** Apps share our origin: 'self' would let a page run their scripts. No app can be called `assets` or `api`. */
function sharedPolicy({ protocol, host }: FastifyRequest) {
  const origin = /^[a-z0-9.:[\]-]+$/i.test(host) ? `${protocol}://${host}` : ''
  return origin ? policyOf(`${origin}/assets/`, `${origin}/api/`) : policyOf("'none'", "'none'")
}

/** The built dashboard: hashed assets for ever, the page itself fresh; its own paths answer with the page. */
export const dashboard = fp<{ directory: string; singleOrigin: boolean }>(
  async (server, { directory, singleOrigin }) => {
    const links = await linksIn(directory)
    await server.register(fastifyStatic, {
      root: directory,
      // Lists the files once: what was not there at the start, or is a dot file, has no route at all.
      wildcard: false,
      index: false,
      dotfiles: 'deny',
      allowedPath: (path) => !links.has(path),
      preCompressed: true,
      cacheControl: false,
      setHeaders(reply, path) {
        const isHashed = path.startsWith(join(directory, 'assets'))
        reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
        reply.header('content-security-policy', singleOrigin ? sharedPolicy(reply.request) : ownPolicy)
      },
    })

    server.setNotFoundHandler((request, reply) => {
      if (!isPage(request)) refuseUnknown()
      return reply.sendFile('index.html')
    })
  },
  { name: 'dashboard', dependencies: ['problems'] },
)

/** As request paths. A link can lead out of the folder. */
async function linksIn(directory: string) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const links = entries.filter((entry) => entry.isSymbolicLink())
  return new Set(links.map(({ parentPath, name }) => `/${relative(directory, join(parentPath, name))}`))
}

function isPage({ method, url, headers }: FastifyRequest) {
  const [path = ''] = url.split('?', 1)
  if (path === '/' && (method === 'GET' || method === 'HEAD')) return true
  const isOurs = path === '/api' || path.startsWith('/api/')
  return method === 'GET' && headers.accept?.includes('text/html') && !isOurs && !/\.[^/]*$|\/\.|%/.test(path)
}
