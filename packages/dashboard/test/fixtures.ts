import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Deployment, Step, StepName } from '@rserve-proxy/contract/deployments.ts'
import type { Failure } from '@rserve-proxy/contract/failures.ts'
import type { User } from '@rserve-proxy/contract/people.ts'
import type { Release } from '@rserve-proxy/contract/releases.ts'
import type { CodeFacts, Upload } from '@rserve-proxy/contract/uploads.ts'

export const ids = {
  app: '0b6c0f5e-8e1e-4b8e-9d6b-000000000001',
  other: '0b6c0f5e-8e1e-4b8e-9d6b-000000000002',
  deployment: '0b6c0f5e-8e1e-4b8e-9d6b-0000000000d1',
  user: '0b6c0f5e-8e1e-4b8e-9d6b-0000000000u1',
}

const past = '2026-05-03T12:00:00.000Z'

export const user = (given: Partial<User> = {}): User => ({
  id: ids.user,
  username: 'ana',
  displayName: 'Ana Kovač',
  role: 'user',
  ...given,
})

const stepNames: StepName[] = ['fetch', 'packages', 'build', 'start', 'verify', 'switch', 'drain']

/** Done before `at`, `status` there, waiting after it. */
export const steps = (at: StepName | 'end', status: Step['status'] = 'running'): Step[] =>
  stepNames.map((name, index) => {
    const reached = at === 'end' ? stepNames.length : stepNames.indexOf(at)
    const isDone = index < reached
    return {
      name,
      status: isDone ? 'done' : index === reached ? status : 'waiting',
      startedAt: index <= reached ? past : null,
      finishedAt: isDone ? '2026-05-03T12:00:02.000Z' : null,
      detail: name === 'fetch' && isDone ? '7f3e2b1 on main' : null,
    }
  })

export const deployment = (given: Partial<Deployment> = {}): Deployment => ({
  id: ids.deployment,
  appId: ids.app,
  kind: 'deploy',
  status: 'live',
  generation: 12,
  release: 12,
  build: { id: ids.deployment, status: 'succeeded', phase: null, logBytes: 100, queuePosition: null },
  steps: steps('end'),
  failure: null,
  draining: null,
  requestedBy: { id: ids.user, username: 'ana' },
  createdAt: past,
  finishedAt: '2026-05-03T12:01:12.000Z',
  ...given,
})

export const failure = (given: Partial<Failure> = {}): Failure => ({
  code: 'code-does-not-load',
  detail: "Error in library(sf): there is no package called 'sf'",
  lastLines: ['Loading app.R', "Error in library(sf): there is no package called 'sf'"],
  ...given,
})

export const release = (given: Partial<Release> = {}): Release => ({
  number: 12,
  revision: { hash: 'a'.repeat(64), label: 'a1c9e02 on main', commit: null, files: 3 },
  rVersion: '4.5.0',
  packageCount: 2,
  createdAt: past,
  imageId: 'sha256:1',
  isLive: true,
  isAvailable: true,
  packagesFrom: 'code',
  packages: [
    { name: 'forecast', version: '8.24.0' },
    { name: 'jsonlite', version: '2.0.0' },
  ],
  settings: { rVersion: '4.5.0', packages: ['forecast'], entryScript: 'app.R', mode: 'ocap', drainSeconds: 1_800 },
  ...given,
})

export const app = (given: Partial<App> = {}): App => ({
  id: ids.app,
  slug: 'forecast-api',
  name: 'Forecast',
  right: 'own',
  owner: { id: ids.user, username: 'ana' },
  rVersion: 'latest',
  packages: ['forecast'],
  systemPackages: [],
  codeSource: { type: 'upload' },
  entryScript: 'app.R',
  mode: 'ocap',
  replicas: 1,
  resources: {},
  drainSeconds: 1_800,
  startTimeoutSeconds: 60,
  buildTimeoutSeconds: 1_800,
  keepReleases: 5,
  egress: 'internet',
  reuseConnections: false,
  domain: null,
  desiredState: 'running',
  status: 'running',
  statusDetail: null,
  url: 'http://localhost:8880/forecast-api/',
  hasCode: true,
  release: release(),
  deployment: deployment(),
  sessions: null,
  sessionsAt: null,
  pendingSettings: [],
  crash: null,
  version: 3,
  createdAt: past,
  updatedAt: past,
  ...given,
})

export const draftApp = (given: Partial<App> = {}) =>
  app({ status: 'draft', desiredState: 'stopped', release: null, deployment: null, hasCode: false, ...given })

export const facts = (given: Partial<CodeFacts> = {}): CodeFacts => ({
  entryScriptFound: 'app.R',
  packagesFound: [],
  packagesFrom: null,
  rVersionFound: null,
  modeFound: 'ocap',
  unsupportedFound: null,
  ...given,
})

export const upload = (given: Partial<Upload> = {}): Upload => ({
  id: ids.deployment,
  revision: 'b'.repeat(64),
  sizeBytes: 1_000,
  files: 1,
  ...facts(),
  ...given,
})

export const page = <T>(items: T[], nextCursor: string | null = null) => ({ items, nextCursor })
