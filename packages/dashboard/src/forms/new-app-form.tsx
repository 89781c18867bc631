import type { CodeSource, CreateApp } from '@rserve-proxy/contract/apps.ts'
import { type FormEvent, useState } from 'react'
import { errorWords, fieldError } from '../components/error-words.ts'
import { LinkButton } from '../components/link-button.tsx'
import { type DeployPhase, useDeployFlow } from '../hooks/use-deploy-flow.ts'
import { paths } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { BrokenSummary } from './broken-summary.tsx'
import { tooLarge } from './bundle-field.tsx'
import { textOf, textsOf } from './form-values.ts'
import { NameFields } from './name-fields.tsx'
import { brokenRules, type FieldErrors } from './rules.ts'
import { modeOf, RuntimeFields } from './runtime-fields.tsx'
import { SourceFields, type SourceType } from './source-fields.tsx'

const phaseFailed: Record<DeployPhase, string> = {
  creating: 'The app was not created',
  uploading: 'The app exists, its code was not uploaded',
  deploying: 'The code is here, it was not deployed',
}

const gitFields = ['codeSource.repoUrl', 'codeSource.branch', 'codeSource.subdirectory']
const fields = ['name', 'slug', 'rVersion', 'entryScript', 'mode', 'packages', 'bundle', ...gitFields]

export function NewAppForm({ rVersions, source }: { rVersions: string[]; source: SourceType }) {
  const flow = useDeployFlow()
  const [file, setFile] = useState<File | null>(null)
  const [broken, setBroken] = useState<FieldErrors>({})
  const errors = { ...serverErrors(flow.failure?.error), ...broken }
  const isBusy = flow.progress !== undefined

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const settings = settingsOf(new FormData(event.currentTarget))
    const found = brokenFields(settings, file)
    setBroken(found)
    if (!isBusy && Object.keys(found).length === 0) {
      flow.run({ settings, file: settings.codeSource.type === 'upload' ? file : null })
    }
  }

  return (
    <form className="max-w-180 space-y-4" onSubmit={submit}>
      <BrokenSummary errors={broken} />
      {flow.failure && <FlowFailure phase={flow.failure.phase} error={flow.failure.error} />}
      <Card>
        <NameFields errors={errors} isCreated={flow.app !== undefined} />
      </Card>
      <Card>
        <SourceFields
          initial={source}
          file={file}
          sentBytes={flow.progress?.phase === 'uploading' ? flow.progress.sentBytes : undefined}
          errors={errors}
          onFile={setFile}
          onCancel={flow.cancel}
        />
      </Card>
      <Card>
        <div className="space-y-4">
          <RuntimeFields rVersions={rVersions} errors={errors} />
        </div>
      </Card>
      <div className="flex justify-end gap-2 max-sm:sticky max-sm:bottom-0 max-sm:bg-canvas max-sm:py-3">
        <LinkButton to={flow.app ? paths.app(flow.app.id) : paths.apps()} look="quiet">
          {flow.app ? 'Deploy later' : 'Cancel'}
        </LinkButton>
        <Button type="submit" look="primary" isBusy={isBusy}>
          Deploy
        </Button>
      </div>
    </form>
  )
}

function settingsOf(form: FormData): CreateApp {
  return {
    name: textOf(form, 'name'),
    slug: textOf(form, 'slug'),
    codeSource: sourceOf(form),
    rVersion: textOf(form, 'rVersion'),
    packages: textsOf(form, 'packages'),
    entryScript: textOf(form, 'entryScript'),
    mode: modeOf(textOf(form, 'mode')),
  }
}

function sourceOf(form: FormData): CodeSource {
  if (textOf(form, 'sourceType') !== 'git') return { type: 'upload' }
  const branch = textOf(form, 'branch')
  const subdirectory = textOf(form, 'subdirectory')
  return {
    type: 'git',
    repoUrl: textOf(form, 'repoUrl'),
    ...(branch && { branch }),
    ...(subdirectory && { subdirectory }),
  }
}

function brokenFields(
  { name, slug, entryScript, packages = [], codeSource }: CreateApp,
  file: File | null,
): FieldErrors {
  if (codeSource.type === 'git') {
    const { repoUrl, branch, subdirectory } = codeSource
    const git = { 'codeSource.repoUrl': repoUrl, 'codeSource.branch': branch, 'codeSource.subdirectory': subdirectory }
    return brokenRules({ name, slug, entryScript, ...git }, packages)
  }
  const bundle = file ? tooLarge(file) : 'Choose an archive.'
  return { ...brokenRules({ name, slug, entryScript }, packages), ...(bundle && { bundle }) }
}

const serverErrors = (error: unknown): FieldErrors =>
  Object.fromEntries(fields.map((field) => [field, fieldError(error, field)]))

function FlowFailure({ phase, error }: { phase: DeployPhase; error: unknown }) {
  const { title, detail, reference } = errorWords(error)
  return <ErrorSummary title={`${phaseFailed[phase]}: ${title}`} detail={detail} reference={reference} />
}
