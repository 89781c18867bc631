import { SquareTerminal } from 'lucide-react'
import type { ReactNode } from 'react'

interface EntranceProps {
  title: string
  heading: string
  children: ReactNode
}

/** The frame of pages for who is not signed in. */
export const Entrance = ({ title, heading, children }: EntranceProps) => (
  <main className="flex min-h-screen items-center justify-center p-3">
    <title>{`${title} · rserve-proxy`}</title>
    <div className="w-full max-w-100 rounded-xl border bg-surface p-6">
      <div className="mb-6 flex items-center gap-2">
        <SquareTerminal aria-hidden className="size-6 shrink-0 text-accent-ink" />
        <h1 className="text-xl font-semibold">{heading}</h1>
      </div>
      {children}
    </div>
  </main>
)
