import type { App } from '@rserve-proxy/contract/apps.ts'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import type { FieldErrors } from './rules.ts'

const mib = 2 ** 20

/** Left empty, the platform's own limits hold. */
export function LimitFields({ app, errors }: { app: App; errors: FieldErrors }) {
  const { memoryBytes, cpus, pids } = app.resources
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Memory"
        isOptional
        error={errors['resources.memoryBytes']}
        hint="Of each replica. Left empty: 1024 MiB."
      >
        {(control) => (
          <Input
            {...control}
            name="memoryMib"
            type="number"
            unit="MiB"
            min={64}
            max={mib}
            defaultValue={memoryBytes && Math.round(memoryBytes / mib)}
          />
        )}
      </Field>
      <Field label="Processors" isOptional error={errors['resources.cpus']} hint="Left empty: 1 core.">
        {(control) => (
          <Input
            {...control}
            name="cpus"
            type="number"
            unit="cores"
            min={0.1}
            max={256}
            step={0.1}
            defaultValue={cpus}
          />
        )}
      </Field>
      <Field label="Processes" isOptional error={errors['resources.pids']} hint="Each session is one. Left empty: 256.">
        {(control) => <Input {...control} name="pids" type="number" min={16} max={32_768} defaultValue={pids} />}
      </Field>
      <Field label="Replicas" error={errors.replicas} hint="Copies that share the visitors. Changes at once.">
        {(control) => (
          <Input {...control} name="replicas" type="number" min={1} max={10} defaultValue={app.replicas} required />
        )}
      </Field>
    </div>
  )
}
