import type { ReleaseDiff } from '@rserve-proxy/contract/releases.ts'
import type { ReactNode } from 'react'
import { settingName } from './setting-words.ts'

/** What is different in the later of two releases, by part; equal parts are told in one line. */
export function ReleaseChanges({ diff }: { diff: ReleaseDiff }) {
  const { revision, packages, settings } = diff
  const same = [
    !revision && 'code',
    packages.length === 0 && 'packages',
    settings.length === 0 && 'R version and settings',
  ].filter(Boolean)
  return (
    <div className="space-y-3">
      {revision && (
        <Part title="Code">
          <li className="font-mono text-sm wrap-anywhere">
            {revision.from.label} <Arrow /> {revision.to.label}
          </li>
        </Part>
      )}
      {packages.length > 0 && (
        <Part title="Packages">
          {packages.map(({ name, from, to }) => (
            <li key={name} className="flex gap-2">
              <Sign from={from} to={to} />
              <span className="min-w-0 flex-1 wrap-anywhere">{name}</span>
              <span className="text-ink-3 tabular-nums">
                {from && to ? (
                  <>
                    {from} <Arrow /> {to}
                  </>
                ) : (
                  (to ?? from)
                )}
              </span>
            </li>
          ))}
        </Part>
      )}
      {settings.length > 0 && (
        <Part title="R version and settings">
          {settings.map(({ name, from, to }) => (
            <li key={name} className="wrap-anywhere">
              {settingName(name)}: {valueText(from)} <Arrow /> {valueText(to)}
            </li>
          ))}
        </Part>
      )}
      {same.length > 0 && <p className="text-sm text-ink-3">Unchanged: {same.join(', ')}.</p>}
    </div>
  )
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section>
    <h3 className="text-xs text-ink-3">{title}</h3>
    <ul className="mt-1 space-y-1">{children}</ul>
  </section>
)

const Arrow = () => (
  <>
    <span aria-hidden>→</span>
    <span className="sr-only">becomes</span>
  </>
)

function Sign({ from, to }: { from: string | null; to: string | null }) {
  const [sign, word, look] =
    from === null
      ? ['+', 'added', 'text-success']
      : to === null
        ? ['−', 'removed', 'text-danger']
        : ['~', 'changed', 'text-progress']
  return (
    <span className={`w-3 text-center font-mono ${look}`}>
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{word}</span>
    </span>
  )
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : 'none'
  if (typeof value !== 'object' || value === null) return String(value ?? 'default')
  const parts = Object.entries(value).map(([name, inner]) => `${name} ${inner}`)
  return parts.length > 0 ? parts.join(', ') : 'default'
}
