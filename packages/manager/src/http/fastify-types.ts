import type { Readable } from 'node:stream'
import type { Access, AppRight } from '@rserve-proxy/contract/endpoint.ts'
import type { ProblemCode } from '@rserve-proxy/contract/problems.ts'
import type { Person, Principal, SignIn } from '../services/principal.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    app?: AppRight
    servedBy?: 'any' | 'active'
    perMinute?: number
    /** The only one that is declared. */
    successStatus?: number
    stepUp?: true
    shownOnce?: true
    problems?: ProblemCode[]
  }

  interface FastifyInstance {
    /** Aborts when the server begins to close; streams and waiting answers end with it. */
    shutdown: AbortSignal
    /** How often streams look whether their caller still may. */
    recheckMs: number
  }

  interface FastifyRequest {
    /** Who calls, as far as that is known yet. */
    recognised?: Principal
    /** Who calls; throws 'not-signed-in' where nobody does. */
    readonly principal: Principal
    /** Throws when the caller has been signed out since, or may no longer. */
    authorizeAgain(): Promise<void>
    /** What the browser keeps from an earlier sign-in. */
    readonly deviceCookie: string | undefined
    /** Its answer. */
    reply: FastifyReply
    /** Aborts when the client has gone or the server closes. */
    readonly callSignal: AbortSignal
    /** sha256 of the uploaded file, once its form was read to the end. */
    bundleDigest: string | undefined
    /** A body that is an archive; read once. */
    archive: Readable | undefined
  }

  interface FastifyReply {
    /** For routes whose declared response is text that they stream. */
    sendStream(stream: Readable): FastifyReply
    signIn(principal: SignIn, how: 'login' | 'set-up' | 'renewed'): Promise<void>
    signOut(principal: Principal): Promise<void>
  }

  interface Session {
    person?: Person & { isVerified: boolean }
  }
}
