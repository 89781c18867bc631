import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeEach, vi } from 'vitest'
import { forgetLiveData } from '../src/live/viewer.ts'
import { toastStore } from '../src/ui/toast-store.ts'
import { FakeEventSource } from './fake-event-source.ts'
import { installPlatform } from './platform.ts'

// The first visit of a lazy page compiles it, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

beforeEach(() => {
  installPlatform()
  vi.stubGlobal('EventSource', FakeEventSource)
})

afterEach(() => {
  cleanup()
  forgetLiveData()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  FakeEventSource.opened = []
  for (const toast of toastStore.list()) toastStore.close(toast.id)
  localStorage.clear()
  delete document.documentElement.dataset.theme
})
