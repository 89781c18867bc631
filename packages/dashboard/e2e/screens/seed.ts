import type { App, CreateApp } from '@rserve-proxy/contract/apps.ts'
import { codeFolder } from '../../../manager/test/helpers/code-folder.ts'
import type { SignedIn } from '../../../manager/test/helpers/signed-in.ts'
import type { TestManager } from '../../../manager/test/helpers/test-manager.ts'

export interface Seeded {
  /** Id by slug. */
  apps: Record<string, string>
  /** The newest deployment of each, by slug. */
  deployments: Record<string, string>
}

const hello = `add <- function(a, b) a + b
forecast <- function(country, months) paste(country, months)
oc.init <- function() Rserve::ocap(list(add = Rserve::ocap(add), forecast = Rserve::ocap(forecast)))
`
const missing = ['* loading app.R', 'Error in library(sf) : there is no package called ‘sf’', 'Execution halted']

/** One app in each state that a person can meet, with people, tokens and a past. */
export async function seed(manager: TestManager): Promise<Seeded> {
  const admin = await manager.signIn('admin')
  const apps: Record<string, string> = {}
  const make = async (slug: string, name: string, more: Partial<CreateApp> = {}) => {
    const app = await create(admin, { slug, name, ...more })
    apps[slug] = app.id
    return app.id
  }
  await admin.call('PATCH /api/auth/me', { body: { displayName: 'Ana Kovač' } })
  for (const [username, displayName] of people) {
    const body = { username, displayName, password: 'correct horse battery', role: 'user' as const }
    await admin.call('POST /api/users', { body })
  }

  const forecast = await make('forecast-api', 'forecast-api', { replicas: 2, packages: ['forecast', 'jsonlite'] })
  for (const version of ['1', '2', '3']) await deploy(admin, forecast, `${hello}# ${version}`)
  await admin.call('PUT /api/apps/:appId', {
    params: { appId: forecast },
    body: { drainSeconds: 600, packages: ['fable', 'jsonlite'] },
  })
  await share(admin, forecast)
  openSessions(manager, forecast, 6)
  for (const text of ['Loading required package: forecast', 'Warning: package ‘fable’ was built under R version 4.5.2'])
    manager.engine.print(forecast, text)

  const clinical = await make('clinical-report', 'clinical-report')
  await deploy(admin, clinical, hello)
  manager.builder.setFault(clinical, { kind: 'fail', message: 'R stopped', lastLines: missing, exitCode: 1 })
  await deploy(admin, clinical, `${hello}# sf`)

  const weather = await make('weather-grid', 'weather-grid')
  await deploy(admin, weather, hello)
  await admin.settle(weather, 'stop')

  const churn = await make('churn-scoring', 'churn-scoring')
  await deploy(admin, churn, hello)

  const survey = await make(
    'survey-weights',
    'Survey weights of the second half of the year, for the whole of the federation',
    { replicas: 3 },
  )
  await deploy(admin, survey, hello)

  await make('hello-r', 'hello-r')
  await make('credit-risk', 'credit-risk', {
    codeSource: { type: 'git', repoUrl: 'https://git.example.org/risk/credit.git', branch: 'main' },
    mode: 'http',
  })

  const elasticity = await make('price-elasticity', 'price-elasticity')
  await deploy(admin, elasticity, hello)
  manager.builder.setFault(elasticity, { kind: 'hang' })
  await upload(admin, elasticity, `${hello}# slow`)
  await admin.call('POST /api/apps/:appId/deploy', { params: { appId: elasticity }, querystring: {} })

  await makeTokens(admin, forecast)
  breakThings(manager, { churn, survey })
  const deployments = await newestOf(admin, apps)
  return { apps, deployments }
}

const people = [
  ['mateo', 'Mateo Ruiz'],
  ['priya', 'Priya Nair'],
] as const

const create = (api: SignedIn, body: Pick<App, 'name' | 'slug'> & Partial<CreateApp>) =>
  api.call('POST /api/apps', { body: { codeSource: { type: 'upload' }, ...body } })

async function upload(api: SignedIn, appId: string, text: string) {
  await using code = await codeFolder(text)
  await api.upload(appId, code.folder)
}

async function deploy(api: SignedIn, appId: string, text: string) {
  await upload(api, appId, text)
  await api.settle(appId, 'deploy')
}

async function share(api: SignedIn, appId: string) {
  const params = { appId }
  await api.call('PUT /api/apps/:appId/collaborators', { params, body: { username: 'mateo', role: 'editor' } })
  await api.call('PUT /api/apps/:appId/collaborators', { params, body: { username: 'priya', role: 'viewer' } })
}

async function makeTokens(api: SignedIn, appId: string) {
  await api.call('POST /api/auth/tokens', {
    body: { name: 'nightly deploy', scopes: ['read', 'deploy'], appIds: [appId] },
  })
  await api.call('POST /api/auth/tokens', { body: { name: 'laptop', expiresInDays: null } })
}

function openSessions(manager: TestManager, appId: string, count: number) {
  for (const { generation } of manager.engine.containersOf(manager.instance).filter((found) => found.appId === appId))
    manager.engine.setSessions(appId, generation, count)
}

/** Last, because the manager would bring some of it back in time. */
function breakThings({ engine, instance }: TestManager, { churn, survey }: { churn: string; survey: string }) {
  const exit = { code: 137, outOfMemory: true, lines: ['Reading model.rds (1.9 GB)', 'Killed'] }
  engine.setFault(churn, { kind: 'exit-at-start', ...exit })
  engine.crash(churn, exit)
  engine.setFault(survey, { kind: 'slow-start', startMs: 3_600_000 })
  const [first] = engine.containersOf(instance).filter(({ appId }) => appId === survey)
  if (first) engine.stop(first, 0)
}

async function newestOf(api: SignedIn, apps: Record<string, string>) {
  const found: Record<string, string> = {}
  for (const [slug, appId] of Object.entries(apps)) {
    const { deployment } = await api.call('GET /api/apps/:appId', { params: { appId } })
    if (deployment) found[slug] = deployment.id
  }
  return found
}
