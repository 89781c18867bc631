// Deploys a folder as the app "hello" through the REST API, then calls it as a client would.
// usage: node scripts/sample.ts MANAGER_URL PASSWORD_FILE FOLDER
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../packages/contract/src/apps.ts'
import { type Deployment, isPending } from '../packages/contract/src/deployments.ts'
import { connect } from '../packages/manager/test/helpers/rserve-client.ts'
import { signIn } from '../packages/manager/test/helpers/signed-in.ts'

const [managerUrl = '', passwordFile = '', folder = ''] = process.argv.slice(2)
const { call, upload } = await signIn(managerUrl, 'admin', (await readFile(passwordFile, 'utf8')).trim())
const app = await findOrCreate()
await bringLive(app)
await tryIt(app.url)

async function findOrCreate() {
  const { items } = await call('GET /api/apps', { querystring: { q: 'hello' } })
  const existing = items.find(({ slug }) => slug === 'hello')
  return existing ?? call('POST /api/apps', { body: { name: 'Hello', slug: 'hello', codeSource: { type: 'upload' } } })
}

async function bringLive({ id, release, status }: App) {
  const { revision } = await upload(id, folder)
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
