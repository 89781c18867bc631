import { useLoaderData } from 'react-router-dom'
import { call } from '../../api.ts'
import { DangerZone } from '../../forms/danger-zone.tsx'
import { saveSettingsAction } from '../../forms/save-settings.ts'
import { SettingsForm } from '../../forms/settings-form.tsx'
import { Sharing } from '../../forms/sharing.tsx'
import { UnappliedNotice } from '../../forms/unapplied-notice.tsx'
import { mayNotChange } from '../../forms/use-app-verbs.tsx'
import { useApp } from '../../layouts/app-layout.tsx'
import { useUser } from '../../layouts/shell.tsx'
import { liveLoader } from '../../live-loader.ts'

export const loader = liveLoader(async ({ params: { appId = '' } }) => {
  const [runtimes, collaborators, credentials] = await Promise.all([
    call('GET /api/runtimes', {}),
    call('GET /api/apps/:appId/collaborators', { params: { appId } }),
    call('GET /api/credentials', {}),
  ])
  return {
    rVersions: runtimes.items.map(({ rVersion }) => rVersion),
    collaborators: collaborators.items,
    credentials: credentials.items,
  }
})

export const action = saveSettingsAction

export function SettingsPage() {
  const { app, release } = useApp()
  const { collaborators, ...offered } = useLoaderData<typeof loader>()
  const me = useUser()
  const no = mayNotChange(app)
  return (
    <>
      <title>{`Settings · ${app.name}`}</title>
      {no && <p className="text-ink-2">{no}.</p>}
      <UnappliedNotice app={app} release={release} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <SettingsForm key={app.id} app={app} {...offered} />
        <div className="space-y-4">
          <Sharing app={app} collaborators={collaborators} me={me.id} />
          <DangerZone app={app} />
        </div>
      </div>
    </>
  )
}
