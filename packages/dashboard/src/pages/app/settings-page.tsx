import { useLoaderData } from 'react-router-dom'
import { call } from '../../api.ts'
import { changedSettings } from '../../components/changed-settings.ts'
import { UnappliedNotice } from '../../components/unapplied-notice.tsx'
import { saveSettingsAction } from '../../forms/save-settings.ts'
import { SettingsForm } from '../../forms/settings-form.tsx'
import { useApp } from '../../layouts/app-layout.tsx'
import { liveLoader } from '../../live-loader.ts'

export const loader = liveLoader(() => call('GET /api/runtimes', {}))

export const action = saveSettingsAction

export function SettingsPage() {
  const { app, release } = useApp()
  const { items } = useLoaderData<typeof loader>()
  const changed = changedSettings(app, release)
  return (
    <>
      <title>{`Settings · ${app.name}`}</title>
      {changed.length > 0 && <UnappliedNotice names={changed} />}
      <SettingsForm key={app.id} app={app} rVersions={items.map(({ rVersion }) => rVersion)} />
    </>
  )
}
