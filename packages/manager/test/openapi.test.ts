import { endpoints } from '@rserve-proxy/contract/endpoints.ts'
import { problems } from '@rserve-proxy/contract/problems.ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { createIdleServer } from './helpers/test-server.ts'

let server: Awaited<ReturnType<typeof createIdleServer>>

beforeAll(async () => {
  server = await createIdleServer()
  return () => server.close()
})

// Write it anew with `bun run --cwd packages/manager openapi`.
it('emits the document that is committed', async () => {
  const document = JSON.stringify(server.swagger(), null, 2)
  await expect(`${document}\n`).toMatchFileSnapshot('../../contract/openapi.json')
})

it('is what the contract lists, no more and no less', () => {
  const documented = Object.entries(server.swagger().paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(Object(methods)).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  expect(documented.sort()).toEqual(endpoints.map(({ method, url }) => `${method} ${url}`).sort())
})

it('names every operation once', () => {
  const ids = endpoints.map(({ schema }) => schema.operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

describe.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.url}`, endpoint] as const))(
  '%s',
  (_name, endpoint) => {
    it('has exactly one route', () => {
      expect(server.hasRoute({ method: endpoint.method, url: endpoint.url })).toBe(true)
    })

    it('declares problems of the catalogue', () => {
      const codes: string[] = endpoint.config.problems
      expect(codes.filter((code) => !(code in problems))).toEqual([])
    })

    it('says who may call it, and of an app what right that takes', () => {
      expect(endpoint.config.access).toBeTypeOf('string')
      expect('app' in endpoint.config).toBe(endpoint.url.includes('/:appId'))
    })

    it('is private unless it says otherwise', async () => {
      if (endpoint.config.access === 'public') return
      const url = endpoint.url.replace(/:\w+/g, 'x')
      const response = await server.inject({ method: endpoint.method, url })
      expect(response.json()).toMatchObject({ status: 401, code: 'not-signed-in' })
    })
  },
)
