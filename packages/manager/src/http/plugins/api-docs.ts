import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { createNamedSchemas } from '../named-schemas.ts'

/** Before the routes: it collects them as they are registered. */
export const apiDocument = fp(
  async (server) => {
    const named = createNamedSchemas()
    await server.register(swagger, {
      transform: ({ schema, url }) => ({ schema: Object(named.refer(schema)), url }),
      transformObject: (document) =>
        'openapiObject' in document
          ? Object.assign(document.openapiObject, { components: { schemas: named.components } })
          : document.swaggerObject,
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'rserve-proxy',
          version: '1',
          description: 'Put R code at an address. Errors are problem documents (RFC 9457).',
        },
      },
    })
  },
  { name: 'api-document' },
)

/** For signed-in callers, as any other part of the API. */
export async function apiDocsRoutes(server: FastifyInstance) {
  server.get('/api/openapi.json', { schema: { hide: true } }, async () => server.swagger())
  await server.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
  })
}
