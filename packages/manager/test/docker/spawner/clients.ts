import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { until } from '../../../src/spawner/contract-steps.ts'
import { appsUrl, edgeAddress } from './rig.ts'

/** 50 requests a second until stopped. */
export function startLoad(url: string) {
  const names: string[] = []
  const failures: string[] = []
  const stopping = new AbortController()
  const open = new Set<Promise<void>>()
  async function one() {
    try {
      const response = await fetch(url)
      if (response.ok) names.push(Object(await response.json()).name)
      else failures.push(`${response.status}`)
    } catch (error) {
      failures.push(String(error))
    }
  }
  async function all() {
    while (!stopping.signal.aborted) {
      const call = one().finally(() => open.delete(call))
      open.add(call)
      await sleep(20)
    }
    await Promise.all(open)
  }
  const done = all()
  return {
    names,
    async stop() {
      stopping.abort()
      await done
      return { names, failures }
    },
  }
}

export async function openSocket(path: string) {
  const socket = new WebSocket(`ws://${edgeAddress}:8080${path}`)
  const messages: string[] = []
  const first = new Promise<string>((resolve) => socket.once('message', (data) => resolve(data.toString('latin1'))))
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  socket.on('message', (data) => messages.push(data.toString()))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return {
    first,
    closed,
    async ask(text: string): Promise<string | undefined> {
      const seen = messages.length
      socket.send(text)
      await until(
        async () => messages.length,
        (count) => count > seen,
      )
      return messages[seen]
    },
    close: () => socket.close(),
  }
}

/** fetch refuses some of these headers. */
export async function get(path: string, headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined
    headers: Record<string, unknown>
    body: string
  }>()
  request(`${appsUrl}${path}`, { headers }, async (response) => {
    const body = (await Array.fromAsync(response)).join('')
    resolve({ status: response.statusCode, headers: response.headers, body })
  })
    .on('error', reject)
    .end()
  return promise
}

export async function upgrade(path: string, headers: Record<string, string>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const handshake = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'cnNlcnZlLXByb3h5LXByYg==',
  }
  request(`${appsUrl}${path}`, { headers: { ...handshake, ...headers } })
    .on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(String(response.headers['x-seen-protocol']))
    })
    .on('response', ({ statusCode }) => reject(new Error(`no upgrade: ${statusCode}`)))
    .on('error', reject)
    .end()
  return promise
}
