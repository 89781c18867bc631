import { readFileSync } from 'node:fs'
import { type RequestOptions, request } from 'node:https'
import { text } from 'node:stream/consumers'

export interface HostAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** Calls a host of the installation, whose names no resolver knows, over TLS with the authority of the tests. */
export function createHosts(authorityFile: string) {
  const ca = readFileSync(authorityFile)
  return (address: string, { body, ...options }: RequestOptions & { body?: Buffer | string } = {}) =>
    new Promise<HostAnswer>((resolve, reject) => {
      const url = new URL(address)
      const asking = request(
        {
          ...options,
          host: '127.0.0.1',
          port: url.port,
          path: url.pathname + url.search,
          servername: url.hostname,
          ca,
          headers: { host: url.host, ...options.headers },
        },
        (answer) => {
          text(answer).then(
            (answered) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answered }),
            reject,
          )
        },
      )
      asking.on('error', reject)
      asking.end(body)
    })
}
