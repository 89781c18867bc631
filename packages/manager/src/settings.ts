import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { type RolloutPhase, rolloutPhases } from './loops/crash-point.ts'

const list = (description: string) => Type.Array(Type.String({ maxLength: 300 }), { default: [], description })
const optional = (description: string, options = {}) => Type.Optional(Type.String({ description, ...options }))
const flag = (value: boolean, description: string) => Type.Boolean({ default: value, description })
const count = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: value, minimum, maximum, description })
const origin = (description: string) =>
  Type.String({ pattern: '^https?://[a-z0-9.-]+(:[0-9]{1,5})?/?$', description, examples: ['https://example.net'] })

/** Every setting: type, default, sentence. `secret` ones are also read from the file that NAME_FILE names. */
export const Settings = Type.Object({
  MANAGER_URL: origin('Where browsers reach dashboard and API: scheme, host, optional port.'),
  APPS_URL: origin('Where the apps are; a host of its own keeps them apart from the dashboard.'),
  APPS_EXTRA_HOSTS: list('Further host names that apps answer under; development adds 127.0.0.1.'),
  ALLOW_SINGLE_ORIGIN: flag(false, 'Lets MANAGER_URL and APPS_URL share a host: apps are sandboxed then, for a trial.'),
  INSTALLATION_ID: Type.String({
    pattern: '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$',
    description: 'A UUID that marks every container, network and image of this installation.',
  }),
  DATA_DIR: Type.String({
    default: '.data',
    minLength: 1,
    description: 'Folder of uploads, sources, logs, and the embedded database.',
  }),
  DATABASE_URL: optional('postgres://user:password@host:port/name; without it the embedded database is used.', {
    pattern: '^postgres(ql)?://',
    secret: true,
  }),
  DATABASE_MIGRATE: flag(true, 'Migrate the database at the start; false where prepare-database.js has done it.'),
  SESSION_SECRET: Type.String({ minLength: 32, description: 'Signs the session cookies.', secret: true }),
  SECRETS_KEYS: Type.String({
    description:
      'Keys for secrets in the database, `id:base64` of 32 bytes, by commas or lines; the first encrypts, all decrypt.',
    secret: true,
  }),
  COOKIE_SECURE: flag(true, 'Cookies for HTTPS only; false allows signing in over plain HTTP.'),
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on.' }),
  PORT: count(3000, 0, 65_535, 'Port to listen on.'),
  TRUSTED_PROXY: list("Addresses of Traefik; only their X-Forwarded-For is believed. A range must hold no app's."),
  LOG_LEVEL: Type.Unsafe<'trace' | 'debug' | 'info' | 'warn' | 'error'>(
    Type.String({
      enum: ['trace', 'debug', 'info', 'warn', 'error'],
      default: 'info',
      description: 'Lowest level that is logged.',
    }),
  ),
  DASHBOARD_DIR: optional('Folder of the built dashboard; without it only the API is served.'),
  SPAWNER: Type.Unsafe<'docker' | 'fake'>(
    Type.String({
      enum: ['docker', 'fake'],
      default: 'docker',
      description: 'Where apps run; fake keeps them in memory.',
    }),
  ),
  NETWORK_BASE: Type.String({
    default: '10.213.0.0/16',
    pattern: '^[0-9]{1,3}\\.[0-9]{1,3}\\.0\\.0/16$',
    description: 'The /16 that all our networks lie in.',
  }),
  STAND_IN_SERVICE: optional("Traefik's service that answers for an app that cannot; without it Traefik says 502."),
  ENTRY_POINT: Type.String({ default: 'web', description: "Traefik's entrypoint for apps." }),
  TRAEFIK_API_URL: optional("Traefik's API, to see which generation is routed; needed with SPAWNER=docker."),
  TRAEFIK_API_USER: Type.String({ default: 'manager', description: "User of Traefik's API." }),
  TRAEFIK_API_PASSWORD: optional("Password of Traefik's API; needed with SPAWNER=docker.", { secret: true }),
  BUILD_NETWORK: Type.String({ default: 'rsp-build', description: 'Docker network of install containers.' }),
  BUILD_CONCURRENCY: count(2, 1, 32, 'Builds that run at the same time.'),
  BUILD_MEMORY_MB: count(2048, 256, 1_048_576, 'Memory of an install container.'),
  BUILD_CPUS: Type.Number({ default: 2, minimum: 0.1, maximum: 256, description: 'CPUs of an install container.' }),
  BUILD_CACHE_MB: count(10_240, 0, 10_485_760, 'Limit of the caches of R packages; they are renewed after 30 days.'),
  BUILD_EXTRA_HOSTS: list('name:address pairs that builds resolve, for example cran.test:host-gateway.'),
  R_REPOSITORY: optional('CRAN-shaped repository for packages; without it the one of the base image.', {
    pattern: '^https?://',
  }),
  GIT_ALLOWED_HOSTS: list('Git hosts (host or host:port) that may be at a private address or another port than 443.'),
  EXTRA_CA_FILE: optional('PEM file of certificate authorities that git, R and the manager trust besides their own.'),
  CRASH_AT: Type.Optional(
    Type.Unsafe<RolloutPhase>(
      Type.String({ enum: [...rolloutPhases], description: 'For fault tests: the manager kills itself there, once.' }),
    ),
  ),
  APPS_PER_USER: count(100, 1, 10_000, 'Apps that one user may own; admins may own any number.'),
  REQUESTS_PER_MINUTE: count(3_000, 0, 1_000_000, 'Calls of the API that one user may make; 0: no limit.'),
  MEMORY_RESERVE_MB: count(256, 0, 1_048_576, 'Memory of the machine that new replicas may not take.'),
  DISK_RESERVE_MB: count(1024, 0, 1_048_576, 'Free disk below which nothing new is built or started.'),
  BAKE_SECONDS: count(5, 0, 600, 'How long a new generation must serve before the old one is retired.'),
})
export type Settings = Static<typeof Settings>

/** All that a command needs which only touches the database. */
export const DatabaseSettings = Type.Pick(Settings, ['DATABASE_URL', 'DATA_DIR', 'DATABASE_MIGRATE'])
export const SeedSettings = Type.Object({
  ...DatabaseSettings.properties,
  ADMIN_USERNAME: Type.String({ default: 'admin', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 64 }),
  ADMIN_PASSWORD: optional('Of the first admin; without it or its file the password is read from stdin.', {
    secret: true,
  }),
})
export const KeySettings = Type.Pick(Settings, ['DATABASE_URL', 'DATA_DIR', 'SECRETS_KEYS'])

/** Of the command that makes roles and migrates; the manager never knows the first. */
export const PrepareSettings = Type.Object({
  DATABASE_ADMIN_URL: Type.String({
    pattern: '^postgres(ql)?://',
    description: 'postgres://user:password@host:port/name of a superuser, for prepare-database.js alone.',
    secret: true,
  }),
  DATABASE_URL: Type.Required(Type.Pick(Settings, ['DATABASE_URL'])).properties.DATABASE_URL,
})

export const isSecret = (schema: TSchema) => schema.secret === true

/** The README's table; a test compares the two. */
export function settingsTable() {
  const required = new Set<string>(Settings.required)
  const rows = Object.entries(Settings.properties).map(([name, schema]: [string, TSchema]) => {
    const byDefault = schema.default === undefined ? required.has(name) && 'required' : String(schema.default)
    const names = isSecret(schema) ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``
    return `| ${names} | ${byDefault || ''} | ${schema.description} |`
  })
  return ['| Setting | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n')
}
