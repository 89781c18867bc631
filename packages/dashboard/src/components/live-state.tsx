import { useFeedState } from '../hooks/use-live.ts'
import { clockText } from '../ui/time.tsx'

/** Says whether what is shown is true now. */
export function LiveState() {
  const { state, asOf } = useFeedState()
  const isLive = state === 'live'
  return (
    <span role="status" className="inline-flex items-center gap-2 text-sm whitespace-nowrap text-ink-2">
      <span aria-hidden className={`size-2 rounded-full ${isLive ? 'bg-success' : 'border border-warning'}`} />
      {isLive ? 'Live' : state === 'connecting' ? 'Connecting' : `Reconnecting, as of ${clockText(new Date(asOf))}`}
    </span>
  )
}
