import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Credential } from '@rserve-proxy/contract/credentials.ts'
import { useState } from 'react'
import { Card } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import { Select } from '../ui/input.tsx'
import { GitFields } from './git-fields.tsx'
import type { FieldErrors } from './rules.ts'

interface SourceSettingsProps {
  app: App
  credentials: Credential[]
  errors: FieldErrors
}

/** Where the next deploy takes the code from. */
export function SourceSettings({ app: { codeSource }, credentials, errors }: SourceSettingsProps) {
  const [type, setType] = useState(codeSource.type)
  return (
    <Card title="Code">
      <div className="space-y-4">
        <Field label="It comes from" error={errors['codeSource.type']}>
          {(control) => (
            <Select
              {...control}
              name="sourceType"
              value={type}
              onChange={(event) => setType(event.target.value === 'git' ? 'git' : 'upload')}
            >
              <option value="upload">Upload</option>
              <option value="git">Git repository</option>
            </Select>
          )}
        </Field>
        {type === 'git' && (
          <GitFields
            errors={errors}
            credentials={credentials}
            initial={codeSource.type === 'git' ? codeSource : undefined}
          />
        )}
      </div>
    </Card>
  )
}
