import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { isPending } from '@rserve-proxy/contract/deployments.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { uploads } from './archives.ts'
import { assertions } from './assertions.ts'
import { type BadInput, missingPlaceholders, readCases } from './case-file.ts'
import { createReport } from './report.ts'
import { scenarios } from './scenarios/scenarios.ts'
import { outgoing, type Sent, send, uploading } from './send.ts'
import { openWorld, type World } from './world.ts'

// Everything that people, scripts and attackers send: each is answered as stated, and the manager lives on.

/** Areas of issues to come. */
const notBuilt = ['domain', 'env', 'webhooks']
const builtNeeds = ['git-fixture', 'resources', 'deployments', 'idempotency-key', 'audit']
/** Of one request; an archive of the largest size takes its time. */
const answerMs = 1_000

const report = createReport()
let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  console.log(report.text())
})
afterEach(() => world.reset())

const cases = readCases()
const areas = [...new Set(cases.map(({ area }) => area))]

describe.each(areas)('%s', (area) => {
  it.for(cases.filter((input) => input.area === area))('$id: $why', { timeout: 90_000 }, async (input, { skip }) => {
    const reason = whyNot(input)
    if (reason) {
      report.skipped(area, reason)
      skip(reason)
    }
    try {
      await answer(input)
      report.asExpected(area)
    } catch (error) {
      report.otherwise(area, input.id)
      throw error
    }
  })
})

function whyNot(input: BadInput): string | undefined {
  if (notBuilt.includes(input.area)) return 'not built yet'
  const need = input.needs?.find((name) => !builtNeeds.includes(name))
  if (need) return `needs ${need}`
  if (input.needs?.includes('git-fixture') && !world.gitHosts) return 'needs port 443 of 127.0.0.77'
  if (input.via) return `goes through ${input.via}`
  if (!(input.auth in world.headers)) return `needs the sign-in ${input.auth}`
  const [missing] = missingPlaceholders(input, { ...world.names, uniqueSlug: '' })
  if (missing) return `needs {${missing}}`
  if (input.kind === 'scenario' && !scenarios[input.id]) return 'a scenario without code'
  if (input.kind === 'upload' && !uploads[input.description ?? '']) return 'a file that nothing makes'
  return undefined
}

async function answer(input: BadInput) {
  const scenario = scenarios[input.id]
  if (input.kind === 'scenario' && scenario) return scenario(world)
  const names = { ...world.names, uniqueSlug: `u${randomBytes(6).toString('hex')}` }
  const credentials = world.headers[input.auth] ?? {}
  const upload = input.kind === 'upload' ? await uploads[input.description ?? '']?.() : undefined
  const message = upload ? uploading(input.path, upload, names, credentials) : outgoing(input, names, credentials)
  const sent = await send(world.port, message)
  expect(input.expect_status, sent.text.slice(0, 500)).toContain(sent.status)
  expectHarmless(sent)
  assertions[input.id]?.(sent)
  if (!upload) expect(sent.tookMs).toBeLessThan(answerMs)
  if (upload) expect(await world.stagedFiles()).toEqual([])
  expect((await fetch(`${world.manager.url}/api/health`)).status).toBe(200)
  if (input.phase === 'build') await deployAndExpect(JSON.parse(sent.text), input.build_expect ?? '')
}

/** No stack, SQL, path or secret; a problem with a code; the headers that every answer has. */
function expectHarmless({ status, headers, text }: Sent) {
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(text).not.toMatch(/\bat [\w.<>]+ \(|node_modules|\/packages\/|\bselect\b.*\bfrom\b|insert into|argon2|v1:k1:/i)
  if (status < 400) return
  expect(headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(JSON.parse(text)).toMatchObject({ status, code: expect.stringMatching(/^[a-z-]+$/) })
}

const codes: Record<string, string> = { timeout: 'timed-out', auth: 'source-needs-auth' }

async function deployAndExpect({ id: appId }: { id: string }, expected: string) {
  const alice = await world.manager.signIn('alice')
  let deployment = await alice.settle(appId, 'deploy')
  while (isPending(deployment.status)) deployment = await alice.settle(appId, 'deploy')
  const [, failure] = /^failed:(.+)$/.exec(expected) ?? []
  if (failure) {
    expect(deployment.failure, deployment.status).toMatchObject({ code: codes[failure] ?? failure })
  } else {
    expect(deployment).toMatchObject({ status: 'live', failure: null })
    const log = await (await alice.send(`/api/apps/${appId}/logs?stream=build`)).text()
    if (expected.includes('submodule')) expect(log).toContain('vendor is a submodule; submodules are not fetched')
  }
  expect(existsSync(world.gitHosts?.marker ?? '')).toBe(false)
}
