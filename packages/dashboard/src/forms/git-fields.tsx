import type { GitSource } from '@rserve-proxy/contract/apps.ts'
import type { Credential } from '@rserve-proxy/contract/credentials.ts'
import { type ReactNode, useId } from 'react'
import { Field } from '../ui/field.tsx'
import { Input, Select } from '../ui/input.tsx'
import { fieldId } from './broken-summary.tsx'
import { textOf } from './form-values.ts'
import type { FieldErrors } from './rules.ts'

interface GitFieldsProps {
  errors: FieldErrors
  credentials: Credential[]
  initial?: GitSource | undefined
  /** Offered while somebody types. */
  branches?: string[]
  /** Beside the credential. */
  children?: ReactNode
  onLeave?: () => void
}

export function GitFields({ errors, credentials, initial, branches = [], children, onLeave }: GitFieldsProps) {
  const list = useId()
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <div className="sm:col-span-2">
        <Field id={fieldId('codeSource.repoUrl')} label="Repository" error={errors['codeSource.repoUrl']}>
          {(control) => (
            <Input
              {...control}
              name="repoUrl"
              type="url"
              defaultValue={initial?.repoUrl}
              placeholder="https://git.example.org/team/forecast.git"
              maxLength={500}
              autoComplete="off"
              required
              onBlur={onLeave}
            />
          )}
        </Field>
      </div>
      <Field
        id={fieldId('codeSource.branch')}
        label="Branch"
        isOptional
        error={errors['codeSource.branch']}
        hint={branches.length > 0 ? `${branches.length} found.` : 'Left empty: the default branch.'}
      >
        {(control) => (
          <>
            <Input
              {...control}
              name="branch"
              list={list}
              defaultValue={initial?.branch}
              maxLength={255}
              autoComplete="off"
              spellCheck={false}
              isMono
              onBlur={onLeave}
            />
            <datalist id={list}>
              {branches.map((branch) => (
                <option key={branch} value={branch} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field
        id={fieldId('codeSource.subdirectory')}
        label="Folder"
        isOptional
        error={errors['codeSource.subdirectory']}
        hint="Left empty: the top folder."
      >
        {(control) => (
          <Input
            {...control}
            name="subdirectory"
            defaultValue={initial?.subdirectory}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            isMono
            onBlur={onLeave}
          />
        )}
      </Field>
      <div className="space-y-2 sm:col-span-2">
        <Field label="Credential" isOptional hint="For private repositories." error={errors['codeSource.credentialId']}>
          {(control) => (
            <Select {...control} name="credentialId" defaultValue={initial?.credentialId ?? ''} onBlur={onLeave}>
              <option value="">None, it is public</option>
              {credentials.map(({ id, name, host }) => (
                <option key={id} value={id}>{`${name}, ${host}`}</option>
              ))}
              {initial?.credentialId && !credentials.some(({ id }) => id === initial.credentialId) && (
                <option value={initial.credentialId}>Somebody else’s, as it is</option>
              )}
            </Select>
          )}
        </Field>
        {children}
      </div>
    </div>
  )
}

export function gitSourceOf(form: FormData): GitSource {
  const [branch, subdirectory, credentialId] = ['branch', 'subdirectory', 'credentialId'].map((name) =>
    textOf(form, name),
  )
  return {
    type: 'git',
    repoUrl: textOf(form, 'repoUrl'),
    ...(branch && { branch }),
    ...(subdirectory && { subdirectory }),
    ...(credentialId && { credentialId }),
  }
}
