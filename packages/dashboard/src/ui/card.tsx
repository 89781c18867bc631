import type { ReactNode } from 'react'
import type { Hue } from './hue.ts'
import { hueText } from './hue.ts'

interface CardProps {
  title?: string
  aside?: ReactNode
  children: ReactNode
}

export const Card = ({ title, aside, children }: CardProps) => (
  <section className="rounded-lg border bg-surface p-4">
    {title && (
      <div className="mb-3 flex items-center justify-between gap-2">
        <h2 className="font-semibold">{title}</h2>
        {aside}
      </div>
    )}
    {children}
  </section>
)

interface NoticeProps {
  hue: Hue
  icon: ReactNode
  title: string
  children?: ReactNode
  verbs?: ReactNode
  /** Read aloud when it appears. */
  isAlert?: boolean
}

/** A card that tells one fact with its status first. */
export const Notice = ({ hue, icon, title, children, verbs, isAlert = false }: NoticeProps) => (
  <section role={isAlert ? 'alert' : undefined} className="flex flex-wrap gap-3 rounded-lg border bg-surface p-4">
    <span className={`mt-0.5 ${hueText[hue]}`}>{icon}</span>
    <div className="min-w-0 flex-1 basis-50">
      <h2 className="font-semibold">{title}</h2>
      {children && <div className="mt-1 space-y-2 text-ink-2">{children}</div>}
    </div>
    {verbs && <div className="flex flex-wrap items-start gap-2">{verbs}</div>}
  </section>
)
