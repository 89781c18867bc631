import type { App } from '@rserve-proxy/contract/apps.ts'
import type { ReleaseDiff } from '@rserve-proxy/contract/releases.ts'
import { useState } from 'react'
import { useNavigate } from 'react-router-dom'
import { call } from '../api.ts'
import { ReleaseChanges } from '../components/release-changes.tsx'
import { useVerb } from '../hooks/use-act.ts'
import { paths } from '../paths.ts'
import { Button, type ButtonSize } from '../ui/button.tsx'
import { ActDialog } from './act-dialog.tsx'
import { mayNotChange } from './use-app-verbs.tsx'

interface RollBackProps {
  app: App
  /** Number of the release to go back to. */
  to: number
  disabledReason?: string | undefined
  size?: ButtonSize
}

/** What would change is read before anything is asked. */
export function RollBack({ app, to, disabledReason, size }: RollBackProps) {
  const { run, isBusy } = useVerb()
  const navigate = useNavigate()
  const [diff, setDiff] = useState<ReleaseDiff | 'none'>()
  const live = app.release?.number

  const look = () =>
    run(async () => {
      const params = { appId: app.id, number: live ?? to, other: to }
      setDiff(live ? await call('GET /api/apps/:appId/releases/:number/diff/:other', { params }) : 'none')
    })
  async function rollBack() {
    const input = { params: { appId: app.id }, querystring: {}, body: { release: to } }
    const deployment = await call('POST /api/apps/:appId/rollback', input)
    navigate(paths.deployment(app.id, deployment.id))
  }
  return (
    <>
      <Button size={size} isBusy={isBusy} disabledReason={mayNotChange(app) ?? disabledReason} onClick={look}>
        Roll back <span className="sr-only">to v{to}</span>
      </Button>
      {diff && (
        <ActDialog title={`Roll back to v${to}?`} verb="Roll back" write={rollBack} onClose={() => setDiff(undefined)}>
          <p className="text-ink-2">
            {live
              ? `v${to} starts beside v${live}, answers, then takes over. No gap, and nothing is built.`
              : `v${to} starts; nothing is built.`}
          </p>
          {diff !== 'none' && <ReleaseChanges diff={diff} />}
        </ActDialog>
      )}
    </>
  )
}
