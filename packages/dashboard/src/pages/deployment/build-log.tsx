import { useEventStream } from '../../hooks/use-event-stream.ts'
import { logAddress } from '../../paths.ts'
import { LogView } from '../../ui/log-view.tsx'

export function BuildLog({ appId, deploymentId }: { appId: string; deploymentId: string }) {
  const which = { stream: 'build', deployment: deploymentId }
  const stream = useEventStream(logAddress(appId, { ...which, follow: 'true' }))
  return <LogView {...stream} label="Build log" emptyText="Nothing printed yet." fileHref={logAddress(appId, which)} />
}
