import { connect } from 'node:net'
import type { Upload } from './archives.ts'
import type { BadInput, Placeholders } from './case-file.ts'
import { expand } from './case-file.ts'

export interface Sent {
  status: number
  headers: Record<string, string>
  text: string
  tookMs: number
}

interface Outgoing {
  method: string
  /** Byte for byte. */
  path: string
  headers: Record<string, string>
  body?: Buffer | undefined
}

/** A case as it stands, with the headers that a browser or a script would send. */
export function outgoing(input: BadInput, names: Placeholders, credentials: Record<string, string>): Outgoing {
  const body = bodyOf(input, names)
  const isUnsafe = !['GET', 'HEAD'].includes(input.method)
  const headers: Record<string, string | null> = {
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
    ...(isUnsafe && !credentials.authorization && { origin: names.ORIGIN ?? '' }),
    ...credentials,
    ...(input.headers &&
      Object.fromEntries(Object.entries(input.headers).map(([name, value]) => [name.toLowerCase(), value]))),
  }
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(expand(value, names))] as const],
  )
  return { method: input.method, path: String(expand(input.path, names)), headers: Object.fromEntries(sent), body }
}

export function uploading(
  path: string,
  upload: Upload,
  names: Placeholders,
  credentials: Record<string, string>,
): Outgoing {
  const { content, field = 'bundle', filename = 'app.zip', contentType, isCut = false } = upload
  const open = `--B\r\nContent-Disposition: form-data; name="${field}"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`
  const form = Buffer.concat([Buffer.from(open), content, Buffer.from(isCut ? '' : '\r\n--B--\r\n')])
  return {
    method: 'POST',
    path: String(expand(path, names)),
    headers: {
      ...{ accept: 'application/json', origin: names.ORIGIN ?? '' },
      ...credentials,
      'content-type': contentType ?? 'multipart/form-data; boundary=B',
    },
    body: contentType ? content : form,
  }
}

/** Straight to the manager and byte for byte: a client library would refuse to send some of it. */
export async function send(port: number, { method, path, headers, body }: Outgoing): Promise<Sent> {
  const started = performance.now()
  const length = body ? { 'content-length': String(body.length) } : {}
  const all = { host: `127.0.0.1:${port}`, connection: 'close', ...length, ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'utf8')
  const answer = await exchange(port, body ? Buffer.concat([head, body]) : head)
  return { ...parsed(answer), tookMs: performance.now() - started }
}

function exchange(port: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setTimeout(60_000, () => socket.destroy(new Error('no answer within a minute')))
    socket.on('data', (chunk) => chunks.push(chunk))
    // Who refuses early may close before it has read everything; what it said by then counts.
    socket.on('error', (error) => (chunks.length > 0 ? resolve(Buffer.concat(chunks)) : reject(error)))
    socket.on('end', () => resolve(Buffer.concat(chunks)))
  })
}

function parsed(answer: Buffer): Omit<Sent, 'tookMs'> {
  const end = answer.indexOf('\r\n\r\n')
  const [first = '', ...lines] = answer.subarray(0, end).toString('latin1').split('\r\n')
  const fields = lines
    .map((line) => line.split(/:\s*(.*)/s, 2))
    .map(([name = '', value = '']) => [name.toLowerCase(), value])
  const headers: Record<string, string> = Object.fromEntries(fields)
  const content = answer.subarray(end + 4)
  const body = headers['transfer-encoding'] === 'chunked' ? unchunked(content) : content
  return { status: Number(first.split(' ')[1]), headers, text: body.toString('utf8') }
}

function unchunked(content: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < content.length; ) {
    const lineEnd = content.indexOf('\r\n', at)
    const size = Number.parseInt(content.subarray(at, lineEnd).toString('latin1'), 16)
    if (!size) break
    parts.push(content.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 4 + size
  }
  return Buffer.concat(parts)
}

function bodyOf(input: BadInput, names: Placeholders): Buffer | undefined {
  if (input.raw_body_hex !== undefined) return Buffer.from(input.raw_body_hex, 'hex')
  if (input.raw_body !== undefined) return Buffer.from(String(expand(input.raw_body, names)))
  // `undefined` in JSON would drop what a case means to send.
  return input.body === undefined ? undefined : Buffer.from(JSON.stringify(expand(input.body, names)))
}
