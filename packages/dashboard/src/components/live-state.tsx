import { clockText } from '../ui/time.tsx'

/** Says whether what is shown is true now. */
export const LiveState = ({ isStale, asOf }: { isStale: boolean; asOf: number }) => (
  <span role="status" className="inline-flex items-center gap-2 text-sm text-ink-2">
    <span aria-hidden className={`size-2 rounded-full ${isStale ? 'border border-warning' : 'bg-success'}`} />
    {isStale ? `Reconnecting, as of ${clockText(new Date(asOf))}` : 'Live'}
  </span>
)
