import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { isSocketStale, socketPath } from './spawner/docker/engine-socket.ts'

// Traefik's only way to the engine. Whoever reaches the socket itself owns the host, and inspect shows every secret of
// every container; so Traefik gets five questions, about this installation's containers alone.

interface Options {
  socketPath: string
  instance: string
  /** Called when a question found nobody at the socket. */
  onRefused?: () => void
}

interface Summary {
  Labels?: Record<string, string>
}

interface Inspected {
  Config: { Labels?: Record<string, string>; Env: string[] }
}

interface Exchange extends Options {
  request: IncomingMessage
  response: ServerResponse
  url: URL
}

const instanceLabel = 'rserve-proxy.io/instance'
const engineVersion = /^\/v1\.\d{2,3}(?=\/)/

const questions: { methods: string[]; path: RegExp; answer: (exchange: Exchange) => Promise<void> }[] = [
  { methods: ['HEAD', 'GET'], path: /^\/_ping$/, answer: pass },
  { methods: ['GET'], path: /^\/version$/, answer: pass },
  { methods: ['GET'], path: /^\/events$/, answer: passOurs },
  { methods: ['GET'], path: /^\/containers\/json$/, answer: list },
  { methods: ['GET'], path: /^\/containers\/[\w.-]+\/json$/, answer: inspect },
]

export function createSocketProxy(options: Options) {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://engine')
    const path = url.pathname.replace(engineVersion, '')
    const question = questions.find((known) => known.methods.includes(request.method ?? '') && known.path.test(path))
    if (!question) return refuse(response, 403, 'not a question that this proxy answers')
    question.answer({ ...options, request, response, url }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') options.onRefused?.()
      if (response.headersSent) response.destroy()
      else refuse(response, 502, error.message)
    })
  })
}

async function pass({ socketPath, request, response, url }: Exchange) {
  const engine = await ask({ socketPath, method: request.method, path: url.pathname + url.search })
  response.writeHead(engine.statusCode ?? 502, engine.headers)
  response.flushHeaders() // an event stream may stay silent for hours, its reader waits for the status
  await pipeline(engine, response)
}

async function passOurs(exchange: Exchange) {
  await pass({ ...exchange, url: onlyOurs(exchange) })
}

async function list(exchange: Exchange) {
  const url = onlyOurs(exchange)
  const engine = await ask({ ...exchange, method: 'GET', path: url.pathname + url.search })
  if (engine.statusCode !== 200) throw new Error(`the engine answered ${engine.statusCode}`)
  const containers: Summary[] = Object(await json(engine))
  send(
    exchange.response,
    containers.filter((container) => isOurs(exchange, container.Labels)),
  )
}

async function inspect(exchange: Exchange) {
  const engine = await ask({ ...exchange, method: 'GET', path: exchange.url.pathname })
  if (engine.statusCode !== 200) return refuse(exchange.response, 404, 'no such container')
  const container: Inspected = Object(await json(engine))
  if (!isOurs(exchange, container.Config.Labels)) return refuse(exchange.response, 404, 'no such container')
  send(exchange.response, { ...container, Config: { ...container.Config, Env: [] } })
}

function isOurs({ instance }: Options, labels: Record<string, string> = {}) {
  return labels[instanceLabel] === instance
}

// The engine filters by our label whatever the client asked for.
function onlyOurs({ url, instance }: Exchange) {
  const filtered = new URL(url)
  const filters: object = JSON.parse(url.searchParams.get('filters') ?? '{}')
  filtered.searchParams.set(
    'filters',
    JSON.stringify({ ...filters, label: { [`${instanceLabel}=${instance}`]: true } }),
  )
  return filtered
}

function ask({ socketPath, method, path }: { socketPath: string; method: string | undefined; path: string }) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ socketPath, method, path, headers: { host: 'engine' } }, resolve)
      .once('error', reject)
      .end()
  })
}

function send(response: ServerResponse, body: object) {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function refuse(response: ServerResponse, status: number, message: string) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }))
}

if (import.meta.main) {
  const [instance] = process.argv.slice(2)
  if (!instance) throw new Error('usage: socket-proxy <installation id>')
  // Docker starts it again, with the socket that the engine has now.
  const onRefused = async () => (await isSocketStale()) && process.exit(1)
  const server = createSocketProxy({ socketPath, instance, onRefused }).listen(2375)
  process.once('SIGTERM', () => server.close().closeAllConnections())
}
