import { Fragment, type ReactNode } from 'react'
import { Link } from 'react-router-dom'

interface PageHeaderProps {
  title: string
  crumbs?: { label: string; to?: string }[]
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

const Crumbs = ({ crumbs }: { crumbs: { label: string; to?: string }[] }) => (
  <nav aria-label="Breadcrumb" className="text-sm text-ink-2">
    <ol className="flex flex-wrap items-center gap-x-2">
      {crumbs.map((crumb, index) => (
        <Fragment key={crumb.label}>
          {index > 0 && <li aria-hidden>/</li>}
          <li className="min-w-0 truncate">
            {crumb.to ? (
              <Link to={crumb.to} className="hover:text-ink hover:underline">
                {crumb.label}
              </Link>
            ) : (
              <span aria-current="page" className="text-ink">
                {crumb.label}
              </span>
            )}
          </li>
        </Fragment>
      ))}
    </ol>
  </nav>
)
