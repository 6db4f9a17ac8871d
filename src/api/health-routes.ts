/**
 * `/healthz`: the process is alive. `/readyz`: it can work. For whatever starts, watches and balances processes: without
 * sign-in, without a place in the log, and without a detail that would help a stranger.
 */

import { type Readiness, readReadiness } from '../jobs/readiness.ts'
import type { Api, Parts } from './parts.ts'

/** Many may ask at once, and nobody makes the database work more than this. */
const keptMs = 1_000

const common = {
  config: { action: 'anybody', rateLimit: false },
  schema: { hide: true },
  logLevel: 'warn',
} as const

export function addHealthRoutes(api: Api, { queue }: Pick<Parts, 'queue'>): void {
  let last: { atMs: number; readiness: Promise<Readiness> } | undefined
  const readiness = () => {
    if (!last || performance.now() - last.atMs > keptMs) {
      last = { atMs: performance.now(), readiness: readReadiness(queue) }
    }
    return last.readiness
  }

  api.get('/healthz', common, async (_request, reply) => {
    return reply.header('cache-control', 'no-store').send({ alive: true })
  })
  api.get('/readyz', common, async (_request, reply) => {
    const found = await readiness()
    return reply
      .code(found.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(found)
  })
}
