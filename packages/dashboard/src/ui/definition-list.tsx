import type { ReactNode } from 'react'

/** Facts in two columns. */
export const DefinitionList = ({ facts }: { facts: { name: string; value: ReactNode }[] }) => (
  <dl className="grid grid-cols-[5rem_1fr] gap-x-3 gap-y-2">
    {facts.map((fact) => (
      <div key={fact.name} className="contents">
        <dt className="text-ink-3">{fact.name}</dt>
        <dd className="min-w-0 wrap-anywhere">{fact.value}</dd>
      </div>
    ))}
  </dl>
)
