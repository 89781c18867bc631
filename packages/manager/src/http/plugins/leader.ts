import { Problem } from '@rserve-proxy/contract/problems.ts'
import fp from 'fastify-plugin'

export interface LeaderOptions {
  isLeading: () => boolean
}

const readOnly = ['GET', 'HEAD', 'OPTIONS']

/** A manager that stands by serves what only reads from the database, and sign-ins. */
export const leader = fp<LeaderOptions>(
  async (server, { isLeading }) => {
    server.addHook('onRequest', ({ method, routeOptions }, _reply, done) => {
      const { servedBy = readOnly.includes(method) ? 'any' : 'active' } = routeOptions.config
      if (servedBy === 'any' || isLeading()) return done()
      throw new Problem('not-leader', {
        detail: 'Another manager is the active one. Ask it, or try again in a moment.',
      })
    })
  },
  { name: 'leader', dependencies: ['problems'] },
)
