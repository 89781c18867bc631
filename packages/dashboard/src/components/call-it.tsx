import type { App } from '@rserve-proxy/contract/apps.ts'
import type { AppFunction } from '@rserve-proxy/contract/functions.ts'
import { useState } from 'react'
import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { callSnippets } from './call-snippet.ts'

const remembered = 'language'

/** How to call the app, in the language that was chosen last. */
export function CallIt({ app, functions }: { app: App; functions: AppFunction[] | null }) {
  const snippets = callSnippets(app, functions)
  const [language, setLanguage] = useState(() => localStorage.getItem(remembered))
  const shown = snippets.find((snippet) => snippet.language === language) ?? snippets[0]
  if (!shown) return null
  function choose(next: string) {
    setLanguage(next)
    localStorage.setItem('language', next)
  }
  return (
    <Card
      title="Call it"
      aside={
        <fieldset className="flex gap-1">
          <legend className="sr-only">Language</legend>
          {snippets.map((snippet) => (
            <button
              key={snippet.language}
              type="button"
              aria-pressed={snippet === shown}
              className="h-7 rounded-md px-2 text-sm text-ink-2 hover:bg-sunken aria-pressed:bg-sunken aria-pressed:font-medium aria-pressed:text-ink max-sm:h-10"
              onClick={() => choose(snippet.language)}
            >
              {snippet.language}
            </button>
          ))}
        </fieldset>
      }
    >
      <CodeBlock label={`How to call it, ${shown.language}`} code={shown.code} />
      <p className="mt-2 text-sm text-ink-3">{shown.hint}</p>
    </Card>
  )
}
