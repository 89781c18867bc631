import type { Readable } from 'node:stream'
import type { ProblemCode } from '@rserve-proxy/contract/problems.ts'
import type { Principal } from '../services/principal.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    public?: true
    servedBy?: 'any' | 'active'
    problems?: ProblemCode[]
  }

  interface FastifyInstance {
    /** Aborts when the server begins to close; streams and waiting answers end with it. */
    shutdown: AbortSignal
  }

  interface FastifyRequest {
    /** Who calls; throws 'not-signed-in' where nobody does. */
    readonly principal: Principal
    /** Aborts when the client has gone or the server closes. */
    callSignal: AbortSignal
    /** sha256 of the uploaded file, once its form was read to the end. */
    bundleDigest: string | undefined
    /** A body that is an archive; read once. */
    archive: Readable | undefined
  }

  interface FastifyReply {
    /** For routes whose declared response is text that they stream. */
    sendStream(stream: Readable): FastifyReply
    signIn(principal: Principal): Promise<void>
    signOut(): Promise<void>
  }

  interface Session {
    principal?: Principal
  }
}
