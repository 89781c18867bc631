import type { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Upload } from '@rserve-proxy/contract/uploads.ts'
import { act } from '@testing-library/react'
import { vi } from 'vitest'
import { problemBody } from './fake-api.ts'

/** XMLHttpRequest as far as an upload goes; the test answers. */
export function fakeUpload() {
  const sent: FakeRequest[] = []

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
      sent.push(this)
    }
    abort() {
      this.dispatchEvent(new Event('abort'))
    }
    progress(loaded: number) {
      act(() => void this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded })))
    }
    async accept(upload: Upload) {
      this.status = 201
      this.responseText = JSON.stringify(upload)
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
  return sent
}
