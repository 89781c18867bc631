import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Failure } from '@rserve-proxy/contract/failures.ts'
import { useNavigate } from 'react-router-dom'
import { call } from '../api.ts'
import { useVerb } from '../hooks/use-act.ts'
import { paths } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { mayNotChange } from './use-app-verbs.tsx'

type Fix = NonNullable<Failure['fix']>

/** One click: adds what is missing to the settings, and deploys. */
export function ApplyFix({ app, fix }: { app: App; fix: Fix }) {
  const { run, isBusy } = useVerb()
  const navigate = useNavigate()
  const [list, name] =
    fix.kind === 'apt' ? (['systemPackages', 'system packages'] as const) : (['packages', 'packages'] as const)
  const missing = fix.packages.filter((wanted) => !app[list].includes(wanted))
  if (missing.length === 0) return null

  const apply = () =>
    run(async () => {
      const params = { appId: app.id }
      await call('PUT /api/apps/:appId', { params, body: { [list]: [...app[list], ...missing] } })
      const deployment = await call('POST /api/apps/:appId/deploy', { params, querystring: {} })
      navigate(paths.deployment(app.id, deployment.id))
    })
  return (
    <Button look="primary" isBusy={isBusy} disabledReason={mayNotChange(app)} onClick={apply}>
      Add {missing.join(', ')} to {name}, and deploy
    </Button>
  )
}
