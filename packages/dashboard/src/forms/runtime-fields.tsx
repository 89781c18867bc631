import type { App, Mode } from '@rserve-proxy/contract/apps.ts'
import type { CodeFacts } from '@rserve-proxy/contract/uploads.ts'
import { Field } from '../ui/field.tsx'
import { Input, Select } from '../ui/input.tsx'
import { TagInput } from '../ui/tag-input.tsx'
import { fieldId } from './broken-summary.tsx'
import type { FieldErrors } from './rules.ts'

interface RuntimeFieldsProps {
  /** Offered, newest first. */
  rVersions: string[]
  errors: FieldErrors
  app?: Pick<App, 'rVersion' | 'packages' | 'systemPackages' | 'entryScript' | 'mode'>
}

const defaults = { rVersion: 'latest', entryScript: 'app.R', mode: 'ocap' } as const

const modeWords: Record<Mode, string> = {
  ocap: 'Functions (OCAP)',
  http: 'HTTP requests',
}

export function RuntimeFields({ rVersions, errors, app = foundRuntime(undefined) }: RuntimeFieldsProps) {
  const newest = rVersions[0]
  const others = [...new Set([...rVersions, app.rVersion])].filter((version) => version !== 'latest')
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="R version" error={errors.rVersion}>
          {(control) => (
            <Select {...control} name="rVersion" defaultValue={app.rVersion}>
              <option value="latest">{newest ? `Newest (${newest})` : 'Newest'}</option>
              {others.map((version) => (
                <option key={version} value={version}>
                  {version}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field id={fieldId('entryScript')} label="Entry script" error={errors.entryScript}>
          {(control) => (
            <Input
              {...control}
              name="entryScript"
              defaultValue={app.entryScript}
              maxLength={100}
              autoComplete="off"
              spellCheck={false}
              isMono
              required
            />
          )}
        </Field>
        <Field label="Answers" error={errors.mode}>
          {(control) => (
            <Select {...control} name="mode" defaultValue={app.mode}>
              {Object.entries(modeWords).map(([mode, words]) => (
                <option key={mode} value={mode}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Field
        id={fieldId('packages')}
        label="Packages"
        isOptional
        error={errors.packages}
        hint="Beyond those that the code names or locks. Enter or a comma adds one."
      >
        {(control) => (
          <TagInput control={control} name="packages" initial={[...app.packages]} placeholder="forecast, jsonlite" />
        )}
      </Field>
      <Field
        label="System packages"
        isOptional
        error={errors.systemPackages}
        hint="Debian packages that R packages need and that are not found by themselves."
      >
        {(control) => (
          <TagInput
            control={control}
            name="systemPackages"
            initial={[...app.systemPackages]}
            placeholder="libudunits2-dev"
          />
        )}
      </Field>
    </>
  )
}

type Runtime = NonNullable<RuntimeFieldsProps['app']>

/** The fields as the code asks for them; packages that it names are installed without being listed. */
export const foundRuntime = (facts: CodeFacts | undefined): Runtime => ({
  ...defaults,
  packages: [],
  systemPackages: [],
  ...(facts?.entryScriptFound && { entryScript: facts.entryScriptFound }),
  ...(facts?.modeFound && { mode: facts.modeFound }),
})

export const modeOf = (text: string): Mode => (text === 'http' ? 'http' : 'ocap')
