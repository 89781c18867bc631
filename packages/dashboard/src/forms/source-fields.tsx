import { useState } from 'react'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { fieldId } from './broken-summary.tsx'
import { BundleField } from './bundle-field.tsx'
import type { FieldErrors } from './rules.ts'

export type SourceType = 'upload' | 'git'

interface SourceFieldsProps {
  initial: SourceType
  file: File | null
  sentBytes: number | undefined
  errors: FieldErrors
  onFile: (file: File | null) => void
  onCancel: () => void
}

export function SourceFields({ initial, file, sentBytes, errors, onFile, onCancel }: SourceFieldsProps) {
  const [type, setType] = useState(initial)
  return (
    <Choice
      legend="Code"
      name="sourceType"
      value={type}
      onChange={setType}
      options={[
        { value: 'upload', label: 'Upload', hint: 'A zip or tar file' },
        { value: 'git', label: 'Git', hint: 'A public repository' },
      ]}
    >
      <div className="mt-4">
        {type === 'git' ? (
          <GitFields errors={errors} />
        ) : (
          <BundleField file={file} sentBytes={sentBytes} error={errors.bundle} onFile={onFile} onCancel={onCancel} />
        )}
      </div>
    </Choice>
  )
}

const GitFields = ({ errors }: { errors: FieldErrors }) => (
  <div className="grid gap-4 sm:grid-cols-2">
    <div className="sm:col-span-2">
      <Field id={fieldId('codeSource.repoUrl')} label="Repository" error={errors['codeSource.repoUrl']}>
        {(control) => (
          <Input
            {...control}
            name="repoUrl"
            type="url"
            placeholder="https://git.example.org/team/forecast.git"
            maxLength={500}
            autoComplete="off"
            required
          />
        )}
      </Field>
    </div>
    <Field
      id={fieldId('codeSource.branch')}
      label="Branch"
      isOptional
      error={errors['codeSource.branch']}
      hint="Left empty: the default branch."
    >
      {(control) => <Input {...control} name="branch" maxLength={255} autoComplete="off" spellCheck={false} isMono />}
    </Field>
    <Field
      id={fieldId('codeSource.subdirectory')}
      label="Folder"
      isOptional
      error={errors['codeSource.subdirectory']}
      hint="Left empty: the top folder."
    >
      {(control) => (
        <Input {...control} name="subdirectory" maxLength={200} autoComplete="off" spellCheck={false} isMono />
      )}
    </Field>
  </div>
)
