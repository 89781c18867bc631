import type { App } from '@rserve-proxy/contract/apps.ts'
import { Field } from '../ui/field.tsx'
import { Input, Select } from '../ui/input.tsx'
import type { FieldErrors } from './rules.ts'

/** How a deploy goes, and how long each part may take. */
export const RolloutFields = ({ app, errors }: { app: App; errors: FieldErrors }) => (
  <div className="grid gap-4 sm:grid-cols-2">
    <Seconds
      name="drainSeconds"
      label="Drain limit"
      hint="How long old sessions may go on after a deploy."
      {...{ app, errors, min: 0, max: 86_400 }}
    />
    <Seconds
      name="startTimeoutSeconds"
      label="Start limit"
      hint="When a new release must answer."
      {...{ app, errors, min: 5, max: 3_600 }}
    />
    <Seconds
      name="buildTimeoutSeconds"
      label="Build limit"
      hint="When a build must be done."
      {...{ app, errors, min: 30, max: 86_400 }}
    />
    <Field label="Kept releases" error={errors.keepReleases} hint="Those that can be rolled back to.">
      {(control) => (
        <Input
          {...control}
          name="keepReleases"
          type="number"
          min={1}
          max={50}
          defaultValue={app.keepReleases}
          required
        />
      )}
    </Field>
    <Field label="Way out" error={errors.egress} hint="What the R code may call.">
      {(control) => (
        <Select {...control} name="egress" defaultValue={app.egress}>
          <option value="internet">The internet, not private networks</option>
          <option value="none">Nothing</option>
        </Select>
      )}
    </Field>
    <Field
      label="Connections"
      error={errors.reuseConnections}
      hint="One R process may answer many HTTP requests if they do not depend on each other."
    >
      {(control) => (
        <Select {...control} name="reuseConnections" defaultValue={app.reuseConnections ? 'yes' : 'no'}>
          <option value="no">A process for each</option>
          <option value="yes">Reuse processes</option>
        </Select>
      )}
    </Field>
  </div>
)

interface SecondsProps {
  name: 'drainSeconds' | 'startTimeoutSeconds' | 'buildTimeoutSeconds'
  label: string
  hint: string
  min: number
  max: number
  app: App
  errors: FieldErrors
}

const Seconds = ({ name, label, hint, min, max, app, errors }: SecondsProps) => (
  <Field label={label} error={errors[name]} hint={hint}>
    {(control) => (
      <Input {...control} name={name} type="number" unit="s" min={min} max={max} defaultValue={app[name]} required />
    )}
  </Field>
)
