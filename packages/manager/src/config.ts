import { readFileSync } from 'node:fs'
import type { Static, TObject } from '@sinclair/typebox'
import { Ajv, type ErrorObject } from 'ajv'
import { createKeyRing } from './services/key-ring.ts'
import { DatabaseSettings, isSecret, KeySettings, PrepareSettings, SeedSettings, Settings } from './settings.ts'

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

export function loadConfig(env: Environment = process.env): Config {
  const settings = readSettings(Settings, env, contradictions)
  const managerHost = new URL(settings.MANAGER_URL).hostname
  const appsHost = new URL(settings.APPS_URL).hostname
  return {
    ...settings,
    managerHost,
    appsHosts: [appsHost, ...settings.APPS_EXTRA_HOSTS],
    singleOrigin: managerHost === appsHost,
  }
}

export const loadDatabaseConfig = (env: Environment = process.env) => readSettings(DatabaseSettings, env, () => [])
export const loadSeedConfig = (env: Environment = process.env) => readSettings(SeedSettings, env, () => [])
export const loadKeyConfig = (env: Environment = process.env) => readSettings(KeySettings, env, () => [])
export const loadPrepareConfig = (env: Environment = process.env) => readSettings(PrepareSettings, env, () => [])

type Check = (values: Record<string, unknown>) => Iterable<string>

function readSettings<T extends TObject>(schema: T, env: Environment, check: Check): Static<T> {
  const ajv = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true, verbose: true })
  const isComplete = ajv.addVocabulary(['secret']).compile<Static<T>>(schema)
  const mistakes: string[] = []
  const values: unknown = readTexts(schema, env, mistakes)
  const complete = isComplete(values) ? values : undefined
  mistakes.push(...(isComplete.errors ?? []).map(sentenceOf), ...check(Object(values)))
  if (!complete || mistakes.length > 0) throw new ConfigError(mistakes)
  return complete
}

function readTexts({ properties }: TObject, env: Environment, mistakes: string[]) {
  const texts: Record<string, string | string[]> = {}
  for (const [name, schema] of Object.entries(properties)) {
    const text = isSecret(schema) ? readSecret(env, name, mistakes) : env[name]
    // Compose passes an unset variable on as an empty one.
    if (text) texts[name] = schema.type === 'array' ? text.split(',').map((item) => item.trim()) : text
  }
  return texts
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
function* contradictions({
  MANAGER_URL,
  APPS_URL,
  ALLOW_SINGLE_ORIGIN,
  SESSION_SECRET,
  SECRETS_KEYS,
  SPAWNER,
  TRAEFIK_API_URL,
  TRAEFIK_API_PASSWORD,
}: Record<string, unknown>) {
  if (typeof SESSION_SECRET === 'string' && isGuessable(SESSION_SECRET)) {
    yield 'SESSION_SECRET can be guessed: make a random one, for example with `openssl rand -hex 32`.'
  }
  if (typeof SECRETS_KEYS === 'string' && !isKeyList(SECRETS_KEYS)) {
    yield 'SECRETS_KEYS is no list of keys: make one with `echo "k1:$(openssl rand -base64 32)"`.'
  }
  if (isSameHost(MANAGER_URL, APPS_URL) && ALLOW_SINGLE_ORIGIN !== true) {
    yield 'MANAGER_URL and APPS_URL have the same host: give apps a host of their own, or set ALLOW_SINGLE_ORIGIN=true for a trial.'
  }
  if (SPAWNER !== 'docker') return
  if (!TRAEFIK_API_URL) yield 'TRAEFIK_API_URL is missing; SPAWNER=docker needs it.'
  if (!TRAEFIK_API_PASSWORD) yield 'TRAEFIK_API_PASSWORD is missing; SPAWNER=docker needs it.'
}

/** Cookies know no ports. */
const isSameHost = (one: unknown, other: unknown) =>
  URL.canParse(String(one)) &&
  URL.canParse(String(other)) &&
  new URL(String(one)).hostname === new URL(String(other)).hostname

const isKeyList = (text: string) => {
  try {
    createKeyRing(text)
    return true
  } catch {
    return false
  }
}

const isGuessable = (secret: string) =>
  new Set(secret).size < 8 || /change.?me|default|example|secret|password/i.test(secret)
