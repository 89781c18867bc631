import type { EventData, EventName } from '@rserve-proxy/contract/events.ts'
import type { Principal } from './principal.ts'

export type FeedEvent = {
  [Name in EventName]: {
    name: Name
    /** The position behind it; events without one belong to the next that has one. */
    id?: string
    data: EventData<Name>
  }
}[EventName]

export interface EventService {
  /**
   * What `principal` may see, from `after` (an id of an earlier event) or from now on, until the signal fires. Level, not
   * history: each app is told as it is when the reader takes it. 'too-many-requests' when too many streams are open.
   */
  open(principal: Principal, after: string | undefined, signal: AbortSignal): AsyncIterable<FeedEvent>
}
