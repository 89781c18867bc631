import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig, loadDatabaseConfig } from './config.ts'
import { settingsTable } from './settings.ts'

const valid = {
  MANAGER_URL: 'https://hub.example.net',
  APPS_URL: 'https://apps.example.org:8443',
  INSTALLATION_ID: '8f14e45f-ceea-467f-a8d4-0123456789ab',
  SESSION_SECRET: '0123456789abcdef0123456789abcdef',
  SECRETS_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  SPAWNER: 'fake',
}

const mistakesOf = (env: Record<string, string>) => {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
  return []
}

describe('loadConfig', () => {
  it('coerces, fills in defaults and derives hosts', () => {
    const config = loadConfig({ ...valid, PORT: '8080', COOKIE_SECURE: 'false', BUILD_EXTRA_HOSTS: 'a:1.2.3.4, b:gw' })
    expect(config).toMatchObject({
      PORT: 8080,
      COOKIE_SECURE: false,
      BAKE_SECONDS: 5,
      BUILD_EXTRA_HOSTS: ['a:1.2.3.4', 'b:gw'],
      GIT_ALLOWED_HOSTS: [],
      managerHost: 'hub.example.net',
      appsHosts: ['apps.example.org'],
      singleOrigin: false,
    })
  })

  it('calls two ports of one host a single origin, because cookies know no ports', () => {
    const urls = { MANAGER_URL: 'http://localhost:8880', APPS_URL: 'http://localhost:9000' }
    expect(mistakesOf({ ...valid, ...urls })).toEqual([
      expect.stringMatching(/have the same host: .* ALLOW_SINGLE_ORIGIN=true/),
    ])
    const config = loadConfig({ ...valid, ...urls, ALLOW_SINGLE_ORIGIN: 'true', APPS_EXTRA_HOSTS: '127.0.0.1' })
    expect(config.singleOrigin).toBe(true)
    expect(config.appsHosts).toEqual(['localhost', '127.0.0.1'])
  })

  it('lists every mistake, and never a value', () => {
    const mistakes = mistakesOf({ ...valid, APPS_URL: 'ftp://x', SESSION_SECRET: 'hunter2', PORT: 'many', SPAWNER: '' })
    expect(mistakes).toEqual([
      expect.stringMatching(/^APPS_URL does not have the right form/),
      expect.stringMatching(/^SESSION_SECRET must NOT have fewer than 32 characters/),
      expect.stringMatching(/^PORT must be integer/),
      expect.stringMatching(/^SESSION_SECRET can be guessed/),
      'TRAEFIK_API_URL is missing; SPAWNER=docker needs it.',
      'TRAEFIK_API_PASSWORD is missing; SPAWNER=docker needs it.',
    ])
    expect(mistakes.join()).not.toContain('hunter2')
  })

  it.each(['MANAGER_URL', 'APPS_URL', 'INSTALLATION_ID', 'SESSION_SECRET', 'SECRETS_KEYS'])('requires %s', (name) => {
    expect(mistakesOf({ ...valid, [name]: '' })).toEqual([expect.stringMatching(`^${name} is missing`)])
  })

  it.each(['changeme-changeme-changeme-changeme-0', 'a'.repeat(64)])('refuses the secret %s', (secret) => {
    expect(mistakesOf({ ...valid, SESSION_SECRET: secret })).toEqual([expect.stringMatching('can be guessed')])
  })
})

it('refuses keys that are none', () => {
  expect(mistakesOf({ ...valid, SECRETS_KEYS: 'k1:short' })).toEqual([expect.stringMatching('is no list of keys')])
})

it('asks for no more than the database where only that is touched', () => {
  expect(loadDatabaseConfig({})).toEqual({ DATA_DIR: '.data', DATABASE_MIGRATE: true })
  expect(() => loadDatabaseConfig({ DATABASE_URL: 'mysql://x' })).toThrow(ConfigError)
})

describe('a secret in a file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'secret')
  const { SESSION_SECRET, ...rest } = valid

  it('is read without its last line break', () => {
    writeFileSync(file, `${SESSION_SECRET}\n`)
    expect(loadConfig({ ...rest, SESSION_SECRET_FILE: file }).SESSION_SECRET).toBe(SESSION_SECRET)
  })

  it('is refused beside the plain setting', () => {
    expect(mistakesOf({ ...valid, SESSION_SECRET_FILE: file })).toContainEqual(expect.stringMatching('both set'))
  })

  it('names the path when it cannot be read', () => {
    const mistakes = mistakesOf({ ...rest, SESSION_SECRET_FILE: '/nowhere/secret' })
    expect(mistakes).toContainEqual(expect.stringMatching('^SESSION_SECRET_FILE: /nowhere/secret cannot be read'))
  })
})

it('tells every setting in a table', () => {
  expect(settingsTable()).toContain('| `PORT` | 3000 | Port to listen on. |')
  expect(settingsTable()).toContain(
    '| `SESSION_SECRET`, `SESSION_SECRET_FILE` | required | Signs the session cookies. |',
  )
})
