import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject } from 'ajv'
import { isSecret, Settings } from './settings.ts'

export interface Config extends Settings {
  /** Host of MANAGER_URL, without port. */
  managerHost: string
  /** Host of APPS_URL first, then APPS_EXTRA_HOSTS. */
  appsHosts: string[]
  /** Apps and dashboard share a host: cookies are narrowed and apps are sandboxed. */
  singleOrigin: boolean
}

/** All mistakes at once; `main` prints it and exits with 78 (EX_CONFIG). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: string[]

  constructor(mistakes: string[]) {
    super(`The settings are not valid:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
    this.mistakes = mistakes
  }
}

type Environment = Record<string, string | undefined>

const ajv = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true, verbose: true })
ajv.addVocabulary(['secret'])
const isSettings = ajv.compile<Settings>(Settings)

export function loadConfig(env: Environment = process.env): Config {
  const mistakes: string[] = []
  const settings: Record<string, unknown> = readSettings(env, mistakes)
  const isValid = isSettings(settings)
  mistakes.push(...(isSettings.errors ?? []).map(sentenceOf), ...contradictions(settings))
  if (!isValid || mistakes.length > 0) throw new ConfigError(mistakes)
  return { ...settings, ...derive(settings) }
}

function readSettings(env: Environment, mistakes: string[]) {
  const settings: Record<string, string | string[]> = {}
  for (const [name, schema] of Object.entries(Settings.properties)) {
    const text = isSecret(schema) ? readSecret(env, name, mistakes) : env[name]
    // Compose passes an unset variable on as an empty one.
    if (text) settings[name] = schema.type === 'array' ? text.split(',').map((item) => item.trim()) : text
  }
  return settings
}

function readSecret(env: Environment, name: string, mistakes: string[]) {
  const file = env[`${name}_FILE`]
  if (!file) return env[name]
  if (env[name]) {
    mistakes.push(`${name} and ${name}_FILE are both set: keep one`)
    return undefined
  }
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    mistakes.push(`${name}_FILE: ${file} cannot be read (${error instanceof Error ? error.message : error})`)
    return undefined
  }
}

// Never with the value: it may be a secret.
function sentenceOf({ keyword, params, instancePath, message, parentSchema }: ErrorObject) {
  if (keyword === 'required') {
    const name: string = params.missingProperty
    return `${name} is missing. ${parentSchema?.properties[name].description}`
  }
  const name = instancePath.split('/')[1]
  return `${name} ${keyword === 'pattern' ? 'does not have the right form' : message}. ${parentSchema?.description ?? ''}`
}

/** What no single setting can tell. */
function* contradictions({ SESSION_SECRET, SPAWNER, TRAEFIK_API_URL, TRAEFIK_API_PASSWORD }: Record<string, unknown>) {
  if (typeof SESSION_SECRET === 'string' && isGuessable(SESSION_SECRET)) {
    yield 'SESSION_SECRET can be guessed: make a random one, for example with `openssl rand -hex 32`.'
  }
  if (SPAWNER !== 'docker') return
  if (!TRAEFIK_API_URL) yield 'TRAEFIK_API_URL is missing; SPAWNER=docker needs it.'
  if (!TRAEFIK_API_PASSWORD) yield 'TRAEFIK_API_PASSWORD is missing; SPAWNER=docker needs it.'
}

const isGuessable = (secret: string) =>
  new Set(secret).size < 8 || /change.?me|default|example|secret|password/i.test(secret)

function derive(settings: Settings) {
  const managerHost = new URL(settings.MANAGER_URL).hostname
  const appsHost = new URL(settings.APPS_URL).hostname
  return { managerHost, appsHosts: [appsHost, ...settings.APPS_EXTRA_HOSTS], singleOrigin: managerHost === appsHost }
}
