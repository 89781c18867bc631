import { useEventStream } from '../../hooks/use-event-stream.ts'
import { useApp } from '../../layouts/app-layout.tsx'
import { logAddress } from '../../paths.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LogView } from '../../ui/log-view.tsx'

export function LogsPage() {
  const { app } = useApp()
  const neverRan = app.deployment === null
  return (
    <>
      <title>{`Logs · ${app.name}`}</title>
      {neverRan ? (
        <EmptyState text="Nothing was printed yet: the app was never deployed." />
      ) : (
        // A new generation prints to a new log.
        <RuntimeLog key={`${app.id} ${app.release?.number}`} appId={app.id} />
      )}
    </>
  )
}

function RuntimeLog({ appId }: { appId: string }) {
  const stream = useEventStream(logAddress(appId, { stream: 'runtime', tail: '1000', follow: 'true' }))
  return (
    <LogView
      {...stream}
      label="Runtime log"
      isTall
      emptyText="Nothing printed yet."
      fileHref={logAddress(appId, { stream: 'runtime', tail: '10000' })}
    />
  )
}
