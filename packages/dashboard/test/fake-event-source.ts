import { act, waitFor } from '@testing-library/react'

/** A stream whose other end is the test. */
export class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSED = 2
  static opened: FakeEventSource[] = []

  /** The page's effect opens it, after the page is shown. */
  static first(): Promise<FakeEventSource> {
    return waitFor(() => FakeEventSource.opened[0] ?? Promise.reject(new Error('no stream was opened')))
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

  end(status: string) {
    act(() => void this.dispatchEvent(new MessageEvent('end', { data: JSON.stringify({ status }) })))
  }

  break() {
    this.readyState = FakeEventSource.CONNECTING
    act(() => this.onerror?.())
  }

  close() {
    this.readyState = FakeEventSource.CLOSED
  }
}
