/** Answers that are files to be kept, streamed as they are made. */

import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** @param file `name`: of letters that every system takes */
export function sendFile(
  reply: FastifyReply,
  file: { name: string; type: string; stream: Readable },
): FastifyReply {
  return reply
    .header('content-disposition', `attachment; filename="${file.name}"`)
    .header('cache-control', 'no-store')
    .type(file.type)
    .send(file.stream)
}
