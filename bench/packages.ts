// How long packages take on a running stack: the first time, for a second app, with one more; beside
// install.packages() by hand in a container of the same base, limits and repository.
//   node bench/packages.ts [PACKAGE...]     the last one is the one that comes later
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { docker } from './lib/peer-container.ts'
import { openStack } from './lib/stack.ts'

const usual = 'cli glue jsonlite lifecycle magrittr mime R6 rlang vctrs digest'.split(' ')
const names = process.argv.length > 2 ? process.argv.slice(2) : usual
const [base = 'rserve-base:4.5.0'] = [process.env.BENCH_BASE].filter((name) => name !== undefined)

const api = await openStack()
const folder = await mkdtemp(join(tmpdir(), 'rsp-bench-'))
await cp(join(import.meta.dirname, 'fixtures/who'), folder, { recursive: true })
const made: string[] = []

try {
  const caches = await docker('volume', 'ls', '--quiet', '--filter', 'label=rserve-proxy.io/role=cache')
  if (caches) await docker('volume', 'rm', ...caches.split('\n'))
  const before = names.slice(0, -1)
  const byHand = await timeByHand(before)
  const first = await newApp(before)
  const cold = await secondsOf(first)
  const warm = await secondsOf(await newApp(before))
  await api.call('PUT /api/apps/:appId', { params: { appId: first }, body: { packages: names } })
  const plusOne = await secondsOf(first)
  const rows = { 'by hand': byHand, cold, 'second app': warm, 'one more': plusOne }
  console.log(`${before.length} packages, then ${names.length}: ${names.join(' ')}`)
  for (const [name, seconds] of Object.entries(rows))
    console.log(`${name.padEnd(12)} ${seconds.toFixed(1).padStart(7)} s   ${(seconds / byHand).toFixed(2)} of by hand`)
} finally {
  for (const appId of made) await api.call('DELETE /api/apps/:appId', { params: { appId } })
  await rm(folder, { recursive: true })
}

async function newApp(packages: string[]) {
  const slug = `bench-${randomUUID().slice(0, 8)}`
  const body = { name: 'Bench', slug, codeSource: { type: 'upload' as const }, mode: 'http' as const, packages }
  const app = await api.call('POST /api/apps', { body })
  made.push(app.id)
  await api.upload(app.id, folder)
  return app.id
}

/** From the beginning of the step that finds versions to its end, as the deployment tells. */
async function secondsOf(appId: string) {
  const { status, steps, failure } = await api.settle(appId, 'deploy')
  if (status !== 'live') throw new Error(`deployment ${status}: ${failure?.detail}`)
  const step = steps.find(({ name }) => name === 'packages')
  if (!step?.startedAt || !step.finishedAt) return 0
  return (Date.parse(step.finishedAt) - Date.parse(step.startedAt)) / 1_000
}

async function timeByHand(packages: string[]) {
  const { R_REPOSITORY: repository = '', BUILD_EXTRA_HOSTS: hosts = '' } = process.env
  const install = `install.packages(commandArgs(TRUE), lib = "/opt/app/lib", repos = Sys.getenv("R_REPOSITORY"), Ncpus = 2L)`
  const startedAt = performance.now()
  await docker(
    ...['run', '--rm', '--user=0', '--cpus=2', '--memory=2g', '--label=rserve-proxy.io/bench=true'],
    ...[
      `--env=R_REPOSITORY=${repository}`,
      ...hosts
        .split(/[ ,]+/)
        .filter(Boolean)
        .map((host) => `--add-host=${host}`),
    ],
    ...['--entrypoint=Rscript', base, '--vanilla', '-e', install, ...packages],
  )
  return (performance.now() - startedAt) / 1_000
}
