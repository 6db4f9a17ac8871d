/** The web console's files, as the build left them: hashed ones for good, its page for every other address. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Api } from './parts.ts'
import { notThere } from './problems.ts'

export const builtConsole = fileURLToPath(new URL('../../dist/console', import.meta.url))

/** Anybody may load them, as often as need be: they hold nothing of anybody's. */
const config = { action: 'anybody', rateLimit: false } as const

export async function addConsoleFiles(api: Api, folder = builtConsole): Promise<void> {
  await api.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed: true,
    // Set by hand below: what is hashed never changes, what is not is asked for anew.
    cacheControl: false,
  })
  api.get('/assets/*', { config, schema: { hide: true } }, async (request, reply) => {
    const file = `assets/${(request.params as { '*': string })['*']}`
    if (!existsSync(join(folder, file)) || file.includes('..')) throw notThere()
    return reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(file)
  })
  api.get('/favicon.svg', { config, schema: { hide: true } }, (_request, reply) =>
    reply.header('cache-control', 'public, max-age=86400').sendFile('favicon.svg'),
  )
  api.get('/*', { config, schema: { hide: true } }, page)

  async function page(request: FastifyRequest, reply: FastifyReply) {
    if (request.url.startsWith('/api/') || request.url === '/api') throw notThere()
    if (!existsSync(join(folder, 'index.html'))) {
      return reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send(
          'The web console is not built yet. Run "npm run build" in the program\'s folder, then load this page again.\n',
        )
    }
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  }
}
