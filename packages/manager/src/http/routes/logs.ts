import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getLogs } from '@rserve-proxy/contract/logs.ts'
import type { LogEvent, LogService } from '../../services/log-service.ts'
import { eventStream, eventStreamHeaders, lastEventId, type StreamEvent, textStream } from '../event-stream.ts'
import { watchedCall } from '../watched-call.ts'

export const logRoutes: FastifyPluginAsyncTypebox<{ logs: LogService }> = async (server, { logs }) => {
  server.route({
    ...getLogs,
    // A followed log without a reader would never end.
    exposeHeadRoute: false,
    async handler({ principal, params, query, headers }, reply) {
      const signal = watchedCall(reply, () => logs.check(principal, params.appId))
      const after = lastEventId(headers['last-event-id'])
      const events = await logs.open(principal, params.appId, query, { ...(after && { after }) }, signal)
      if (headers.accept?.includes('text/event-stream')) {
        return reply.headers(eventStreamHeaders).sendStream(eventStream(asEvents(events), signal))
      }
      reply.headers({ 'content-type': 'text/plain; charset=utf-8', 'x-accel-buffering': 'no' })
      return reply.sendStream(textStream(asText(events, query.follow === true), signal))
    },
  })
}

async function* asEvents(events: AsyncIterable<LogEvent>): AsyncGenerator<StreamEvent> {
  for await (const event of events) {
    if (event.type === 'end') yield { event: 'end', data: { result: event.result } }
    else yield { id: event.id, data: event.lines }
  }
}

async function* asText(events: AsyncIterable<LogEvent>, withResult: boolean) {
  for await (const event of events) {
    if (event.type === 'lines') yield event.lines.map(({ text }) => `${text}\n`).join('')
    else if (withResult) yield `${event.result}\n`
  }
}
