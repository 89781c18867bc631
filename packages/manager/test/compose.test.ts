import { readFile } from 'node:fs/promises'
import { reservedSlugs } from '@rserve-proxy/contract/reserved-slugs.ts'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

interface Service {
  cap_drop?: string[]
  environment?: Record<string, string | null>
  labels?: Record<string, string>
  ports?: string[]
  read_only?: boolean
  security_opt?: string[]
  volumes?: string[]
}

interface ComposeFile {
  services: Record<string, Service>
}

const read = async (name: string): Promise<{ text: string; services: Record<string, Service> }> => {
  const text = await readFile(new URL(`../../../${name}`, import.meta.url), 'utf8')
  const file: ComposeFile = parse(text, { merge: true, logLevel: 'error' }) // `!override` is compose's own tag
  return { text, services: file.services }
}

const production = await read('docker-compose.yml')
const development = await read('docker-compose.dev.yml')
const both = [
  ['production', production],
  ['development', development],
] as const

describe.each(both)('%s', (_name, { services }) => {
  it("routes the contract's reserved first segments to the manager", () => {
    const rule = services.manager?.labels?.['traefik.http.routers.manager.rule'] ?? ''
    const list = /PathRegexp\(`\^\/\(([^)]+)\)\?\(\/\|\$\$\)`\)$/.exec(rule)?.[1]
    expect(list?.split('|')).toEqual([...reservedSlugs])
  })

  it('binds every entrypoint to one fixed address', () => {
    const addresses = Object.entries(services.traefik?.environment ?? {}).filter(([key]) =>
      /ENTRYPOINTS_\w+_ADDRESS/.test(key),
    )
    expect(addresses.length).toBeGreaterThan(0)
    for (const [, address] of addresses) expect(address).toMatch(/^\$\{NETWORK_PREFIX\}\.[01]\.2:\d+$/)
  })

  it('publishes ports of Traefik alone', () => {
    expect(Object.keys(services).filter((name) => services[name]?.ports)).toEqual(['traefik'])
  })

  it('gives no secret a default', () => {
    const values = Object.values(services).flatMap((service) =>
      Object.entries({ ...service.environment, ...service.labels }),
    )
    const secrets = values.filter(([key]) => /PASSWORD|SECRET|DATABASE_URL|basicauth/.test(key))
    for (const [key, value] of secrets) expect(value, key).toMatch(/\$\{\w+(:\?[^}]*)?\}/)
  })
})

describe('production', () => {
  it('serves over TLS, as hardened as without', () => {
    const { environment = {} } = production.services.traefik ?? {}
    const optionsOf = (name: string) =>
      Object.fromEntries(
        Object.entries(environment)
          .filter(([key]) => key.startsWith(`TRAEFIK_ENTRYPOINTS_${name}_`) && !key.endsWith('ADDRESS'))
          .map(([key, value]) => [key.replace(`_${name}_`, '_'), value]),
      )
    expect(optionsOf('WEBSECURE')).toEqual({ ...optionsOf('WEB'), TRAEFIK_ENTRYPOINTS_HTTP_TLS: 'true' })
    const routers = Object.entries(production.services.manager?.labels ?? {}).filter(([key]) =>
      key.endsWith('.entrypoints'),
    )
    expect(routers.map(([, value]) => value)).toEqual(['websecure', 'websecure'])
    expect(production.services.manager?.environment).toMatchObject({ ENTRY_POINT: 'websecure', COOKIE_SECURE: 'true' })
  })

  it.each(Object.entries(production.services).filter(([name]) => name !== 'build-network'))(
    'hardens %s',
    (_name, service) => {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    },
  )

  it("mounts the engine's socket into manager and socket proxy alone", () => {
    const mounting = Object.entries(production.services).filter(([, { volumes }]) =>
      volumes?.some((v) => v.includes('docker.sock')),
    )
    expect(mounting.map(([name]) => name)).toEqual(['socket-proxy', 'manager'])
  })
})

describe('development', () => {
  it('publishes on loopback only', () => {
    for (const port of development.services.traefik?.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
    expect(development.text).toContain('ports: !override')
  })
})
