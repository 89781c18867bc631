import type { ReactNode } from 'react'

/** One sentence, one or two verbs, no picture. */
export const EmptyState = ({ text, children }: { text: string; children?: ReactNode }) => (
  <div className="flex flex-col items-center gap-4 rounded-lg border border-dashed px-4 py-12 text-center">
    <p className="text-ink-2">{text}</p>
    {children && <div className="flex flex-wrap justify-center gap-2">{children}</div>}
  </div>
)
