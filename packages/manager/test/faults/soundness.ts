import { expect } from 'vitest'
import { admin } from './fault-app.ts'

/**
 * What must hold after every scenario (reliability.md §3): everything runs as it is asked for, one generation serves,
 * nothing is without a row, and every container is as the template wants it. The manager's own checker says so.
 */
export async function untilSound(timeoutMs = 60_000) {
  const { call } = await admin()
  const look = async () => {
    const { engine, drift, queue } = await call('GET /api/system', {})
    return { answers: engine.answers, drift, underWay: queue.waiting + queue.building + queue.rollingOut }
  }
  await expect
    .poll(() => look().catch(String), { timeout: timeoutMs, interval: 500 })
    .toEqual({ answers: true, drift: [], underWay: 0 })
}
