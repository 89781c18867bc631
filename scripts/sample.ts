// Deploys the archive on standard input as the app "hello" through the REST API, then calls it as a client would.
// usage: tar -cz … | node scripts/sample.ts MANAGER_URL PASSWORD_FILE
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../packages/contract/src/apps.ts'
import { createClient } from '../packages/contract/src/client.ts'
import { type Deployment, isPending } from '../packages/contract/src/deployments.ts'
import type { Upload } from '../packages/contract/src/uploads.ts'
import { connect } from '../packages/manager/test/helpers/rserve-client.ts'

const [managerUrl = '', passwordFile = ''] = process.argv.slice(2)
let cookie = ''
const call = createClient({ baseUrl: managerUrl, fetch: send })
await signIn()
const app = await findOrCreate()
await bringLive(app)
await tryIt(app.url)

// As a browser on the manager's own page would: with the session cookie and an origin.
async function send(input: string | URL | Request, init: RequestInit = {}) {
  const headers = new Headers(init.headers)
  headers.set('origin', new URL(managerUrl).origin)
  if (cookie) headers.set('cookie', cookie)
  const response = await fetch(input, { ...init, headers })
  cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? cookie
  return response
}

async function signIn() {
  const password = (await readFile(passwordFile, 'utf8')).trim()
  await call('POST /api/auth/login', { body: { username: 'admin', password } })
}

async function findOrCreate() {
  const { items } = await call('GET /api/apps', { querystring: { q: 'hello' } })
  const existing = items.find(({ slug }) => slug === 'hello')
  if (existing) return existing
  return call('POST /api/apps', { body: { name: 'Hello', slug: 'hello', codeSource: { type: 'upload' } } })
}

async function bringLive({ id, release, status }: App) {
  const revision = await upload(id)
  if (status === 'running' && release?.revision.hash === revision) return
  let deployment = await call('POST /api/apps/:appId/deploy', { params: { appId: id }, querystring: {} })
  while (isPending(deployment.status)) {
    report(deployment)
    await sleep(250)
    const params = { appId: id, deploymentId: deployment.id }
    deployment = await call('GET /api/apps/:appId/deployments/:deploymentId', { params })
  }
  if (deployment.status === 'live') return
  const { failure } = deployment
  throw new Error([`deployment ${deployment.status}`, failure?.detail, ...(failure?.lastLines ?? [])].join('\n'))
}

async function upload(appId: string) {
  const body = new FormData()
  body.append('bundle', new Blob([await buffer(process.stdin)]), 'hello.tar.gz')
  const response = await send(`${managerUrl}/api/apps/${appId}/upload`, { method: 'POST', body })
  if (!response.ok) throw new Error(`the upload was refused (${response.status}): ${await response.text()}`)
  const { revision }: Upload = await response.json()
  return revision
}

function report({ status, steps }: Deployment) {
  const current = steps.find((step) => step.status === 'running')
  console.log([status, current?.name, current?.detail].filter(Boolean).join(' · '))
}

async function tryIt(url: string) {
  const page = await fetch(url)
  if (page.status !== 200) throw new Error(`${url} answered ${page.status}`)
  const session = await connect(url.replace(/^http/, 'ws'))
  const sum = await session.call('add', 1, 2)
  session.close()
  if (sum !== 3) throw new Error(`add(1, 2) answered ${JSON.stringify(sum)}`)
  console.log(`${url} answers, and add(1, 2) = 3 over its WebSocket`)
}
