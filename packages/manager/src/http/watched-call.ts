import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'

/**
 * For answers that go on for long: aborts with the call, and when a look each minute (`recheckMs`) finds that the caller has been
 * signed out, or may no longer see what he is told.
 */
export function watchedCall(reply: FastifyReply, check: () => Promise<unknown> = async () => undefined): AbortSignal {
  const { request } = reply
  const refused = new AbortController()
  const ended = new AbortController()
  reply.raw.once('close', () => ended.abort())
  lookAgain(
    async () => {
      await request.authorizeAgain()
      await check()
    },
    request.server.recheckMs,
    ended.signal,
  ).catch((error: unknown) => {
    if (ended.signal.aborted) return
    request.log.info({ err: error }, 'stream ended: its caller may not follow it any more')
    refused.abort()
  })
  return AbortSignal.any([request.callSignal, refused.signal])
}

async function lookAgain(check: () => Promise<unknown>, everyMs: number, signal: AbortSignal): Promise<never> {
  for (;;) {
    await sleep(everyMs, undefined, { signal })
    await check()
  }
}
