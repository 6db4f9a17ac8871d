/** One line in the log per request: ids, route and outcome. Never its address as sent, its query, body or cookies. */

import type { Api } from './parts.ts'
import { askedBy } from './who-asks.ts'

export function addRequestLog(api: Api): void {
  api.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  api.addHook('onResponse', async (request, reply) => {
    const { winery, brand, pull } = (request.params ?? {}) as Record<string, string | undefined>
    const principal = askedBy(request)
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        ...(principal ? { actor: `${principal.kind} ${principal.id}` } : {}),
        // Only of a request that was let in: what others send as an id may be anything.
        ...(reply.statusCode < 400 ? { winery, brand, pullId: pull } : {}),
      },
      'request',
    )
  })
}
