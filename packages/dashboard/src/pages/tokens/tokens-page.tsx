import type { Token } from '@rserve-proxy/contract/tokens.ts'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useLoaderData } from 'react-router-dom'
import { call } from '../../api.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { deploySnippet, scopeWords, widestScope } from '../../components/token-words.ts'
import { NewTokenDialog } from '../../forms/new-token-dialog.tsx'
import { useVerb } from '../../hooks/use-act.ts'
import { useLiveApps } from '../../hooks/use-live.ts'
import { useUser } from '../../layouts/shell.tsx'
import { liveLoader } from '../../live-loader.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { dateText, RelativeTime } from '../../ui/time.tsx'

export const loader = liveLoader(() => call('GET /api/auth/tokens', {}))

const columns: Column<Token>[] = [
  { header: 'Name', place: 'name', width: 'sm:w-1/4', cell: (token) => <NameCell token={token} /> },
  { header: 'Scope', place: 'corner', cell: (token) => scopeWords[widestScope(token)].label },
  { header: 'Apps', place: 'wide', cardLabel: 'Apps:', cell: (token) => <AppsCell token={token} /> },
  {
    header: 'Last used',
    place: 'hidden',
    isWideOnly: true,
    cell: ({ lastUsedAt }) => (lastUsedAt ? <RelativeTime iso={lastUsedAt} /> : 'Never'),
  },
  { header: 'Ends', place: 'fact', cardLabel: 'Ends:', cell: ({ expiresAt }) => <EndsCell expiresAt={expiresAt} /> },
  {
    header: 'Verb',
    isHeaderHidden: true,
    place: 'verb',
    width: 'sm:w-24',
    cell: (token) => <EndToken token={token} />,
  },
]

export function TokensPage() {
  const { items } = useLoaderData<typeof loader>()
  const user = useUser()
  const [isNew, setIsNew] = useState(false)
  return (
    <>
      <title>Tokens · rserve-proxy</title>
      <PageHeader
        title="Tokens"
        verbs={
          <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setIsNew(true)}>
            New token
          </Button>
        }
      >
        <p className="text-ink-2">For scripts and pipelines: each may just what you let it.</p>
      </PageHeader>
      {items.length > 0 ? (
        <Table caption="Tokens" columns={columns} rows={items} rowKey={({ id }) => id} />
      ) : (
        <>
          <EmptyState text="No script acts in your name yet." />
          <section aria-labelledby="what-for" className="max-w-180 space-y-3">
            <h2 id="what-for" className="font-semibold">
              With a token, a folder of R code is online in one call
            </h2>
            <CodeBlock label="A deploy with a token" code={deploySnippet(window.location.origin, '$TOKEN')} />
          </section>
        </>
      )}
      {isNew && <NewTokenDialog user={user} onClose={() => setIsNew(false)} />}
    </>
  )
}

const NameCell = ({ token: { name, prefix } }: { token: Token }) => (
  <>
    <span className="block font-semibold wrap-anywhere">{name}</span>
    <span className="block font-mono text-xs text-ink-3">{prefix}…</span>
  </>
)

function AppsCell({ token: { appIds } }: { token: Token }) {
  const apps = useLiveApps()
  if (!appIds) return 'All'
  const names = appIds.map((id) => apps.get(id)?.name ?? 'one that is gone')
  return <span className="wrap-anywhere">{names.join(', ')}</span>
}

function EndsCell({ expiresAt }: { expiresAt: string | null }) {
  if (!expiresAt) return 'Never'
  const isOver = Date.parse(expiresAt) < Date.now()
  return <span className={isOver ? 'text-ink-3' : undefined}>{isOver ? 'Has ended' : dateText(expiresAt)}</span>
}

function EndToken({ token }: { token: Token }) {
  const { run, isBusy } = useVerb()
  const [isAsking, setIsAsking] = useState(false)
  function end() {
    setIsAsking(false)
    run(() => call('DELETE /api/auth/tokens/:tokenId', { params: { tokenId: token.id } }), {
      done: `${token.name} has ended.`,
    })
  }
  return (
    <>
      <Button size="row" isBusy={isBusy} onClick={() => setIsAsking(true)}>
        End <span className="sr-only">{token.name}</span>
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={`End ${token.name}?`}
          verb="End token"
          keep="Keep token"
          onConfirm={end}
          onClose={() => setIsAsking(false)}
        >
          <p>What uses it is refused at once. It cannot be brought back.</p>
        </ConfirmDialog>
      )}
    </>
  )
}
