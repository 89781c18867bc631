import type { App, UpdateApp } from '@rserve-proxy/contract/apps.ts'
import { numberOf, textOf, textsOf } from './form-values.ts'
import { modeOf } from './runtime-fields.tsx'

const mib = 2 ** 20

/** What the form asks to change, compared with what it began with. */
export function changesOf(form: FormData, app: App): UpdateApp {
  const before = new Map<string, unknown>(Object.entries({ ...app, resources: resourcesOf(app.resources) }))
  const changed = Object.entries(valuesOf(form)).filter(([name, value]) => !isSame(value, before.get(name)))
  return Object.fromEntries(changed)
}

function valuesOf(form: FormData): UpdateApp {
  const memoryMib = numberOf(form, 'memoryMib')
  return {
    name: textOf(form, 'name'),
    rVersion: textOf(form, 'rVersion'),
    packages: textsOf(form, 'packages'),
    entryScript: textOf(form, 'entryScript'),
    mode: modeOf(textOf(form, 'mode')),
    drainSeconds: numberOf(form, 'drainSeconds') ?? 0,
    resources: resourcesOf({
      ...(memoryMib !== undefined && { memoryBytes: memoryMib * mib }),
      ...optional('cpus', numberOf(form, 'cpus')),
      ...optional('pids', numberOf(form, 'pids')),
    }),
  }
}

/** One order of keys, so that two of them compare. */
function resourcesOf({ memoryBytes, cpus, pids }: App['resources']): App['resources'] {
  return { ...optional('memoryBytes', memoryBytes), ...optional('cpus', cpus), ...optional('pids', pids) }
}

const optional = <Name extends string>(name: Name, value: number | undefined) =>
  value === undefined ? {} : { [name]: value }

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
