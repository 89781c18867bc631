import multipart from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { deployInOneCall, type OneCallBody } from '@rserve-proxy/contract/one-call.ts'
import { archiveLimits } from '@rserve-proxy/contract/uploads.ts'
import type { FastifyRequest } from 'fastify'
import type { DeploymentService } from '../../services/deployment-service.ts'
import type { OneCallService } from '../../services/one-call-service.ts'
import { appFields, onlyOnce } from '../one-call-body.ts'
import { parseJson } from '../parse-json.ts'
import { readArchive, readBundle } from '../upload-form.ts'

type Needs = { oneCall: OneCallService; deployments: DeploymentService }

const archiveTypes = ['gzip', 'x-gzip', 'zip', 'x-zip-compressed', 'x-tar'].map((type) => `application/${type}`)

export const oneCallRoutes: FastifyPluginAsyncTypebox<Needs> = async (server, { oneCall, deployments }) => {
  server.removeAllContentTypeParsers()
  await server.register(multipart, { throwFileSizeLimit: false })
  server.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: 2 ** 20 }, parseJson(server))
  server.addContentTypeParser(archiveTypes, (request, payload, done) => {
    request.archive = payload
    done(null, undefined)
  })

  server.route({
    ...deployInOneCall,
    bodyLimit: archiveLimits.archiveBytes + 2 ** 20,
    async handler(request, reply) {
      const { principal, params, callSignal } = request
      const { wait = 0, create = false, ...texts } = request.query
      const { archive, fields, codeSource } = await readCall(request, request.body)
      const call = { slug: params.slug, create, fields: appFields({ ...texts, ...fields }), archive, codeSource }
      const { app, deployment: asked } = await oneCall.deploy(principal, call, callSignal)
      const { deployment, settled } = wait
        ? await deployments.waitFor(principal, asked, wait, callSignal)
        : { deployment: asked, settled: false }
      reply.code(settled ? 200 : 202).header('location', `/api/apps/${app.id}/deployments/${deployment.id}`)
      return { app: settled ? await oneCall.app(principal, app.id) : app, deployment, url: app.url }
    },
  })
}

async function readCall(request: FastifyRequest, body: OneCallBody | null | undefined) {
  // Schema-typed as JSON alone; a form or an archive leaves no body behind.
  if (request.archive) return { archive: readArchive(request, request.archive), fields: {}, codeSource: undefined }
  if (!request.isMultipart()) return { archive: undefined, fields: {}, codeSource: body?.codeSource }
  const bundle = await readBundle(request, { maxFields: 20 })
  return { archive: bundle, fields: onlyOnce(bundle.fields), codeSource: undefined }
}
