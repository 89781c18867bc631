import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getEvents } from '@rserve-proxy/contract/events.ts'
import type { EventService, FeedEvent } from '../../services/event-service.ts'
import { eventStream, eventStreamHeaders, lastEventId, type StreamEvent } from '../event-stream.ts'

export const eventRoutes: FastifyPluginAsyncTypebox<{ events: EventService }> = async (server, { events }) => {
  server.route({
    ...getEvents,
    // A stream without a reader would never end.
    exposeHeadRoute: false,
    async handler({ principal, headers, callSignal }, reply) {
      const found = events.open(principal, lastEventId(headers['last-event-id']), callSignal)
      return reply.headers(eventStreamHeaders).sendStream(eventStream(asEvents(found), callSignal))
    },
  })
}

async function* asEvents(found: AsyncIterable<FeedEvent>): AsyncGenerator<StreamEvent> {
  for await (const { name, id, data } of found) yield { event: name, data, ...(id !== undefined && { id }) }
}
