/** `Idempotency-Key` on writes: asked twice, done once, answered the same. Rules and storage: `access/idempotency-keys.ts`. */

import { createHmac } from 'node:crypto'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { z } from 'zod'
import { forgetKey, type IdempotentRequest, keepAnswer, takeKey } from '../access/idempotency-keys.ts'
import { openProcessMark } from '../access/process-mark.ts'
import type { Api, Parts } from './parts.ts'
import { ProblemAnswer } from './problems.ts'
import { askedBy } from './who-asks.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its answer holds what may not be kept: whoever asks again is told that it was done, not what was answered. */
    keepsNoAnswer?: boolean
  }
}

const header = 'idempotency-key'
export const idempotencyHeaders = z.looseObject({
  [header]: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'Your own name for this request: sent again within 24 hours, it is done once and answered the same',
    ),
})

const taken = new WeakMap<FastifyRequest, IdempotentRequest>()

export function addIdempotency(api: Api, { database, secrets, clock, log }: Parts): void {
  const { db } = database
  const mark = openProcessMark(database)
  api.addHook('onClose', () => mark.close())
  api.addHook('onRoute', documentHeader)
  api.addHook('preHandler', async (request, reply) => {
    const key = request.headers[header]
    const principal = askedBy(request)
    if (typeof key !== 'string' || !isWrite(request.method) || !principal) return
    const asked = {
      principal: `${principal.kind} ${principal.id}`,
      key,
      requestHash: hashOf(request, await secrets.erasureKey()),
    }
    const before = await takeKey(db, secrets, asked, clock(), await mark.number())
    if (before === 'new') {
      taken.set(request, asked)
      return
    }
    if (typeof before === 'string') throw refusals[before]()
    // An answer that was serialized before: neither masked nor checked again.
    return reply
      .code(before.status)
      .header('idempotent-replayed', 'true')
      .type(before.contentType)
      .serializer((text: string) => text)
      .send(before.body)
  })
  api.addHook('onSend', async (request, reply, payload) => {
    const asked = taken.get(request)
    if (!asked) return payload
    taken.delete(request)
    try {
      await settle(request, reply, asked, payload)
    } catch (error) {
      // What was asked for is done: it is answered all the same.
      log.error({ requestId: request.id, err: error }, 'answer not kept')
    }
    return payload
  })

  async function settle(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: IdempotentRequest,
    payload: unknown,
  ): Promise<void> {
    if (reply.statusCode >= 400) return forgetKey(db, asked)
    const text = typeof payload === 'string' ? payload : ''
    const contentType = String(reply.getHeader('content-type') ?? 'application/json')
    await keepAnswer(db, secrets, asked, {
      status: reply.statusCode,
      contentType,
      body: request.routeOptions.config.keepsNoAnswer ? null : text,
    })
  }
}

const refusals = {
  running: () =>
    new ProblemAnswer(
      'conflict',
      'The same request is being answered at this moment.',
      'Ask again in a moment, with the same Idempotency-Key.',
    ),
  other: () =>
    new ProblemAnswer(
      'conflict',
      'This Idempotency-Key was used for another request.',
      'Use a new key for a new request.',
      422,
    ),
  unreadable: () =>
    new ProblemAnswer(
      'conflict',
      'This request was done before; its answer is not kept.',
      'Look at what it made. To do it once more, use a new Idempotency-Key.',
    ),
}

function isWrite(method: unknown): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

/** Keyed: a body may name a guest, and a plain hash of an address is as good as the address. */
function hashOf(request: FastifyRequest, key: Uint8Array): string {
  const parts = [request.method, request.url, request.body ?? null]
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')
}

function documentHeader(route: RouteOptions): void {
  if (!isWrite(route.method) || !route.schema || route.config?.action === 'anybody') return
  route.schema.headers ??= idempotencyHeaders
}
