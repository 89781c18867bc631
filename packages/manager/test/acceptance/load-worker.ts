// The visitors, in a thread of their own: what the run does beside them must not delay a request.
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { connect } from '../helpers/rserve-client.ts'
import type { LoadReport, Session, Visit } from './report.ts'

export interface LoadOptions {
  url: string
  requestsPerSecond: number
  sessions: number
  /** Sessions that stay until they are cut or the load ends; the others leave within `staySeconds`. */
  faithful: number
  staySeconds: number
}

const options: LoadOptions = workerData
const visits: Promise<Visit>[] = []
const sessions: Session[] = []
let isOver = false

async function visit(): Promise<Visit> {
  const at = Date.now()
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  try {
    const response = await fetch(`${options.url}add?a=1&b=2`, { signal: AbortSignal.timeout(10_000) })
    const text = await response.text()
    if (response.status === 200) return { at, ms: took(), value: Number(text) }
    return { at, ms: took(), value: undefined, trouble: `${response.status}` }
  } catch (error) {
    return { at, ms: took(), value: undefined, trouble: error instanceof Error ? String(error.cause ?? error) : '' }
  }
}

/** Open loop: a slow answer does not slow the next request down. */
async function keepVisiting() {
  for (let at = performance.now(); !isOver; at += 1_000 / options.requestsPerSecond) {
    await sleep(Math.max(0, at - performance.now()))
    visits.push(visit())
  }
}

async function keepCalling(isFaithful: boolean) {
  while (!isOver) {
    const patience = isFaithful ? Number.POSITIVE_INFINITY : 1 + Math.random() * options.staySeconds
    const session: Session = { openedAt: Date.now(), closedAt: 0, calls: 0, values: [], ending: 'refused' }
    try {
      await call(session, patience)
    } catch (error) {
      session.trouble = error instanceof Error ? error.message : String(error)
      await sleep(100)
    }
    sessions.push({ ...session, closedAt: Date.now() })
  }
}

async function call(session: Session, patience: number) {
  const r = await connect(options.url.replace(/^http/, 'ws'))
  session.ending = 'cut'
  while (!isOver && session.calls < patience) {
    session.values.push(Number(await r.call('add', 1, 2)))
    session.calls += 1
    await Promise.race([sleep(1_000), r.closed])
  }
  session.ending = 'left'
  r.close()
}

const ended = Promise.all([
  keepVisiting(),
  ...Array.from({ length: options.sessions }, (_, index) => keepCalling(index < options.faithful)),
])

parentPort?.once('message', async () => {
  isOver = true
  await ended
  const report: LoadReport = { visits: await Promise.all(visits), sessions }
  parentPort?.postMessage(report)
})
