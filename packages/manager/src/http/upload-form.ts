import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { archiveLimits } from '@rserve-proxy/contract/uploads.ts'
import type { FastifyRequest } from 'fastify'

type Parts = ReturnType<FastifyRequest['parts']>

/**
 * The one file of a form. Its stream ends only after the whole form was seen to hold nothing else: who consumes it to
 * the end knows that the request was complete and right, and gets the problem as the stream's error otherwise.
 */
export async function readBundle(request: FastifyRequest) {
  if (!request.isMultipart()) {
    throw new Problem('unsupported-media-type', {
      detail: 'Send multipart/form-data with one file in the field "bundle"',
    })
  }
  const parts = request.parts({
    limits: { files: 1, fields: 0, fileSize: archiveLimits.archiveBytes },
  })
  const first = await nextPart(parts)
  if (first.done || first.value.type !== 'file' || first.value.fieldname !== 'bundle') throw notOneBundle()
  return { stream: Readable.from(wholeForm(request, first.value, parts)), name: first.value.filename }
}

async function* wholeForm(request: FastifyRequest, { file }: MultipartFile, parts: Parts) {
  const hash = createHash('sha256')
  try {
    for await (const chunk of file) {
      hash.update(chunk)
      yield chunk
    }
  } catch (error) {
    throw cutShort(error)
  }
  if (file.truncated) throw new Problem('too-large', { detail: 'The archive is larger than this endpoint takes' })
  const next = await nextPart(parts)
  if (!next.done) throw notOneBundle()
  request.bundleDigest = hash.digest('hex')
}

/** For a repeated request, whose file was kept the first time. */
export async function digestOfBundle(request: FastifyRequest) {
  const { stream } = await readBundle(request)
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
