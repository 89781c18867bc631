import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { createCredential, deleteCredential, listCredentials } from '@rserve-proxy/contract/credentials.ts'
import { inspectGit } from '@rserve-proxy/contract/git.ts'
import type { CredentialService } from '../../services/credential-service.ts'
import type { GitInspectService } from '../../services/git-inspect-service.ts'

type Needs = { credentials: CredentialService; gitInspect: GitInspectService }

export const gitRoutes: FastifyPluginAsyncTypebox<Needs> = async (server, { credentials, gitInspect }) => {
  server.route({
    ...listCredentials,
    handler: async ({ principal }) => ({ items: await credentials.list(principal) }),
  })

  server.route({ ...createCredential, handler: ({ principal, body }) => credentials.create(principal, body) })

  server.route({
    ...deleteCredential,
    async handler({ principal, params }) {
      await credentials.remove(principal, params.credentialId)
      return null
    },
  })

  server.route({
    ...inspectGit,
    handler: ({ principal, body, callSignal }) => gitInspect.inspect(principal, body, callSignal),
  })
}
