import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Credential } from '@rserve-proxy/contract/credentials.ts'
import { type FormEvent, useRef, useState } from 'react'
import { useBlocker, useFetcher } from 'react-router-dom'
import { ApiError } from '../api.ts'
import { errorWords, fieldError } from '../components/error-words.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { BrokenSummary, fieldId } from './broken-summary.tsx'
import { LimitFields } from './limit-fields.tsx'
import { RolloutFields } from './rollout-fields.tsx'
import { brokenRules, type FieldErrors, gitRules } from './rules.ts'
import { RuntimeFields } from './runtime-fields.tsx'
import type { SaveRequest, SaveResult } from './save-settings.ts'
import { changesOf } from './settings-values.ts'
import { SourceSettings } from './source-settings.tsx'
import { mayNotChange } from './use-app-verbs.tsx'

interface SettingsFormProps {
  app: App
  rVersions: string[]
  credentials: Credential[]
}

type Saving = ReturnType<typeof useFetcher<SaveResult>>

/** The fields begin anew with each save, and when somebody asks for what is stored now. */
export function SettingsForm({ app, ...offered }: SettingsFormProps) {
  const saving = useFetcher<SaveResult>()
  const [opened, setOpened] = useState(app)
  const saved = saving.data?.app
  const base = saved && saved.version > opened.version ? saved : opened
  return <Fields key={base.version} app={base} {...offered} saving={saving} onReload={() => setOpened(app)} />
}

interface FieldsProps extends SettingsFormProps {
  saving: Saving
  onReload: () => void
}

function Fields({ app, rVersions, credentials, saving, onReload }: FieldsProps) {
  const form = useRef<HTMLFormElement>(null)
  const [message, setMessage] = useState<string>()
  const [broken, setBroken] = useState<FieldErrors>({})
  const isBusy = saving.state !== 'idle'
  const error = isBusy || saving.data?.app ? undefined : saving.data?.error
  const errors = { ...serverErrors(error), ...broken }
  const changes = () => (form.current ? changesOf(new FormData(form.current), app) : {})

  function submit(event: FormEvent) {
    event.preventDefault()
    const update = changes()
    const git = update.codeSource?.type === 'git' ? gitRules(update.codeSource) : {}
    const found = brokenRules({ name: update.name, entryScript: update.entryScript, ...git }, update.packages ?? [])
    const isEmpty = Object.keys(update).length === 0
    setBroken(found)
    setMessage(isEmpty ? 'Nothing changed.' : undefined)
    if (isBusy || isEmpty || Object.keys(found).length > 0) return
    const request: SaveRequest = { version: app.version, update }
    saving.submit(JSON.stringify(request), { method: 'post', encType: 'application/json' })
  }

  return (
    <>
      <form ref={form} className="max-w-180 space-y-4" onSubmit={submit}>
        <BrokenSummary errors={broken} />
        {error !== undefined && <SaveFailure error={error} onReload={onReload} />}
        <Card title="General">
          <div className="space-y-4">
            <Field id={fieldId('name')} label="Name" error={errors.name} hint="A new name shows at once.">
              {(control) => (
                <Input {...control} name="name" defaultValue={app.name} maxLength={128} autoComplete="off" required />
              )}
            </Field>
            <RuntimeFields rVersions={rVersions} errors={errors} app={app} />
          </div>
        </Card>
        <SourceSettings app={app} credentials={credentials} errors={errors} />
        <Card title="Limits">
          <LimitFields app={app} errors={errors} />
        </Card>
        <Card title="Deploys and network">
          <RolloutFields app={app} errors={errors} />
        </Card>
        <div className="flex items-center justify-end gap-3">
          <span role="status" className="text-sm text-ink-2">
            {message ?? (saving.data?.app?.version === app.version ? savedText(app) : undefined)}
          </span>
          <Button type="submit" look="primary" isBusy={isBusy} disabledReason={mayNotChange(app)}>
            Save
          </Button>
        </div>
      </form>
      <LeaveDialog hasChanges={() => Object.keys(changes()).length > 0} />
    </>
  )
}

const savedText = (app: App) => (app.pendingSettings.length > 0 ? 'Saved, not live yet.' : 'Saved.')

function SaveFailure({ error, onReload }: { error: unknown; onReload: () => void }) {
  const { title, detail, reference } = errorWords(error)
  if (error instanceof ApiError && error.problem?.code === 'changed-meanwhile') {
    return (
      <ErrorSummary
        title="Somebody saved other settings meanwhile"
        detail="Nothing of yours was saved. Load what is stored now, then make your change again."
        verbs={<Button onClick={onReload}>Load what is stored</Button>}
      />
    )
  }
  return <ErrorSummary title={`Not saved: ${title}`} detail={detail} reference={reference} />
}

function LeaveDialog({ hasChanges }: { hasChanges: () => boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname && hasChanges(),
  )
  if (blocker.state !== 'blocked') return null
  return (
    <ConfirmDialog
      title="Leave without saving?"
      verb="Leave"
      keep="Stay here"
      onConfirm={blocker.proceed}
      onClose={blocker.reset}
    >
      <p>Your changes to the settings are lost.</p>
    </ConfirmDialog>
  )
}

const fields = [
  ...[
    'name',
    'rVersion',
    'entryScript',
    'mode',
    'packages',
    'systemPackages',
    'replicas',
    'egress',
    'reuseConnections',
  ],
  ...['drainSeconds', 'startTimeoutSeconds', 'buildTimeoutSeconds', 'keepReleases'],
  ...['codeSource.repoUrl', 'codeSource.branch', 'codeSource.subdirectory', 'codeSource.credentialId'],
]
const limits = ['resources.memoryBytes', 'resources.cpus', 'resources.pids']

const serverErrors = (error: unknown): FieldErrors =>
  Object.fromEntries([...fields, ...limits].map((field) => [field, fieldError(error, field)]))
