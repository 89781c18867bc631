import { until } from '../../src/spawner/contract-steps.ts'
import type { SignedIn } from './signed-in.ts'

export interface SeenEvent {
  name: string
  id: string | undefined
  data: Record<string, unknown>
}

/** Follows the event stream until it is closed. */
export async function followEvents(api: SignedIn, lastEventId?: string) {
  const closing = new AbortController()
  const headers = { accept: 'text/event-stream', ...(lastEventId && { 'last-event-id': lastEventId }) }
  const response = await api.send('/api/events', { headers, signal: closing.signal })
  const seen: SeenEvent[] = []
  const reading = read(response, seen).catch((error: unknown) => {
    if (!closing.signal.aborted) throw error
  })
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    seen,
    /** The first event that holds, past or to come. */
    async find(holds: (event: SeenEvent) => boolean): Promise<SeenEvent> {
      const found = await until(async () => seen.find(holds), Boolean)
      if (!found) throw new Error('no such event')
      return found
    },
    lastId: () => seen.findLast(({ id }) => id)?.id,
    async [Symbol.asyncDispose]() {
      closing.abort()
      await reading
    },
  }
}

async function read({ body }: Response, seen: SeenEvent[]) {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of body ?? []) {
    const blocks = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map(fieldOf))
      const data = fields.get('data')
      if (data) seen.push({ name: fields.get('event') ?? '', id: fields.get('id'), data: JSON.parse(data) })
    }
  }
}

function fieldOf(line: string): [string, string] {
  const [name = '', ...value] = line.split(': ')
  return [name, value.join(': ')]
}
