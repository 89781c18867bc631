import type { App } from '@rserve-proxy/contract/apps.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { useAppVerbs } from './use-app-verbs.tsx'

export function DangerZone({ app }: { app: App }) {
  const verbs = useAppVerbs(app)
  return (
    <Card title="Danger zone">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="flex-1 basis-50 text-ink-2">
          Stop closes the address; Delete removes the app with all its releases.
        </p>
        <Button isBusy={verbs.isBusy} disabledReason={verbs.stop.disabledReason} onClick={verbs.stop.run}>
          Stop
        </Button>
        <Button look="danger" disabledReason={verbs.remove.disabledReason} onClick={verbs.remove.run}>
          Delete
        </Button>
      </div>
      {verbs.dialog}
    </Card>
  )
}
