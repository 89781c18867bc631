import type { App, UpdateApp } from '@rserve-proxy/contract/apps.ts'
import { numberOf, textOf, textsOf } from './form-values.ts'
import { gitSourceOf } from './git-fields.tsx'
import { modeOf } from './runtime-fields.tsx'

const mib = 2 ** 20

/** What the form asks to change, compared with what it began with. */
export function changesOf(form: FormData, app: App): UpdateApp {
  const known = { ...app, resources: resourcesOf(app.resources), codeSource: inOrder(app.codeSource) }
  const before = new Map<string, unknown>(Object.entries(known))
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
    systemPackages: textsOf(form, 'systemPackages'),
    codeSource: textOf(form, 'sourceType') === 'git' ? gitSourceOf(form) : { type: 'upload' },
    replicas: numberOf(form, 'replicas') ?? 1,
    drainSeconds: numberOf(form, 'drainSeconds') ?? 0,
    startTimeoutSeconds: numberOf(form, 'startTimeoutSeconds') ?? 60,
    buildTimeoutSeconds: numberOf(form, 'buildTimeoutSeconds') ?? 1_800,
    keepReleases: numberOf(form, 'keepReleases') ?? 5,
    egress: textOf(form, 'egress') === 'none' ? 'none' : 'internet',
    reuseConnections: textOf(form, 'reuseConnections') === 'yes',
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

/** As the form makes it. */
function inOrder(source: App['codeSource']): App['codeSource'] {
  if (source.type === 'upload') return source
  const { type, repoUrl, branch, subdirectory, credentialId } = source
  return {
    type,
    repoUrl,
    ...(branch && { branch }),
    ...(subdirectory && { subdirectory }),
    ...(credentialId && { credentialId }),
  }
}

const optional = <Name extends string>(name: Name, value: number | undefined) =>
  value === undefined ? {} : { [name]: value }

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
