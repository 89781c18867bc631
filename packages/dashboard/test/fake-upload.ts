import type { Problem } from '@rserve-proxy/contract/problems.ts'
import type { CodeFacts, Upload } from '@rserve-proxy/contract/uploads.ts'
import { act } from '@testing-library/react'
import { vi } from 'vitest'
import { problemBody } from './fake-api.ts'

/** XMLHttpRequest as far as an upload goes; the test answers. `looks`: those that are only looked at. */
export function fakeUpload() {
  const sent: FakeRequest[] = []
  const looks: FakeRequest[] = []

  class FakeRequest extends EventTarget {
    readonly upload = new EventTarget()
    url = ''
    status = 0
    responseText = ''
    contentType = 'application/json'
    form: FormData | undefined

    open(_method: string, url: string) {
      this.url = url
    }
    setRequestHeader() {
      return undefined
    }
    getResponseHeader() {
      return this.contentType
    }
    send(form: FormData) {
      this.form = form
      if (this.url.endsWith('/inspect')) looks.push(this)
      else sent.push(this)
    }
    abort() {
      this.dispatchEvent(new Event('abort'))
    }
    progress(loaded: number) {
      act(() => void this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded })))
    }
    async accept(found: Upload | CodeFacts) {
      this.status = 'id' in found ? 201 : 200
      this.responseText = JSON.stringify(found)
      await act(async () => void this.dispatchEvent(new Event('load')))
    }
    async refuse(problem: Problem) {
      const body = problemBody(problem)
      this.status = body.status
      this.contentType = 'application/problem+json'
      this.responseText = JSON.stringify(body)
      await act(async () => void this.dispatchEvent(new Event('load')))
    }
  }

  vi.stubGlobal('XMLHttpRequest', FakeRequest)
  return Object.assign(sent, { looks })
}
