import multipart from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { archiveLimits, inspectUpload, uploadCode } from '@rserve-proxy/contract/uploads.ts'
import type { UploadService } from '../../services/upload-service.ts'
import { readBundle } from '../upload-form.ts'

export const uploadRoutes: FastifyPluginAsyncTypebox<{ uploads: UploadService }> = async (server, { uploads }) => {
  // Here alone, so that a form is refused (415) everywhere else, and JSON here.
  server.removeAllContentTypeParsers()
  await server.register(multipart, { throwFileSizeLimit: false })

  server.route({
    ...uploadCode,
    bodyLimit: archiveLimits.archiveBytes + 2 ** 20,
    async handler(request) {
      const { principal, params, callSignal } = request
      await uploads.check(principal, params.appId)
      const file = await readBundle(request)
      return uploads.receive(principal, params.appId, file, callSignal)
    },
  })

  server.route({
    ...inspectUpload,
    bodyLimit: archiveLimits.archiveBytes + 2 ** 20,
    async handler(request) {
      const { stream } = await readBundle(request)
      return uploads.inspect(stream, request.callSignal)
    },
  })
}
