import type { CodeSource, CreateApp } from '@rserve-proxy/contract/apps.ts'
import type { Credential } from '@rserve-proxy/contract/credentials.ts'
import { type FormEvent, useRef, useState } from 'react'
import { errorWords, fieldError } from '../components/error-words.ts'
import { LinkButton } from '../components/link-button.tsx'
import { useCodeFacts } from '../hooks/use-code-facts.ts'
import { type DeployPhase, useDeployFlow } from '../hooks/use-deploy-flow.ts'
import { paths } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { BrokenSummary } from './broken-summary.tsx'
import { tooLarge } from './bundle-field.tsx'
import { textOf, textsOf } from './form-values.ts'
import { FoundCard } from './found-card.tsx'
import { gitSourceOf } from './git-fields.tsx'
import { NameFields } from './name-fields.tsx'
import { brokenRules, type FieldErrors, gitRules } from './rules.ts'
import { foundRuntime, modeOf, RuntimeFields } from './runtime-fields.tsx'
import { sampleBundle } from './sample-bundle.ts'
import { SourceFields, type SourceType } from './source-fields.tsx'

const phaseFailed: Record<DeployPhase, string> = {
  creating: 'The app was not created',
  uploading: 'The app exists, its code was not uploaded',
  deploying: 'The code is here, it was not deployed',
}

const gitFields = ['codeSource.repoUrl', 'codeSource.branch', 'codeSource.subdirectory', 'codeSource.credentialId']
const fields = [
  ...['name', 'slug', 'rVersion', 'entryScript', 'mode', 'packages', 'systemPackages', 'bundle'],
  ...gitFields,
]

interface NewAppFormProps {
  rVersions: string[]
  credentials: Credential[]
  source: SourceType
}

export function NewAppForm({ rVersions, credentials, source }: NewAppFormProps) {
  const flow = useDeployFlow()
  const facts = useCodeFacts()
  const form = useRef<HTMLFormElement>(null)
  const [type, setType] = useState(source)
  const [file, setFile] = useState<File | null>(null)
  const [broken, setBroken] = useState<FieldErrors>({})
  const errors = { ...serverErrors(flow.failure?.error), ...broken }
  const isBusy = flow.progress !== undefined
  const found = facts.state.kind === 'found' ? facts.state : undefined

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const settings = settingsOf(new FormData(event.currentTarget))
    const wrong = brokenFields(settings, type === 'upload' ? file : undefined)
    setBroken(wrong)
    if (isBusy || Object.keys(wrong).length > 0) return
    flow.run({ settings, file: await bundleOf(type, file) })
  }

  function choose(chosen: File | null) {
    setFile(chosen)
    if (chosen && !tooLarge(chosen)) facts.lookAtFile(chosen)
    else facts.forget()
  }
  function changeType(next: SourceType) {
    setType(next)
    facts.forget()
    if (next === 'upload' && file) choose(file)
  }
  function lookAtGit() {
    const { type: _, ...repository } = gitSourceOf(new FormData(form.current ?? undefined))
    if (Object.keys(brokenRules(gitRules({ type: 'git', ...repository }), [])).length === 0) facts.lookAtGit(repository)
  }

  return (
    <form
      ref={form}
      className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]"
      onSubmit={submit}
    >
      <div className="space-y-4">
        <BrokenSummary errors={broken} />
        {flow.failure && <FlowFailure phase={flow.failure.phase} error={flow.failure.error} />}
        <Card>
          <NameFields errors={errors} isCreated={flow.app !== undefined} proposed={type === 'sample' ? 'Sample' : ''} />
        </Card>
        <Card>
          <SourceFields
            {...{ type, file, errors, credentials }}
            facts={facts.state}
            sentBytes={flow.progress?.phase === 'uploading' ? flow.progress.sentBytes : undefined}
            onType={changeType}
            onFile={choose}
            onCancel={flow.cancel}
            onGit={lookAtGit}
          />
        </Card>
      </div>
      {type !== 'sample' && (
        <div className="lg:row-span-2">
          <FoundCard
            state={facts.state}
            rVersions={rVersions}
            onTryAgain={() => (type === 'git' ? lookAtGit() : choose(file))}
          />
        </div>
      )}
      <div className="space-y-4 lg:col-start-1">
        <Card>
          <div className="space-y-4">
            {/* What is found fills the fields anew; whoever knows better corrects them. */}
            <RuntimeFields key={found?.count} rVersions={rVersions} errors={errors} app={foundRuntime(found?.facts)} />
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
      </div>
    </form>
  )
}

const bundleOf = async (type: SourceType, file: File | null) =>
  type === 'sample' ? sampleBundle() : type === 'upload' ? file : null

function settingsOf(form: FormData): CreateApp {
  return {
    name: textOf(form, 'name'),
    slug: textOf(form, 'slug'),
    codeSource: sourceOf(form),
    rVersion: textOf(form, 'rVersion'),
    packages: textsOf(form, 'packages'),
    systemPackages: textsOf(form, 'systemPackages'),
    entryScript: textOf(form, 'entryScript'),
    mode: modeOf(textOf(form, 'mode')),
  }
}

const sourceOf = (form: FormData): CodeSource =>
  textOf(form, 'sourceType') === 'git' ? gitSourceOf(form) : { type: 'upload' }

/** `file`: undefined where none is asked for. */
function brokenFields(
  { name, slug, entryScript, packages = [], codeSource }: CreateApp,
  file: File | null | undefined,
) {
  const git = codeSource.type === 'git' ? gitRules(codeSource) : {}
  const bundle = file === null ? 'Choose an archive or a folder.' : tooLarge(file ?? null)
  return { ...brokenRules({ name, slug, entryScript, ...git }, packages), ...(bundle && { bundle }) }
}

const serverErrors = (error: unknown): FieldErrors =>
  Object.fromEntries(fields.map((field) => [field, fieldError(error, field)]))

function FlowFailure({ phase, error }: { phase: DeployPhase; error: unknown }) {
  const { title, detail, reference } = errorWords(error)
  return <ErrorSummary title={`${phaseFailed[phase]}: ${title}`} detail={detail} reference={reference} />
}
