import rateLimiter from '@fastify/rate-limit'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import fp from 'fastify-plugin'

export interface RateLimitOptions {
  /** Of one caller; 0: no limit. */
  perMinute: number
}

/**
 * One caller cannot take the manager from the others: a user is counted as one whatever he comes with, who is nobody by
 * address. Each answer says what is left (`RateLimit-*` of draft-ietf-httpapi-ratelimit-headers-02). Behind `principal`,
 * because who may not call needs no count.
 */
export const rateLimit = fp<RateLimitOptions>(
  async (server, { perMinute }) => {
    if (perMinute === 0) return
    server.addHook('onRoute', (route) => {
      const { perMinute: own } = route.config ?? {}
      if (own !== undefined) route.config = { ...route.config, rateLimit: { max: Math.min(own, perMinute) } }
    })
    await server.register(rateLimiter, {
      max: perMinute,
      timeWindow: 60_000,
      enableDraftSpec: true,
      keyGenerator: (request) =>
        request.routeOptions.config.access === 'public' ? request.ip : request.principal.userId,
      errorResponseBuilder: (_request, { ttl }) => {
        const retryAfterSeconds = Math.ceil(ttl / 1_000)
        const detail = `Too many requests in a minute. Try again in ${retryAfterSeconds} s.`
        return new Problem('too-many-requests', { detail, retryAfterSeconds })
      },
    })
  },
  { name: 'rate-limit', dependencies: ['principal'] },
)
