import { expect, it } from 'vitest'
import { routeSpec } from './route-spec.ts'

const route = {
  hosts: ['apps.example.net'],
  entryPoint: 'web',
  limits: { openRequests: 200 },
  sandbox: true,
  reuseConnections: false,
}

it('hashes what the route says, in sixteen hexadecimal digits', () => {
  expect(routeSpec(route)).toEqual({ ...route, routeHash: expect.stringMatching(/^[0-9a-f]{16}$/) })
  expect(routeSpec({ ...route })).toEqual(routeSpec(route))
})

it.each([
  { hosts: ['other.example.net'] },
  { entryPoint: 'websecure' },
  { limits: { openRequests: 1 } },
  { sandbox: false },
  { reuseConnections: true },
])('changes the hash with %j', (change) => {
  expect(routeSpec({ ...route, ...change }).routeHash).not.toBe(routeSpec(route).routeHash)
})
