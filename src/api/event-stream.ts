/** Server-sent events: streams that end when what they tell is over, and that a client can take up again. */

import { PassThrough } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Api } from './parts.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the server begins to stop: streams end, and clients come back to another process. */
    stopping: AbortSignal
  }
}

/** `id` is the same for the same news: whoever has heard it is not told again. */
export type ServerEvent = { id: string; event: string; data: unknown }

/** The id of what is told last. */
export const endId = 'end'

// A proxy drops what is silent for long; whoever watches for longer is asked anew who he is.
const heartbeatMs = 15_000
const longestMs = 15 * 60_000
const againMs = 2_000

export function addEventStreams(api: Api): void {
  const stopping = new AbortController()
  api.decorate('stopping', stopping.signal)
  api.addHook('preClose', async () => stopping.abort())
  // A connection kept for another request would keep the server from stopping.
  api.addHook('onSend', async (_request, reply) => {
    if (stopping.signal.aborted) reply.header('connection', 'close')
  })
}

export function eventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  events: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
): FastifyReply {
  const lastId = request.headers['last-event-id']
  // An EventSource comes back when a stream ends; this answer tells it that there is nothing more.
  if (lastId === endId) return reply.code(204).send()
  const gone = new AbortController()
  const signal = AbortSignal.any([gone.signal, request.server.stopping, AbortSignal.timeout(longestMs)])
  const stream = new PassThrough()
  stream.once('close', () => gone.abort())
  stream.write(`retry: ${againMs}\n\n`)
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), heartbeatMs)
  const tell = async () => {
    try {
      for await (const { id, event, data } of events(signal)) {
        if (signal.aborted) return
        if (id !== lastId) stream.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      }
    } catch (error) {
      request.log.error({ requestId: request.id, err: error }, 'stream failed')
    } finally {
      clearInterval(heartbeat)
      stream.end()
    }
  }
  void tell()
  return reply
    .header('cache-control', 'no-cache, no-transform')
    .header('x-accel-buffering', 'no')
    .header('connection', 'close')
    .type('text/event-stream')
    .send(stream)
}
