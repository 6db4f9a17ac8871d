/** `/api/auth/…` belongs to `access`: sign-in, sessions, two-factor. Handed over as it came; what it refuses becomes a problem. */

import type { FastifyReply, FastifyRequest } from 'fastify'
import { authProblem } from './auth-problems.ts'
import { headersOf } from './authorize.ts'
import type { Api, Parts } from './parts.ts'

export function addAuthRoute(api: Api, { access }: Parts): void {
  api.removeAllContentTypeParsers()
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const answer = await access.handler(webRequest(request), { ip: request.ip })
    // One header each: cookies hold commas.
    const cookies = answer.headers.getSetCookie()
    if (cookies.length > 0) reply.header('set-cookie', cookies)
    reply.header('cache-control', 'no-store')
    if (answer.status >= 400) throw await authProblem(answer)
    reply.code(answer.status)
    for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value)
    return reply.send(Buffer.from(await answer.arrayBuffer()))
  }
  const common = { url: '/api/auth/*', schema: { hide: true }, handler }
  api.route({ ...common, method: 'GET', config: { action: 'anybody' } })
  // Passwords, codes, tokens.
  api.route({ ...common, method: 'POST', config: { action: 'anybody', guessable: true } })
}

function webRequest(request: FastifyRequest): Request {
  const body = Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : undefined
  return new Request(new URL(request.url, `${request.protocol}://${request.host}`), {
    method: request.method,
    headers: headersOf(request),
    ...(body ? { body: new Uint8Array(body) } : {}),
  })
}
