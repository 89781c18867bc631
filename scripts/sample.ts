// Deploys the archive on standard input as the app "hello" through the REST API, then calls it as a client would.
// usage: tar -cz … | node scripts/sample.ts MANAGER_URL PASSWORD_FILE
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../packages/contract/src/apps.ts'
import { type Call, createClient } from '../packages/contract/src/client.ts'
import { type Deployment, isPending } from '../packages/contract/src/deployments.ts'
import { connect } from '../packages/manager/test/helpers/rserve-client.ts'

const [managerUrl = '', passwordFile = ''] = process.argv.slice(2)
const call = await signIn()
const app = await findOrCreate()
await bringLive(app)
await tryIt(app.url)

async function signIn(): Promise<Call> {
  let cookie = ''
  const send: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? cookie
    return response
  }
  const client = createClient({ baseUrl: managerUrl, headers: () => ({ cookie, origin: managerUrl }), fetch: send })
  const password = (await readFile(passwordFile, 'utf8')).trim()
  await client('POST /api/auth/login', { body: { username: 'admin', password } })
  return client
}

async function findOrCreate() {
  const { items } = await call('GET /api/apps', { querystring: { q: 'hello' } })
  const existing = items.find(({ slug }) => slug === 'hello')
  if (existing) return existing
  return call('POST /api/apps', { body: { name: 'Hello', slug: 'hello', codeSource: { type: 'upload' } } })
}

async function bringLive({ id, release, status }: App) {
  const bundle = new FormData()
  bundle.append('bundle', new Blob([await buffer(process.stdin)]), 'hello.tar.gz')
  const { revision } = await call('POST /api/apps/:appId/upload', { params: { appId: id }, body: bundle })
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
