// The acceptance run: load on one app while everything is done to it that an owner or an accident can do. Every request
// must be answered, no session cut before its drain limit, and new visitors must meet only the code that is live.
//   node run.ts [--short]     against the stack that E2E_URL names; scripts/acceptance starts one
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startLoad } from './load.ts'
import { judge, type Verdict } from './report.ts'
import { openWorld } from './world.ts'

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const plan = values.short
  ? { deploys: 3, drainSeconds: 20, pauseMs: 1_000 }
  : { deploys: 10, drainSeconds: 120, pauseMs: 5_000 }
const load = { requestsPerSecond: 50, sessions: 20, faithful: 2, staySeconds: Math.min(40, plan.drainSeconds * 0.8) }
const began = Date.now()
const verdicts: Verdict[] = []
let failures = 0

const world = await openWorld(plan.drainSeconds)
console.log(`${'Step'.padEnd(34)} ${'at'.padStart(7)} ${'took'.padStart(7)}  Result`)
try {
  await step('First deployment', world.deploy)
  await underLoad('with deploys, failures, rollback', (steps) => change(steps))
  await step('Traefik restarts', world.restartProxy)
  await step('What runs is what is asked for', world.check)
  await underLoad('after the restart', (steps) => steps('Deploy once more', world.deploy))
} finally {
  await world.remove()
}
failures += verdicts.reduce((sum, one) => sum + one.failedRequests + one.brokenSessions + one.wrongAnswers, 0)
process.exitCode = failures > 0 ? 1 : 0

async function change(step: Step) {
  for (let number = 1; number <= plan.deploys; number += 1)
    await step(`Deploy ${number} of ${plan.deploys}`, world.deploy)
  await step('Deploy code that does not load', world.deployBroken)
  await step('Deploy code that takes all memory', world.deployHoarding)
  await step('Roll back', world.rollBack)
  await step('Scale to 3', () => world.scale(3, 1))
  await step('Scale to 1', () => world.scale(1, 3))
  await step('Kill the manager in a deploy', world.killManagerInDeploy)
}

async function step(name: string, act: () => Promise<string>) {
  const at = Date.now()
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
  try {
    const result = await act()
    console.log(
      `ok ${name.padEnd(31)} ${seconds(at - began).padStart(7)} ${seconds(Date.now() - at).padStart(7)}  ${result}`,
    )
  } catch (error) {
    failures += 1
    console.log(`not ok ${name}: ${error instanceof Error ? error.message : error}`)
  }
  await sleep(plan.pauseMs)
}
type Step = typeof step

async function underLoad(name: string, act: (step: Step) => Promise<void>) {
  const running = await startLoad({ url: world.app.url, ...load })
  await sleep(3_000)
  await act(step)
  const report = await running.stop()
  show(name, judge(report, world.history))
}

function show(name: string, verdict: Verdict) {
  verdicts.push(verdict)
  const { requests, failedRequests, calls, brokenSessions, endedByLimit, wrongAnswers, slowestMs, examples } = verdict
  const isGood = failedRequests + brokenSessions + wrongAnswers === 0
  console.log(`${isGood ? 'ok' : 'not ok'} Load ${name}`)
  const facts = [
    ['requests', requests],
    ['failed requests', failedRequests],
    ['slowest request, ms', slowestMs],
    ['calls over WebSocket', calls],
    ['broken sessions', brokenSessions],
    ['sessions ended by the drain limit', endedByLimit],
    ['answers of other code', wrongAnswers],
  ]
  for (const [fact, value] of facts) console.log(`   ${String(fact).padEnd(34)} ${value}`)
  for (const example of examples) console.log(`   ${example}`)
}
