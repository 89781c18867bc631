import type { Credential } from '@rserve-proxy/contract/credentials.ts'
import { useState } from 'react'
import type { FactsState } from '../hooks/use-code-facts.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { BundleField } from './bundle-field.tsx'
import { GitFields } from './git-fields.tsx'
import { NewCredentialDialog } from './new-credential-dialog.tsx'
import type { FieldErrors } from './rules.ts'
import { sampleText } from './sample-bundle.ts'

export type SourceType = 'upload' | 'git' | 'sample'

interface SourceFieldsProps {
  type: SourceType
  file: File | null
  sentBytes: number | undefined
  errors: FieldErrors
  credentials: Credential[]
  facts: FactsState
  onType: (type: SourceType) => void
  onFile: (file: File | null) => void
  onCancel: () => void
  /** A field of the repository was left. */
  onGit: () => void
}

export const SourceFields = ({ type, file, sentBytes, errors, ...props }: SourceFieldsProps) => (
  <Choice
    legend="Code"
    name="sourceType"
    value={type}
    onChange={props.onType}
    options={[
      { value: 'upload', label: 'Upload', hint: 'An archive or a folder' },
      { value: 'git', label: 'Git', hint: 'A repository' },
      { value: 'sample', label: 'Sample', hint: 'To see how it works' },
    ]}
  >
    <div className="mt-4">
      {type === 'upload' && (
        <BundleField
          file={file}
          sentBytes={sentBytes}
          error={errors.bundle}
          onFile={props.onFile}
          onCancel={props.onCancel}
        />
      )}
      {type === 'git' && <Repository {...props} errors={errors} />}
      {type === 'sample' && <CodeBlock label="The sample, app.R" code={sampleText} isShort />}
    </div>
  </Choice>
)

function Repository({ errors, credentials, facts, onGit }: Omit<SourceFieldsProps, 'type' | 'file' | 'sentBytes'>) {
  const [isNew, setIsNew] = useState(false)
  const branches = facts.kind === 'found' ? facts.branches : []
  return (
    <>
      <GitFields errors={errors} credentials={credentials} branches={branches} onLeave={onGit}>
        <Button size="row" onClick={() => setIsNew(true)}>
          New credential
        </Button>
      </GitFields>
      {isNew && <NewCredentialDialog host={typedHost()} onClose={() => setIsNew(false)} />}
    </>
  )
}

/** Of the repository in the form, as far as it is an address. */
function typedHost() {
  const typed = document.querySelector<HTMLInputElement>('input[name="repoUrl"]')?.value ?? ''
  return URL.canParse(typed) ? new URL(typed).host : ''
}
