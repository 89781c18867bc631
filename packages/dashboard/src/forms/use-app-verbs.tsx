import { appCan } from '@rserve-proxy/contract/app-can.ts'
import type { App } from '@rserve-proxy/contract/apps.ts'
import { lazy, Suspense, useState } from 'react'
import { useFetcher } from 'react-router-dom'
import { paths } from '../paths.ts'
import type { Asking } from './app-dialogs.tsx'
import type { AppVerb, VerbRequest } from './app-verbs.ts'

const AppDialog = lazy(() => import('./app-dialogs.tsx').then((dialogs) => ({ default: dialogs.AppDialog })))

/** The verbs of one app, for its page and its row: why each is not possible now, and the dialogs of those that ask. */
export function useAppVerbs(app: App) {
  const fetcher = useFetcher()
  const [asking, setAsking] = useState<Asking>()
  const close = () => setAsking(undefined)
  const isUpload = app.codeSource.type === 'upload'

  function send(verb: AppVerb) {
    close()
    const request: VerbRequest = { verb }
    fetcher.submit({ ...request }, { method: 'post', action: paths.app(app.id), encType: 'application/json' })
  }

  const isUnknown = app.status === 'unknown' ? 'The engine is not reachable' : undefined
  return {
    isBusy: fetcher.state !== 'idle',
    deploy: {
      // Uploading new code is possible even when there is none to deploy yet.
      disabledReason: isUnknown ?? (isUpload ? undefined : appCan.deploy(app)),
      run: () => (isUpload ? setAsking('deploy') : send('deploy')),
    },
    start: { disabledReason: isUnknown ?? appCan.start(app), run: () => send('start') },
    stop: { disabledReason: isUnknown ?? appCan.stop(app), run: () => setAsking('stop') },
    restart: { disabledReason: isUnknown ?? appCan.restart(app), run: () => send('restart') },
    remove: { run: () => setAsking('delete') },
    dialog: asking && (
      <Suspense>
        <AppDialog app={app} asking={asking} onVerb={send} onClose={close} />
      </Suspense>
    ),
  }
}
