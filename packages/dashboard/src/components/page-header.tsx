import { Fragment, type ReactNode } from 'react'
import { Link } from 'react-router-dom'

interface Crumb {
  label: string
  to?: string
  /** Beside it: opens the list of others. */
  verb?: ReactNode
}

interface PageHeaderProps {
  title: string
  crumbs?: Crumb[]
  badge?: ReactNode
  children?: ReactNode
  verbs?: ReactNode
}

export const PageHeader = ({ title, crumbs = [], badge, children, verbs }: PageHeaderProps) => (
  <header className="space-y-1">
    {crumbs.length > 0 && <Crumbs crumbs={crumbs} />}
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-40 space-y-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-xl font-semibold">{title}</h1>
          {badge}
        </div>
        {children}
      </div>
      {verbs && <div className="flex flex-wrap gap-2">{verbs}</div>}
    </div>
  </header>
)

const Crumbs = ({ crumbs }: { crumbs: Crumb[] }) => (
  <nav aria-label="Breadcrumb" className="text-sm text-ink-2">
    <ol className="flex flex-wrap items-center gap-x-2">
      {crumbs.map((crumb, index) => (
        <Fragment key={crumb.label}>
          {index > 0 && <li aria-hidden>/</li>}
          <li className="inline-flex min-w-0 items-center gap-1 truncate">
            {crumb.to ? (
              <Link to={crumb.to} className="hover:text-ink hover:underline">
                {crumb.label}
              </Link>
            ) : (
              <span aria-current="page" className="text-ink">
                {crumb.label}
              </span>
            )}
            {crumb.verb}
          </li>
        </Fragment>
      ))}
    </ol>
  </nav>
)
