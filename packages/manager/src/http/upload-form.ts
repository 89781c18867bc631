import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { archiveLimits } from '@rserve-proxy/contract/uploads.ts'
import type { FastifyRequest } from 'fastify'

type Parts = ReturnType<FastifyRequest['parts']>

export interface Bundle {
  stream: Readable
  name: string
  /** Fields of the form before the file. */
  fields: [name: string, value: string][]
}

/**
 * The one file of a form, after at most so many fields. Its stream ends only after the whole form was seen to hold
 * nothing else: who consumes it to the end knows that the request was complete and right, and gets the problem as the
 * stream's error otherwise.
 */
export async function readBundle(request: FastifyRequest, { maxFields = 0 } = {}): Promise<Bundle> {
  if (!request.isMultipart()) {
    throw new Problem('unsupported-media-type', {
      detail: 'Send multipart/form-data with one file in the field "bundle"',
    })
  }
  const parts = request.parts({
    limits: { files: 1, fields: maxFields, fieldSize: 16 * 2 ** 10, fileSize: archiveLimits.archiveBytes },
  })
  const fields: Bundle['fields'] = []
  for (;;) {
    const { done, value: part } = await nextPart(parts)
    if (done || (part.type === 'file' && part.fieldname !== 'bundle')) throw notOneBundle()
    if (part.type === 'file')
      return { stream: Readable.from(wholeBundle(request, wholeForm(part, parts))), name: part.filename, fields }
    if (part.valueTruncated || typeof part.value !== 'string') throw notOneBundle()
    fields.push([part.fieldname, part.value])
  }
}

/** An archive that is the body itself. */
export function readArchive(request: FastifyRequest, body: Readable): Bundle {
  return { stream: Readable.from(wholeBundle(request, wholeBody(body))), name: 'upload', fields: [] }
}

/** Its digest is known once it was read to the end. */
async function* wholeBundle(request: FastifyRequest, chunks: AsyncIterable<Uint8Array>) {
  const hash = createHash('sha256')
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
  request.bundleDigest = hash.digest('hex')
}

async function* wholeForm({ file }: MultipartFile, parts: Parts): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of file) yield chunk
  } catch (error) {
    throw cutShort(error)
  }
  if (file.truncated) throw new Problem('too-large', { detail: 'The archive is larger than this endpoint takes' })
  const next = await nextPart(parts)
  if (!next.done) throw notOneBundle()
}

async function* wholeBody(body: Readable): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk
  } catch (error) {
    throw new Problem('invalid-request', { detail: 'The archive ends early: send it again', cause: error })
  }
}

/** For a repeated request, whose file was kept the first time. */
export async function digestOfBundle(request: FastifyRequest) {
  const { stream } = request.archive
    ? readArchive(request, request.archive)
    : await readBundle(request, { maxFields: 20 })
  await finished(stream.resume())
  return request.bundleDigest
}

const nextPart = (parts: Parts) =>
  parts.next().catch((error: unknown) => {
    throw isLimit(error) ? notOneBundle() : cutShort(error)
  })

const isLimit = (error: unknown) => error instanceof Error && 'code' in error && /_LIMIT$/.test(String(error.code))
const notOneBundle = () =>
  new Problem('invalid-request', { detail: 'The form must hold one file, in the field "bundle", and nothing else' })
const cutShort = (cause: unknown) =>
  new Problem('invalid-request', { detail: 'The form ends early or has no valid boundary: send it again', cause })
