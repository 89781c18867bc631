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

  const no = mayNotChange(app) ?? (app.status === 'unknown' ? 'The engine is not reachable' : undefined)
  return {
    isBusy: fetcher.state !== 'idle',
    deploy: {
      // Uploading new code is possible even when there is none to deploy yet.
      disabledReason: no ?? (isUpload ? undefined : appCan.deploy(app)),
      run: () => (isUpload ? setAsking('deploy') : send('deploy')),
    },
    start: { disabledReason: no ?? appCan.start(app), run: () => send('start') },
    stop: { disabledReason: no ?? appCan.stop(app), run: () => setAsking('stop') },
    restart: { disabledReason: no ?? appCan.restart(app), run: () => send('restart') },
    rebuild: { disabledReason: no ?? appCan.deploy(app), run: () => setAsking('rebuild') },
    apply: { disabledReason: no ?? appCan.apply(app), run: () => send('apply') },
    remove: { disabledReason: mayNotOwn(app), run: () => setAsking('delete') },
    dialog: asking && (
      <Suspense>
        <AppDialog app={app} asking={asking} onVerb={send} onClose={close} />
      </Suspense>
    ),
  }
}
export type AppVerbs = ReturnType<typeof useAppVerbs>

/** Why the caller may not change an app that he sees. */
export const mayNotChange = ({ right, owner }: Pick<App, 'right' | 'owner'>) =>
  right === 'view' ? `You may see this app. ${owner.username} can make you an editor` : undefined

export const mayNotOwn = ({ right, owner }: Pick<App, 'right' | 'owner'>) =>
  right === 'own' ? undefined : `Only ${owner.username} and admins can do this`
