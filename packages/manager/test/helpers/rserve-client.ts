import { createRequire } from 'node:module'

// Through require: under Node and under the test runner the default export of an `import` is not the same thing.
const rserveTs: typeof import('rserve-ts') = createRequire(import.meta.url)('rserve-ts')

export interface RserveSession {
  call(name: string, ...args: unknown[]): Promise<unknown>
  close(): void
  closed: Promise<number>
}

/** An OCAP session. Unlike bare rserve-ts, everything settles when the server refuses, leaves or dies during a call. */
export async function connect(url: string, { timeoutMs = 10_000 } = {}): Promise<RserveSession> {
  const { promise: closed, resolve: markClosed } = Promise.withResolvers<number>()
  const lost = closed.then((code): never => {
    throw new Error(`the connection to ${url} closed (${code})`)
  })
  lost.catch(() => 'whoever waits for a reply is told')

  const { created, abandon } = open(url, markClosed)
  const timer = setTimeout(abandon, timeoutMs)
  try {
    const session = await Promise.race([created, lost])
    const api: Record<string, unknown> = await Promise.race([session.ocap(), lost])
    const call = (name: string, ...args: unknown[]) => Promise.race([callFunction(api[name], name, args), lost])
    return { call, close: session.close, closed }
  } catch (error) {
    abandon()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

// rserve-ts keeps its socket to itself, and an abandoned socket is a forked R that stays.
function open(url: string, onClose: (code: number) => void) {
  const sockets: WebSocket[] = []
  const Original = globalThis.WebSocket
  globalThis.WebSocket = class extends Original {
    constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
      super(...parameters)
      sockets.push(this)
    }
  }
  try {
    const created = rserveTs.default.create({ host: url, on_close: (event) => onClose(event.code) })
    const abandon = () => {
      for (const socket of sockets) socket.close()
    }
    return { created, abandon }
  } finally {
    globalThis.WebSocket = Original
  }
}

function callFunction(target: unknown, name: string, args: unknown[]): Promise<unknown> {
  if (typeof target !== 'function') return Promise.reject(new Error(`the app offers no function ${name}`))
  return new Promise((resolve, reject) => {
    target(...args, (failure: [string, number] | null, value: unknown) => {
      if (failure) reject(new Error(failure[0]))
      else resolve(value)
    })
  })
}
