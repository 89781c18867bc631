import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  applyApp,
  deployApp,
  rebuildApp,
  restartApp,
  rollbackApp,
  startApp,
  stopApp,
} from '@rserve-proxy/contract/app-verbs.ts'
import { cancelDeployment, endDrain, getDeployment, listDeployments } from '@rserve-proxy/contract/deployments.ts'
import type { Asked, DeploymentService, Verb } from '../../services/deployment-service.ts'
import type { Principal } from '../../services/principal.ts'

type Needs = { deployments: DeploymentService }

export const deploymentRoutes: FastifyPluginAsyncTypebox<Needs> = async (server, { deployments }) => {
  const ask = (verb: Verb) => (request: VerbRequest, reply: VerbReply) => answerVerb(deployments, verb, request, reply)

  server.route({ ...startApp, handler: ask('start') })
  server.route({ ...stopApp, handler: ask('stop') })
  server.route({ ...restartApp, handler: ask('restart') })
  server.route({ ...deployApp, handler: ask('deploy') })
  server.route({
    ...rebuildApp,
    handler: (request, reply) => answerVerb(deployments, 'rebuild', request, reply, request.body ?? {}),
  })
  server.route({ ...applyApp, handler: ask('apply') })
  server.route({
    ...rollbackApp,
    handler: (request, reply) => answerVerb(deployments, 'rollback', request, reply, request.body),
  })

  server.route({
    ...listDeployments,
    handler: ({ principal, params, query }) => deployments.list(principal, params.appId, query),
  })

  server.route({
    ...getDeployment,
    handler: ({ principal, params }) => deployments.get(principal, params.appId, params.deploymentId),
  })

  server.route({
    ...cancelDeployment,
    async handler({ principal, params: { appId, deploymentId } }, reply) {
      reply.header('location', locationOf(appId, deploymentId))
      return deployments.cancel(principal, appId, deploymentId)
    },
  })

  server.route({
    ...endDrain,
    async handler({ principal, params: { appId, deploymentId } }, reply) {
      reply.header('location', locationOf(appId, deploymentId))
      return deployments.endDrain(principal, appId, deploymentId)
    },
  })
}

const locationOf = (appId: string, deploymentId: string) => `/api/apps/${appId}/deployments/${deploymentId}`

interface VerbRequest {
  principal: Principal
  params: { appId: string }
  query: { wait?: number }
  callSignal: AbortSignal
}

interface VerbReply {
  code(status: 200 | 202): { header(name: string, value: string): unknown }
}

async function answerVerb(
  deployments: DeploymentService,
  verb: Verb,
  request: VerbRequest,
  reply: VerbReply,
  options: Asked = {},
) {
  const { principal, params, query, callSignal } = request
  const asked = await deployments.request(principal, params.appId, verb, options)
  const { deployment, settled } = query.wait
    ? await deployments.waitFor(principal, asked, query.wait, callSignal)
    : { deployment: asked, settled: false }
  reply.code(settled ? 200 : 202).header('location', locationOf(params.appId, deployment.id))
  return deployment
}
