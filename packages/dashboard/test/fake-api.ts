import type { Input, Output } from '@rserve-proxy/contract/endpoint.ts'
import type { Api } from '@rserve-proxy/contract/endpoints.ts'
import { Problem, problems } from '@rserve-proxy/contract/problems.ts'
import { vi } from 'vitest'

export interface Received {
  key: keyof Api
  params: Record<string, string>
  querystring: Record<string, string>
  body: unknown
  headers: Headers
}

type Answer<K extends keyof Api> = (input: Input<Api[K]>) => Output<Api[K]>

interface Route {
  key: keyof Api
  answer: (raw: Received) => unknown
}

/** The manager's side of the contract: a test says what each endpoint answers, typed by the contract. */
export function fakeApi() {
  const routes = new Map<keyof Api, Route>()
  const received: Received[] = []
  let isDown = false
  let held: Promise<void> | undefined

  async function fetch(address: string, { method = 'GET', headers, body }: RequestInit = {}) {
    if (isDown) throw new TypeError('fetch failed')
    const url = new URL(address, 'http://localhost')
    const found = match([...routes.values()], method, url.pathname)
    if (!found) throw new Error(`The test has no answer to ${method} ${address}`)
    const call: Received = {
      key: found.route.key,
      params: found.params,
      querystring: Object.fromEntries(url.searchParams),
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
      headers: new Headers(headers),
    }
    received.push(call)
    const answer = respond(() => found.route.answer(call))
    await held
    return answer
  }
  vi.stubGlobal('fetch', fetch)

  return {
    /** What was asked of one endpoint, oldest first. */
    received: (key: keyof Api) => received.filter((call) => call.key === key),
    on<K extends keyof Api>(key: K, answer: Answer<K>) {
      // Through JSON, as on the wire.
      routes.set(key, { key, answer: (raw) => answer(JSON.parse(JSON.stringify(raw))) })
      return this
    },
    /** Answers are made at once and arrive when it is settled. */
    holdUntil: (settled: Promise<void>) => {
      held = settled
    },
    goDown: () => {
      isDown = true
    },
    comeBack: () => {
      isDown = false
    },
  }
}

export type FakeApi = ReturnType<typeof fakeApi>

function match(routes: Route[], method: string, path: string) {
  for (const route of routes) {
    const [wanted = '', pattern = ''] = route.key.split(' ', 2)
    const names = [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    const values = new RegExp(`^${pattern.replace(/:\w+/g, '([^/]+)')}$`).exec(path)?.slice(1)
    if (wanted !== method || !values) continue
    return { route, params: Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(values[at] ?? '')])) }
  }
  return undefined
}

function respond(answer: () => unknown) {
  try {
    const body = answer()
    return body === null ? new Response(null, { status: 204 }) : Response.json(body)
  } catch (error) {
    if (error instanceof Problem) return problemResponse(error)
    throw error
  }
}

export function problemBody({ code, detail, errors }: Problem) {
  const { status, title } = problems[code]
  return { type: `/problems/${code}`, title, status, code, instance: 'req-7f3a', detail, errors }
}

function problemResponse(problem: Problem) {
  const body = problemBody(problem)
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { 'content-type': 'application/problem+json' },
  })
}
