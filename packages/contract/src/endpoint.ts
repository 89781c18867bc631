import type { Static, TObject, TSchema } from '@sinclair/typebox'
import type { ProblemCode } from './problems.ts'

/** A Fastify route without its handler. Server types, client types, form limits and OpenAPI follow from it. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: `/api/${string}` | '/healthz' | '/readyz'
  schema: {
    operationId: string
    summary: string
    tags: string[]
    consumes?: string[]
    produces?: string[]
    params?: TObject
    querystring?: TObject
    headers?: TObject
    body?: TSchema
    /** Successes only; the problems plugin adds the errors to a copy. */
    response: Record<number, TSchema>
  }
  config: {
    access: Access
    /** The caller's least right in the app that `:appId` names. */
    app?: AppRight
    /** Of several managers only the active one serves this, or any; by default any serves what only reads. */
    servedBy?: 'any' | 'active'
    /** Where apps share the dashboard's host a login session also needs the password of the last quarter of an hour. */
    stepUp?: true
    /** The answer holds what is shown once: it is not kept for a repeated request. */
    shownOnce?: true
    /** Calls of one user in a minute, where they are fewer than what holds for all endpoints together. */
    perMinute?: number
    /** Its own; what every endpoint of its kind may answer is added to the document by the manager. */
    problems: ProblemCode[]
  }
}

/**
 * Who may call. `public`: anybody. A scope (`read`, `deploy`, `manage`): whoever is signed in, and tokens of that scope
 * or a wider one. `admin`: admins, and their tokens of that scope. `any`: every login session and token. `session`: login
 * sessions alone, because what it changes would let a stolen token outlive its end. `admin-session`: those of admins.
 */
export type Access = 'public' | 'any' | 'read' | 'deploy' | 'manage' | 'admin' | 'session' | 'admin-session'

/** Each holds the ones before it: see it; change and deploy it; delete it, hand it on, share it. */
export const appRights = ['view', 'edit', 'own'] as const
export type AppRight = (typeof appRights)[number]

/** Keeps the literal types of an endpoint, so that client and server infer from the same object. */
export const endpoint = <const E extends Endpoint>(definition: E) => definition

/** A body that may be nothing may be left out. */
type Part<E extends Endpoint, K extends 'params' | 'querystring' | 'body'> = E['schema'][K] extends TSchema
  ? null extends Static<E['schema'][K]>
    ? { [P in K]?: Static<E['schema'][K]> }
    : { [P in K]: Static<E['schema'][K]> }
  : unknown

/** What a call sends: `params`, `querystring` and `body`, each only where the endpoint declares it. */
export type Input<E extends Endpoint> = Part<E, 'params'> & Part<E, 'querystring'> & Part<E, 'body'>

type Responses<E extends Endpoint> = E['schema']['response']

/** What a successful call returns: the union over all declared statuses. */
export type Output<E extends Endpoint> = {
  [S in keyof Responses<E>]: Responses<E>[S] extends TSchema ? Static<Responses<E>[S]> : never
}[keyof Responses<E>]
