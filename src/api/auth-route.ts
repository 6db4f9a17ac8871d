/** `/api/auth/…` belongs to `access`: sign-in, sessions, two-factor. Handed over as it came. */

import type { FastifyRequest } from 'fastify'
import { headersOf } from './authorize.ts'
import type { Api, Parts } from './parts.ts'

export function addAuthRoute(api: Api, { access }: Parts): void {
  api.removeAllContentTypeParsers()
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  api.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    config: { action: 'anybody', guessable: true },
    schema: { hide: true },
    handler: async (request, reply) => {
      const answer = await access.handler(webRequest(request), { ip: request.ip })
      reply.code(answer.status)
      for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value)
      // One header each: cookies hold commas.
      const cookies = answer.headers.getSetCookie()
      if (cookies.length > 0) reply.header('set-cookie', cookies)
      return reply.send(Buffer.from(await answer.arrayBuffer()))
    },
  })
}

function webRequest(request: FastifyRequest): Request {
  const body = Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : undefined
  return new Request(new URL(request.url, `${request.protocol}://${request.host}`), {
    method: request.method,
    headers: headersOf(request),
    ...(body ? { body: new Uint8Array(body) } : {}),
  })
}
