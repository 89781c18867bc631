import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getEvents } from '@rserve-proxy/contract/events.ts'
import type { EventService, FeedEvent } from '../../services/event-service.ts'
import { eventStream, eventStreamHeaders, lastEventId, type StreamEvent } from '../event-stream.ts'
import { watchedCall } from '../watched-call.ts'

export const eventRoutes: FastifyPluginAsyncTypebox<{ events: EventService }> = async (server, { events }) => {
  server.route({
    ...getEvents,
    // A stream without a reader would never end.
    exposeHeadRoute: false,
    async handler(request, reply) {
      const signal = watchedCall(reply)
      const found = events.open(request.principal, lastEventId(request.headers['last-event-id']), signal)
      return reply.headers(eventStreamHeaders).sendStream(eventStream(asEvents(found), signal))
    },
  })
}

async function* asEvents(found: AsyncIterable<FeedEvent>): AsyncGenerator<StreamEvent> {
  for await (const { name, id, data } of found) yield { event: name, data, ...(id !== undefined && { id }) }
}
