import type { Cleanup, Drift, System } from '@rserve-proxy/contract/system.ts'
import { useState } from 'react'
import { Link, useLoaderData, useRevalidator } from 'react-router-dom'
import { call } from '../../api.ts'
import { Findings } from '../../components/findings.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { memoryText, sizeText } from '../../components/size-text.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { CleanUpDialog } from '../../forms/clean-up-dialog.tsx'
import { useVerb } from '../../hooks/use-act.ts'
import { useLiveApps } from '../../hooks/use-live.ts'
import { liveLoader } from '../../live-loader.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { DefinitionList } from '../../ui/definition-list.tsx'
import { RelativeTime } from '../../ui/time.tsx'

export const loader = liveLoader(async () => {
  const [system, health] = await Promise.all([call('GET /api/system', {}), call('GET /api/health', {})])
  return { system, health }
})

export function SystemPage() {
  const { system, health } = useLoaderData<typeof loader>()
  const { revalidate, state } = useRevalidator()
  return (
    <>
      <title>System · rserve-proxy</title>
      <PageHeader
        title="System"
        verbs={
          <>
            <Button isBusy={state !== 'idle'} onClick={() => revalidate()}>
              Look again
            </Button>
            <CleanUp />
          </>
        }
      />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <div className="space-y-4">
          <EngineCard engine={system.engine} />
          <Card title="Checks">
            {system.engine.findings.length === 0 && (
              <p className="text-ink-2">
                {system.engine.answers
                  ? 'Nothing to check.'
                  : 'Nothing was checked, because the engine does not answer.'}
              </p>
            )}
            <Findings findings={system.engine.findings} />
          </Card>
        </div>
        <div className="space-y-4">
          <Card title="Machine">
            <DefinitionList
              facts={[
                { name: 'Disk', value: `${sizeText(system.machine.diskFreeBytes)} free` },
                { name: 'Memory', value: `${memoryText(system.machine.memoryFreeBytes)} free` },
                { name: 'Database', value: <Good isGood={health.db} yes="Answers" no="Does not answer" /> },
                { name: 'Manager', value: `${health.active ? 'Active' : 'Stands by'}, Node ${system.versions.node}` },
              ]}
            />
          </Card>
          <QueueCard queue={system.queue} />
          <DriftCard drift={system.drift} />
        </div>
      </div>
    </>
  )
}

const Good = ({ isGood, yes, no }: { isGood: boolean; yes: string; no: string }) => (
  <span className="inline-flex items-center gap-1.5">
    <StatusMark {...(isGood ? { icon: 'check', hue: 'success' } : { icon: 'cross', hue: 'danger' })} />
    {isGood ? yes : no}
  </span>
)

const EngineCard = ({ engine: { answers, unknownSince, version } }: { engine: System['engine'] }) => (
  <Card title="Engine">
    <Good isGood={answers} yes={version ? `Answers, version ${version}` : 'Answers'} no="Not reachable" />
    {!answers && (
      <p className="mt-2 text-ink-2">
        Apps keep running; we cannot see them.
        {unknownSince && (
          <>
            {' '}
            Since <RelativeTime iso={unknownSince} />.
          </>
        )}
      </p>
    )}
  </Card>
)

const QueueCard = ({ queue: { waiting, building, rollingOut } }: { queue: System['queue'] }) => (
  <Card title="Deployments now">
    {waiting + building + rollingOut === 0 ? (
      <p className="text-ink-2">None is under way.</p>
    ) : (
      <DefinitionList
        facts={[
          { name: 'Waiting', value: waiting },
          { name: 'Building', value: building },
          { name: 'Starting', value: rollingOut },
        ]}
      />
    )}
  </Card>
)

function DriftCard({ drift }: { drift: Drift[] | null }) {
  const apps = useLiveApps()
  if (drift === null) return <Card title="Drift">Not known: the engine does not answer.</Card>
  return (
    <Card title="Drift">
      {drift.length === 0 ? (
        <Good isGood yes="What runs is what is asked for" no="" />
      ) : (
        <ul className="space-y-2">
          {drift.map(({ code, appId, text }) => (
            <li key={`${code} ${appId}`} className="flex gap-2">
              <span className="mt-0.5">
                <StatusMark icon="triangle" hue="warning" />
              </span>
              <span className="min-w-0 wrap-anywhere">
                {apps.has(appId) && (
                  <Link to={paths.app(appId)} className="font-medium hover:underline">
                    {apps.get(appId)?.name}:{' '}
                  </Link>
                )}
                {text}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

function CleanUp() {
  const { run, isBusy } = useVerb()
  const [preview, setPreview] = useState<Cleanup>()
  const look = () =>
    run(async () => setPreview(await call('POST /api/system/cleanup', { querystring: { dryRun: true } })))
  return (
    <>
      <Button isBusy={isBusy} onClick={look}>
        Preview clean-up
      </Button>
      {preview && <CleanUpDialog preview={preview} onClose={() => setPreview(undefined)} />}
    </>
  )
}
