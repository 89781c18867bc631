import type { EventData, EventName } from '@rserve-proxy/contract/events.ts'
import { act, waitFor } from '@testing-library/react'

/** A stream whose other end is the test. */
export class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSED = 2
  static opened: FakeEventSource[] = []

  /** The newest to an address that holds `part`. An effect opens it, after the page is shown. */
  static to(part: '/api/events' | '/logs'): Promise<FakeEventSource> {
    return waitFor(() => {
      const stream = FakeEventSource.opened.findLast(({ url }) => url.includes(part))
      if (!stream) throw new Error(`no stream to ${part} was opened`)
      return stream
    })
  }

  readonly url: string
  readyState = FakeEventSource.CONNECTING
  onopen: (() => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: (() => void) | null = null

  constructor(url: string) {
    super()
    this.url = url
    FakeEventSource.opened.push(this)
  }

  open() {
    this.readyState = FakeEventSource.OPEN
    act(() => this.onopen?.())
  }

  send(lines: unknown) {
    act(() => this.onmessage?.(new MessageEvent('message', { data: JSON.stringify(lines) })))
  }

  tell<Name extends EventName>(name: Name, ...all: EventData<Name>[]) {
    return act(async () => {
      for (const data of all) this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }))
    })
  }

  end(status: string) {
    act(() => void this.dispatchEvent(new MessageEvent('end', { data: JSON.stringify({ status }) })))
  }

  /** Some time later the browser opens it again by itself, unless it was refused. */
  break({ isRefused = false } = {}) {
    this.readyState = isRefused ? FakeEventSource.CLOSED : FakeEventSource.CONNECTING
    act(() => this.onerror?.())
  }

  close() {
    this.readyState = FakeEventSource.CLOSED
  }
}
