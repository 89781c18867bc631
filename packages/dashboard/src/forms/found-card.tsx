import type { CodeFacts } from '@rserve-proxy/contract/uploads.ts'
import type { ReactNode } from 'react'
import { errorWords } from '../components/error-words.ts'
import { StatusMark } from '../components/status-mark.tsx'
import type { FactsState } from '../hooks/use-code-facts.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Spinner } from '../ui/spinner.tsx'

interface FoundCardProps {
  state: FactsState
  rVersions: string[]
  onTryAgain: () => void
}

/** What the code says about how to run it, before anything is deployed. */
export const FoundCard = ({ state, ...rest }: FoundCardProps) => (
  <Card title="Found in the code">
    <div role="status" className="space-y-2">
      <Content state={state} {...rest} />
    </div>
  </Card>
)

function Content({ state, rVersions, onTryAgain }: FoundCardProps) {
  switch (state.kind) {
    case 'none':
      return <p className="text-ink-2">Choose the code, and what it needs shows here.</p>
    case 'looking':
      return (
        <p className="flex items-center gap-2 text-ink-2">
          <Spinner /> Looking…
        </p>
      )
    case 'too-large':
      return <p className="text-ink-2">It is large: what it needs is found when it is deployed.</p>
    case 'failed': {
      const { title, detail } = errorWords(state.error)
      return (
        <>
          <Fact isGood={false}>
            {title}. {detail}
          </Fact>
          <Button size="row" onClick={onTryAgain}>
            Look again
          </Button>
        </>
      )
    }
    case 'found':
      return <Facts facts={state.facts} rVersions={rVersions} />
  }
}

const modes = { ocap: 'Offers functions (OCAP)', http: 'Answers HTTP requests' } as const

function Facts({ facts, rVersions }: { facts: CodeFacts; rVersions: string[] }) {
  const { entryScriptFound, packagesFound, packagesFrom, rVersionFound, modeFound, unsupportedFound } = facts
  const isOffered = rVersionFound === null || rVersions.some((offered) => `${offered}.`.startsWith(`${rVersionFound}.`))
  return (
    <ul className="space-y-2">
      <li>
        {entryScriptFound ? (
          <Fact isGood>
            Entry script <code className="font-mono text-sm">{entryScriptFound}</code>
          </Fact>
        ) : (
          <Fact isGood={false}>No R file in the top folder. Name the entry script, or choose other code.</Fact>
        )}
      </li>
      {unsupportedFound && (
        <li>
          <Fact isGood={false}>
            {unsupportedFound} is not supported: define oc.init() or .http.request() for Rserve.
          </Fact>
        </li>
      )}
      {!unsupportedFound && entryScriptFound && (
        <li>
          {modeFound ? (
            <Fact isGood>{modes[modeFound]}</Fact>
          ) : (
            <Fact isGood={false}>Neither oc.init() nor .http.request() in the entry script: say how it answers.</Fact>
          )}
        </li>
      )}
      {rVersionFound && (
        <li>
          <Fact isGood={isOffered}>
            R {rVersionFound} asked for{isOffered ? '' : `, which is not offered here: ${rVersions.join(', ')}`}
          </Fact>
        </li>
      )}
      <li>
        <Fact isGood>{packagesText(packagesFound, packagesFrom)}</Fact>
      </li>
    </ul>
  )
}

function packagesText(names: string[], from: CodeFacts['packagesFrom']) {
  if (names.length === 0) return 'No packages'
  const count = names.length === 1 ? '1 package' : `${names.length} packages`
  const shown = names.slice(0, 8).join(', ')
  const rest = names.length > 8 ? ` and ${names.length - 8} more` : ''
  return `${count} ${from === 'code' ? 'named in the code' : `from ${from}`}, installed by themselves: ${shown}${rest}`
}

const Fact = ({ isGood, children }: { isGood: boolean; children: ReactNode }) => (
  <span className="flex gap-2">
    <span className="mt-0.5">
      <StatusMark {...(isGood ? { icon: 'check', hue: 'success' } : { icon: 'triangle', hue: 'warning' })} />
    </span>
    <span className="min-w-0 wrap-anywhere">{children}</span>
  </span>
)
