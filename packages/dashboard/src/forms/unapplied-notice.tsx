import type { App, UpdateApp } from '@rserve-proxy/contract/apps.ts'
import type { Release } from '@rserve-proxy/contract/releases.ts'
import { CircleDashed } from 'lucide-react'
import { call } from '../api.ts'
import { needsBuild, pendingText, settingName } from '../components/setting-words.ts'
import { useVerb } from '../hooks/use-act.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/card.tsx'
import { useAppVerbs } from './use-app-verbs.tsx'

/** Saved is not live: what waits, and how it becomes live or is forgotten. */
export function UnappliedNotice({ app, release }: { app: App; release: Release | null }) {
  const verbs = useAppVerbs(app)
  const { run, isBusy } = useVerb()
  if (app.pendingSettings.length === 0) return null
  const isBuild = needsBuild(app)
  const verb = isBuild ? verbs.deploy : verbs.apply
  const discard = () =>
    run(() => call('PUT /api/apps/:appId', { params: { appId: app.id }, body: settingsOf(app, release) }), {
      done: `The settings are those of v${release?.number} again.`,
    })
  return (
    <Notice
      hue="warning"
      icon={<CircleDashed aria-hidden className="size-4" />}
      title={pendingText(app)}
      verbs={
        <>
          <Button
            look="quiet"
            isBusy={isBusy}
            disabledReason={verb.disabledReason}
            onClick={() => release && discard()}
          >
            Discard
          </Button>
          <Button isBusy={verbs.isBusy} disabledReason={verb.disabledReason} onClick={verb.run}>
            {isBuild ? 'Deploy' : 'Apply, a few seconds, no gap'}
          </Button>
          {verbs.dialog}
        </>
      }
    >
      {app.pendingSettings.map(settingName).join(', ')}
    </Notice>
  )
}

/** Those of the live release that differ now. */
function settingsOf({ pendingSettings }: App, release: Release | null): UpdateApp {
  return Object.fromEntries(Object.entries(release?.settings ?? {}).filter(([name]) => pendingSettings.includes(name)))
}
