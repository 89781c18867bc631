// Ratios of a running stack against peers, measured side by side in one run.
//   node bench/run.ts [METRIC...] [--reps 5] [--json FILE]     metrics: deploy-unchanged deploy-changed restart
import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { ratioOf } from './lib/ratio.ts'
import { openStack } from './lib/stack.ts'
import { deployWho } from './lib/who-app.ts'
import { deployUnchanged, restart } from './metrics/beside-run.ts'
import { deployChanged } from './metrics/deploy-changed.ts'

const metrics = [deployUnchanged, deployChanged, restart]
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { reps: { type: 'string', default: '5' }, json: { type: 'string' } },
})
const unknown = positionals.filter((id) => !metrics.some((metric) => metric.id === id))
if (unknown.length > 0) throw new Error(`no such metric: ${unknown}. There are: ${metrics.map(({ id }) => id)}`)

const wanted = metrics.filter(({ id }) => positionals.length === 0 || positionals.includes(id))
const who = await deployWho(await openStack())
const env = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model }
const results = []
try {
  for (const { id, peer, target, run } of wanted) {
    const result = ratioOf(await run(who, Number(values.reps)))
    results.push({ metric: id, unit: 'ms', target, ...result, peer: { name: peer, value: result.peer }, env })
    const rounded = Object.entries(result).map(([name, value]) => `${name} ${Number(value.toFixed(2))}`)
    console.log(`${id} / ${peer}: ${rounded.join(', ')} (target ${target})`)
  }
} finally {
  await who.remove()
}
if (values.json) await writeFile(values.json, JSON.stringify(results, null, 2))
