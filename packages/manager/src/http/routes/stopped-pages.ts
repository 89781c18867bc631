import type { FastifyPluginAsync } from 'fastify'
import type { StoppedPageService } from '../../services/stopped-page-service.ts'

/** What visitors see at a slug without a healthy replica; Traefik sends them here with `/stopped` in front. */
export const stoppedPageRoutes: FastifyPluginAsync<{ stoppedPages: StoppedPageService }> = async (
  server,
  { stoppedPages },
) => {
  // Visitors send what the app would have taken: nothing of it is read, and nothing is refused.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, _body, done) => done(null))

  for (const url of ['/stopped', '/stopped/', '/stopped/:slug', '/stopped/:slug/*']) {
    server.all<{ Params: { slug?: string } }>(url, { schema: { hide: true } }, async ({ params }, reply) => {
      const { status, page } = pages[params.slug ? await stoppedPages.stateOf(params.slug) : 'not-found']
      return reply
        .code(status)
        .headers({ 'cache-control': 'no-store', ...(status === 503 && { 'retry-after': '5' }) })
        .type('text/html; charset=utf-8')
        .send(page)
    })
  }
}

const pages: Record<Awaited<ReturnType<StoppedPageService['stateOf']>>, { status: number; page: string }> = {
  'not-found': { status: 404, page: html('Nothing at this address.', "Deleted, or somebody else's.") },
  stopped: { status: 503, page: html('This app is not running.', 'Its owner stopped it. Try again later.') },
  failed: { status: 503, page: html('This app is not running.', 'Its owner can see why. Try again later.') },
  starting: {
    status: 503,
    page: html('Starting.', 'This page reloads by itself.', '<meta http-equiv="refresh" content="3">'),
  },
}

// No style and no script: the page must work under default-src 'none'.
function html(title: string, sentence: string, head = '') {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}
<meta name="color-scheme" content="light dark"><title>${title}</title></head>
<body><h1>${title}</h1><p>${sentence}</p></body></html>
`
}
