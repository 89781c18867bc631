import { CircleDashed } from 'lucide-react'
import type { ReactNode } from 'react'
import { Notice } from '../ui/card.tsx'

/** Saved is not live. */
export function UnappliedNotice({ names, verbs }: { names: string[]; verbs?: ReactNode }) {
  const count = names.length === 1 ? '1 setting' : `${names.length} settings`
  return (
    <Notice
      hue="warning"
      icon={<CircleDashed aria-hidden className="size-4" />}
      title={`${count} changed, not live until the next deployment`}
      verbs={verbs}
    >
      {names.join(', ')}
    </Notice>
  )
}
