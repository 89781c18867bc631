import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Session } from '@rserve-proxy/contract/sessions.ts'
import { useState } from 'react'
import { useLoaderData, useSearchParams } from 'react-router-dom'
import { call, hasCode } from '../../api.ts'
import { sessionsText } from '../../components/app-status.ts'
import { CallIt } from '../../components/call-it.tsx'
import { memoryText } from '../../components/size-text.ts'
import { ActDialog } from '../../forms/act-dialog.tsx'
import { mayNotChange } from '../../forms/use-app-verbs.tsx'
import { useVerb } from '../../hooks/use-act.ts'
import { useSteadyRefresh } from '../../hooks/use-steady-refresh.ts'
import { useApp } from '../../layouts/app-layout.tsx'
import { liveLoader } from '../../live-loader.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Select } from '../../ui/input.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { durationText } from '../../ui/time.tsx'

export const loader = liveLoader(({ params: { appId = '' } }) =>
  call('GET /api/apps/:appId/sessions', { params: { appId } }),
)

const everyMs = 5_000

export function SessionsPage() {
  const { app } = useApp()
  const { items } = useLoaderData<typeof loader>()
  const [query, setQuery] = useSearchParams()
  const [isEnding, setIsEnding] = useState(false)
  useSteadyRefresh(everyMs)
  const replicas = [...new Set(items.map(({ replica }) => replica))].sort((a, b) => a - b)
  const replica = Number(query.get('replica'))
  const shown = replicas.includes(replica) ? items.filter((session) => session.replica === replica) : items
  return (
    <>
      <title>{`Sessions · ${app.name}`}</title>
      {items.length === 0 ? (
        <>
          <EmptyState text="Nobody is connected." />
          <CallIt app={app} functions={null} />
        </>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-3">
            <p className="mr-auto font-semibold">{sessionsText(shown.length)}</p>
            {replicas.length > 1 && (
              <Select
                aria-label="Replica"
                value={replicas.includes(replica) ? replica : ''}
                onChange={({ target: { value } }) => setQuery(value ? { replica: value } : {}, { replace: true })}
              >
                <option value="">All replicas</option>
                {replicas.map((index) => (
                  <option key={index} value={index}>{`Replica ${index}`}</option>
                ))}
              </Select>
            )}
            <Button disabledReason={mayNotChange(app)} onClick={() => setIsEnding(true)}>
              End all
            </Button>
          </div>
          <Table isCompact caption="Open sessions" columns={columnsOf(app)} rows={shown} rowKey={({ id }) => id} />
        </>
      )}
      {isEnding && <EndAll app={app} sessions={shown} onClose={() => setIsEnding(false)} />}
    </>
  )
}

const columnsOf = (app: App): Column<Session>[] => [
  { header: 'Started', place: 'name', cell: ({ ageSeconds }) => `${durationText(ageSeconds)} ago` },
  { header: 'CPU used', place: 'hidden', isNumber: true, cell: ({ cpuSeconds }) => durationText(cpuSeconds) },
  { header: 'Memory', place: 'fact', isNumber: true, cell: ({ memoryBytes }) => memoryText(memoryBytes) },
  { header: 'Replica', place: 'corner', cardLabel: 'Replica', isNumber: true, cell: ({ replica }) => replica },
  {
    header: 'Verb',
    isHeaderHidden: true,
    place: 'verb',
    width: 'sm:w-24',
    cell: (session) => <EndOne app={app} session={session} />,
  },
]

const end = (app: App, { id }: Session) =>
  call('DELETE /api/apps/:appId/sessions/:sessionId', { params: { appId: app.id, sessionId: id } })

function EndOne({ app, session }: { app: App; session: Session }) {
  const { run, isBusy } = useVerb()
  return (
    <Button
      size="row"
      isBusy={isBusy}
      disabledReason={mayNotChange(app)}
      onClick={() => run(() => end(app, session), { done: 'The session has ended.' })}
    >
      End <span className="sr-only">the session of {durationText(session.ageSeconds)} ago</span>
    </Button>
  )
}

function EndAll({ app, sessions, onClose }: { app: App; sessions: Session[]; onClose: () => void }) {
  // Those that were there when it was asked.
  const [meant] = useState(sessions)
  return (
    <ActDialog
      title={`End ${sessionsText(meant.length)}?`}
      verb="End all"
      keep="Keep them"
      isDanger
      done="The sessions have ended."
      write={() => Promise.all(meant.map((session) => end(app, session).catch(unlessGone)))}
      onClose={onClose}
    >
      <p className="text-ink-2">Their clients see a lost connection at once; what they computed is gone.</p>
    </ActDialog>
  )
}

function unlessGone(error: unknown) {
  if (!hasCode(error, 'session-not-found')) throw error
}
