import { once } from 'node:events'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { loginSessions, users } from '../../src/db/schema.ts'
import { eventStream } from '../../src/http/event-stream.ts'
import type { LogEvent, LogService } from '../../src/services/log-service.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { addUser, createTestServer, fromPage, signIn } from '../helpers/test-server.ts'

const appId = '0b9aa1b4-3f1c-4c4e-9a38-6a3f0a3cf0aa'
let database: Database
let server: FastifyInstance
let mayRead = true
let cookie: string
let address: string
let asked: Parameters<LogService['open']>
let produce: (signal: AbortSignal) => AsyncGenerator<LogEvent>

beforeAll(async () => {
  database = await openTestDatabase()
  await addUser(database, 'alice')
  return () => database[Symbol.asyncDispose]()
})

beforeEach(async () => {
  const open: LogService['open'] = async (...args) => {
    asked = args
    return produce(args[4])
  }
  mayRead = true
  const check = async () => {
    if (!mayRead) throw new Problem('app-not-found')
  }
  server = await createTestServer(database, { services: { logs: { check, open } }, recheckMs: 50 })
  cookie = await signIn(server, 'alice')
  address = await server.listen({ host: '127.0.0.1', port: 0 })
})

afterEach(() => server.close())

async function* twoBatches(): AsyncGenerator<LogEvent> {
  yield { type: 'lines', id: 'a.1', lines: [{ text: 'one' }, { text: 'two\u2028 <b>' }] }
  yield { type: 'lines', id: 'a.2', lines: [{ text: 'three', replica: 'r0' }] }
  yield { type: 'end', result: 'live' }
}

/** Says that it waits, then does so until the signal fires. */
async function* endless(signal: AbortSignal, onEnd: () => void): AsyncGenerator<LogEvent> {
  try {
    yield { type: 'lines', id: '1', lines: [{ text: 'first' }] }
    await once(signal, 'abort')
    throw signal.reason
  } finally {
    onEnd()
  }
}

const read = (query: string, headers: Record<string, string> = {}) =>
  server.inject({ url: `/api/apps/${appId}/logs${query}`, headers: { ...fromPage(cookie), ...headers } })

async function openStream(): Promise<[ClientRequest, IncomingMessage]> {
  const headers = { ...fromPage(cookie), accept: 'text/event-stream' }
  const request = get(`${address}/api/apps/${appId}/logs?follow=true`, { headers })
  const [response] = await once(request, 'response')
  return [request, response]
}

describe('a log that is followed', () => {
  it.each([
    ['its caller is signed out', () => database.db.update(loginSessions).set({ revokedAt: new Date() })],
    ['its caller is disabled', () => database.db.update(users).set({ disabledAt: new Date() })],
    ['its caller’s role changes', () => database.db.update(users).set({ role: 'admin' })],
    [
      'the app is not shared any more',
      async () => {
        mayRead = false
      },
    ],
  ])('ends when %s', async (_what, change) => {
    let ended = false
    produce = (signal) =>
      endless(signal, () => {
        ended = true
      })
    const [, response] = await openStream()
    await once(response, 'data')
    await change()
    await once(response.resume(), 'end')
    expect(ended).toBe(true)
    await database.db.update(users).set({ disabledAt: null, role: 'user' })
  })
})

describe('a log', () => {
  it('is a stream of events where that is asked for', async () => {
    produce = twoBatches
    const response = await read('?stream=build&follow=true', { accept: 'text/event-stream' })
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    expect(response.body).toBe(
      [
        'retry: 2000',
        'id: a.1\ndata: [{"text":"one"},{"text":"two\u2028 <b>"}]',
        'id: a.2\ndata: [{"text":"three","replica":"r0"}]',
        'event: end\ndata: {"result":"live"}',
        '',
      ].join('\n\n'),
    )
  })

  it('is plain text otherwise, and ends with the result only when followed', async () => {
    produce = twoBatches
    expect((await read('?tail=10')).body).toBe('one\ntwo\u2028 <b>\nthree\n')
    const followed = await read('?follow=true', { accept: '*/*' })
    expect(followed.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(followed.body).toBe('one\ntwo\u2028 <b>\nthree\nlive\n')
  })

  it('hands the query on, and resumes after an id that can be one of ours', async () => {
    produce = twoBatches
    await read('?tail=10&deployment=0B9AA1B4-3F1C-4C4E-9A38-6A3F0A3CF0AA', { 'last-event-id': 'a.1' })
    expect(asked.slice(1, 4)).toEqual([appId, { tail: 10, deployment: appId }, { after: 'a.1' }])
    await read('', { 'last-event-id': "'; drop table logs;--" })
    expect(asked[3]).toEqual({})
  })

  it.each([
    '?tail=-1',
    '?tail=1000000000',
    '?since=notadate',
    '?stream=../../etc/passwd',
    '?replica=a/b',
    '?follow=maybe',
  ])('refuses %s', async (query) => {
    expect((await read(query)).statusCode).toBe(400)
  })

  it('ends its source when the client goes', async () => {
    const ended = Promise.withResolvers<void>()
    produce = (signal) => endless(signal, ended.resolve)
    const [request, response] = await openStream()
    await once(response, 'data')
    request.destroy()
    await ended.promise
  })

  it('ends cleanly when the server closes', async () => {
    const ended = Promise.withResolvers<void>()
    produce = (signal) => endless(signal, ended.resolve)
    const [, response] = await openStream()
    const body = text(response)
    await setImmediate()
    await server.close()
    await ended.promise
    expect(await body).toContain('first')
    expect(response.complete).toBe(true)
  })
})

describe('eventStream', () => {
  it('sends comments while nothing happens', async () => {
    const stopping = new AbortController()
    async function* silence() {
      await once(stopping.signal, 'abort')
      yield { data: 'late' }
    }
    const chunks: string[] = []
    for await (const chunk of eventStream(silence(), stopping.signal, 5)) {
      chunks.push(chunk)
      if (chunks.length === 3) stopping.abort()
    }
    expect(chunks.slice(0, 3)).toEqual(['retry: 2000\n\n', ': still here\n\n', ': still here\n\n'])
  })

  it('asks for no more than the reader takes', async () => {
    let made = 0
    async function* plenty() {
      for (;;) yield { data: made++ }
    }
    const stopping = new AbortController()
    const stream = eventStream(plenty(), stopping.signal)
    await once(stream, 'readable')
    for (let turn = 0; turn < 100; turn++) await setImmediate()
    expect(made).toBeLessThan(10)
    stopping.abort()
    stream.destroy()
  })
})
