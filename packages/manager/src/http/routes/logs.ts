import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getLogs } from '@rserve-proxy/contract/logs.ts'
import type { LogEvent, LogService } from '../../services/log-service.ts'
import { eventStream, eventStreamHeaders, lastEventId, type StreamEvent, textStream } from '../event-stream.ts'

export const logRoutes: FastifyPluginAsyncTypebox<{ logs: LogService }> = async (server, { logs }) => {
  server.route({
    ...getLogs,
    // A followed log without a reader would never end.
    exposeHeadRoute: false,
    async handler({ principal, params, query, headers, callSignal }, reply) {
      const after = lastEventId(headers['last-event-id'])
      const events = await logs.open(principal, params.appId, query, { ...(after && { after }) }, callSignal)
      if (headers.accept?.includes('text/event-stream')) {
        return reply.headers(eventStreamHeaders).sendStream(eventStream(asEvents(events), callSignal))
      }
      reply.headers({ 'content-type': 'text/plain; charset=utf-8', 'x-accel-buffering': 'no' })
      return reply.sendStream(textStream(asText(events, query.follow === true), callSignal))
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
