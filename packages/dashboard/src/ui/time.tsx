import { useTooltip } from './tooltip.tsx'
import { useTick } from './use-tick.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const week = 7 * day

export const secondsSince = (iso: string, now = Date.now()) => Math.max(0, Math.round((now - Date.parse(iso)) / 1_000))

/** "40 s", "1 min 12 s", "2 h 5 min" */
export function durationText(seconds: number) {
  if (seconds < 1) return '< 1 s'
  if (seconds < minute) return `${seconds} s`
  if (seconds < hour) return joined(Math.floor(seconds / minute), 'min', seconds % minute, 's')
  return joined(Math.floor(seconds / hour), 'h', Math.floor((seconds % hour) / minute), 'min')
}

const joined = (large: number, largeUnit: string, small: number, smallUnit: string) =>
  small ? `${large} ${largeUnit} ${small} ${smallUnit}` : `${large} ${largeUnit}`

/** "40 s ago", "yesterday", "3 November" */
export function agoText(iso: string, now = Date.now()) {
  const seconds = secondsSince(iso, now)
  if (seconds < minute) return `${seconds} s ago`
  if (seconds < hour) return `${Math.floor(seconds / minute)} min ago`
  if (seconds < day) return `${Math.floor(seconds / hour)} h ago`
  if (seconds < 2 * day) return 'yesterday'
  if (seconds < 2 * week) return `${Math.floor(seconds / day)} days ago`
  if (seconds < 5 * week) return `${Math.floor(seconds / week)} weeks ago`
  return dateText(iso, now)
}

export function dateText(iso: string, now = Date.now()) {
  const date = new Date(iso)
  const isThisYear = date.getFullYear() === new Date(now).getFullYear()
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', ...(!isThisYear && { year: 'numeric' }) })
}

/** "14:02:07", where the reader is. */
export const clockSecondsText = (iso: string) => new Date(iso).toLocaleTimeString('en-GB')

/** "14:02" */
export const clockText = (date: Date) => date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

export function RelativeTime({ iso }: { iso: string }) {
  useTick('calm')
  const tip = useTooltip(new Date(iso).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'medium' }))
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time shows on focus too */}
      <time dateTime={iso} tabIndex={0} className="whitespace-nowrap" {...tip.anchor}>
        {agoText(iso)}
      </time>
      {tip.bubble}
    </>
  )
}

/** "1 min 12 s", counting while it lasts. */
export function Duration({ from, to }: { from: string; to: string | null }) {
  return to === null ? <RunningDuration from={from} /> : durationText(secondsSince(from, Date.parse(to)))
}

function RunningDuration({ from }: { from: string }) {
  useTick('second')
  return durationText(secondsSince(from))
}
