import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BadInput, expand, readCases } from '../bad-inputs/case-file.ts'
import { outgoing, send } from '../bad-inputs/send.ts'
import { type SignedIn, signIn } from '../helpers/signed-in.ts'
import { stack } from './stack.ts'

// The bad inputs that go through Traefik, sent byte for byte to the stack.
const cases = readCases().filter(({ via }) => via === 'traefik')
const host = new URL(stack.url).host
const names = { MANAGER_HOST: host, APPS_HOST: host, ORIGIN: stack.url }

let admin: SignedIn
let appId: string

beforeAll(async () => {
  admin = await signIn(stack.url, 'admin', stack.adminPassword)
  const codeSource = { type: 'upload' as const }
  const body = { name: 'Echo', slug: 'demo-app', mode: 'http' as const, codeSource }
  appId = (await admin.call('POST /api/apps', { body })).id
  await admin.upload(appId, join(import.meta.dirname, 'echo-app'))
  expect(await admin.settle(appId, 'deploy')).toMatchObject({ status: 'live' })
})
afterAll(() => admin.call('DELETE /api/apps/:appId', { params: { appId } }))

it('finds the cases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(12)
})

describe.each(cases)('$id: $why', (input) => {
  it(`is answered with ${input.expect_status}`, async () => {
    if (input.id === 'route-te-cl') return expectOneAnswer(await twoLengths())
    const { status, text: answered, headers } = await send(stack.webPort, throughTraefik(input))
    // The redirect of a bare slug is Traefik's, which knows no 308 for GET.
    const expected = input.id === 'route-no-slash' ? [...input.expect_status, 301] : input.expect_status
    expect(expected, answered.slice(0, 300)).toContain(status)
    await assertions[input.id]?.(answered, headers)
  })
})

const assertions: Record<string, (answered: string, headers: Record<string, string>) => void | Promise<void>> = {
  'route-xfp-prefix': (answered) => {
    expect(answered).toMatch(/^\/\n/)
    expect(answered).toMatch(/^x-forwarded-prefix: \/demo-app\r?$/im)
    expect(answered).toMatch(new RegExp(`^x-forwarded-host: ${host}\r?$`, 'im'))
    expect(answered).not.toContain('evil')
  },
  'route-no-slash': (_answered, { location }) => expect(location).toBe('/demo-app/'),
}

function throughTraefik(input: BadInput) {
  const message = outgoing(input, names, {})
  return { ...message, headers: { ...message.headers, host: String(expand(input.host ?? host, names)) } }
}

/**
 * Go's server, and with it Traefik, lets the chunked length win and passes that alone on (RFC 9112 §6.3), where the case
 * would have 400: nobody behind it sees two lengths. Sent straight to the manager it is 400 (test/http/problems.test.ts).
 */
function expectOneAnswer(answered: string) {
  expect(answered.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401'])
}

/** A request that two servers in a row would end at different places. */
async function twoLengths(): Promise<string> {
  const socket = connect(stack.webPort, '127.0.0.1')
  const head = `GET /api/apps HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n`
  socket.write(`${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n`)
  return text(socket)
}
