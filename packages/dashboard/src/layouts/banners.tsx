import { CircleQuestionMark, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router-dom'
import { useEngine } from '../hooks/use-live.ts'
import { paths } from '../paths.ts'
import { clockText } from '../ui/time.tsx'

/** What everybody must know, above the page; it leaves by itself. */
export function EngineBanner() {
  const { answers, unknownSince } = useEngine()
  if (answers) return null
  const since = unknownSince ? ` since ${clockText(new Date(unknownSince))}` : ''
  return (
    <Banner look="bg-unknown-soft text-unknown" icon={<CircleQuestionMark aria-hidden className="mt-0.5 size-4" />}>
      The engine has not been reachable{since}. Apps keep running; they cannot be seen or changed until it answers.
    </Banner>
  )
}

export const OneHostBanner = () => (
  <Banner look="bg-warning-soft text-warning" icon={<TriangleAlert aria-hidden className="mt-0.5 size-4" />}>
    One-host mode: dashboard and apps share an address, and only the browser keeps an app's page away from your sign-in.
    Give apps a host of their own before others use this.{' '}
    <Link to={paths.system()} className="underline">
      System
    </Link>
  </Banner>
)

const Banner = ({ look, icon, children }: { look: string; icon: ReactNode; children: ReactNode }) => (
  <p role="status" className={`flex gap-2 rounded-lg px-4 py-2 text-sm ${look}`}>
    <span className="shrink-0">{icon}</span>
    <span>{children}</span>
  </p>
)
