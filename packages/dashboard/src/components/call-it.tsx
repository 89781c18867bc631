import type { App } from '@rserve-proxy/contract/apps.ts'
import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { callSnippet } from './call-snippet.ts'

export function CallIt({ app }: { app: App }) {
  const { language, hint, code } = callSnippet(app)
  return (
    <Card title="Call it" aside={<span className="text-sm text-ink-3">{language}</span>}>
      <CodeBlock label={`How to call it, ${language}`} code={code} />
      <p className="mt-2 text-sm text-ink-3">{hint}</p>
    </Card>
  )
}
