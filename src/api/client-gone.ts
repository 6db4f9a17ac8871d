/**
 * Whether whoever asked has gone before the answer. Not fastify's `request.signal`: that one is aborted as soon as a
 * request's body has been read.
 */

import type { FastifyReply } from 'fastify'

export function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return gone.signal
}
