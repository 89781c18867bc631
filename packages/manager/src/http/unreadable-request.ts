import type { Socket } from 'node:net'
import { problems } from '@rserve-proxy/contract/problems.ts'

/**
 * The answer to bytes that are no HTTP request: no hook sees them, so the headers of every answer stand here once more.
 * Node's own answer has none of them.
 */
export function answerUnreadable(
  error: Error & { code?: string },
  socket: Socket,
  { id, https }: { id: string; https: boolean },
) {
  if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy()
  const { status, title } = problems['invalid-request']
  const detail = 'The request cannot be read: check its address and its headers'
  const code = 'invalid-request'
  const body = JSON.stringify({ type: `/problems/${code}`, title, status, detail, instance: id, code })
  const lines = [
    `HTTP/1.1 ${status} Bad Request`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'x-content-type-options: nosniff',
    'referrer-policy: no-referrer',
    "content-security-policy: default-src 'none'; frame-ancestors 'none'",
    ...(https ? ['strict-transport-security: max-age=31536000'] : []),
    'cache-control: no-store',
    'connection: close',
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
  return undefined
}
