/**
 * The one place where guests are masked: answers whose fields are marked (`contract/api/guest-data.ts`) lose them for
 * whoever may not see guests in full. Routes do nothing for it, and cannot forget it.
 */

import type { FastifyRequest, RouteOptions } from 'fastify'
import type { z } from 'zod'
import { may } from '../access/may.ts'
import { type GuestField, guestFields, plainHistoryFields } from '../contract/api/guest-data.ts'
import type { Api } from './parts.ts'
import { askedBy } from './who-asks.ts'

/** What to do to a value; null: nothing. */
type Mask = ((value: unknown) => unknown) | null

export function addGuestMask(api: Api): void {
  const masks = new WeakMap<z.ZodType, Mask>()
  const maskOf = (schema: z.ZodType): Mask => {
    if (!masks.has(schema)) masks.set(schema, maskFor(schema))
    return masks.get(schema) ?? null
  }
  api.addHook('onRoute', assertNoGuestsInKeptAnswers)
  api.addHook('preSerialization', async (request, reply, payload) => {
    const schema = answerSchema(request.routeOptions.schema?.response, reply.statusCode)
    const mask = schema ? maskOf(schema) : null
    return mask && !seesGuests(request) ? mask(payload) : payload
  })
}

/** Whether guests are shown in full; what is not written as JSON (exports, files) asks for itself. */
export function seesGuests(request: FastifyRequest): boolean {
  const principal = askedBy(request)
  return principal !== null && may(principal, 'guests.in-full', { wineryId: request.winery.winery_id })
}

export function maskFor(schema: z.ZodType): Mask {
  const marked = guestFields.get(schema as never)
  if (marked) return (value) => maskValue(value, marked.mask)
  const { def } = schema as unknown as { def: Definition }
  switch (def.type) {
    case 'object':
      return maskFields(
        Object.entries(def.shape ?? {}).flatMap(([name, field]) => {
          const mask = maskFor(field)
          return mask ? [[name, mask] as const] : []
        }),
      )
    case 'array': {
      const mask = def.element ? maskFor(def.element) : null
      return mask && ((value) => (Array.isArray(value) ? value.map(mask) : value))
    }
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
      return def.innerType ? maskFor(def.innerType) : null
    case 'record':
      return def.valueType && maskFor(def.valueType) ? unsupported('record') : null
    case 'union':
      return (def.options ?? []).some((option) => maskFor(option)) ? unsupported('union') : null
    default:
      return null
  }
}

function maskValue(value: unknown, how: GuestField): unknown {
  if (how !== 'change') return typeof value === 'string' ? maskText(value, how) : value
  if (typeof value !== 'object' || value === null || !('field' in value)) return value
  return plainHistoryFields.includes(String(value.field)) ? value : { ...value, before: null, after: null }
}

/** `ada@example.com` → `a…@e…`: enough to tell two guests apart on a screen, too little to write to one. */
function maskText(text: string, how: Exclude<GuestField, 'change'>): string | null {
  switch (how) {
    case 'email':
      return text.replace(/^(.?)[^@]*@?(.?).*$/su, (_, name: string, host: string) => `${name}…@${host}…`)
    case 'name':
      return text.trim() === '' ? text : `${[...text.trim()][0]}…`
    case 'text':
      return null
  }
}

type Definition = {
  type: string
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
  innerType?: z.ZodType
  valueType?: z.ZodType
  options?: z.ZodType[]
}

function maskFields(masks: (readonly [string, (value: unknown) => unknown])[]): Mask {
  if (masks.length === 0) return null
  return (value) => {
    if (typeof value !== 'object' || value === null) return value
    const masked: Record<string, unknown> = { ...value }
    for (const [name, mask] of masks) if (name in masked) masked[name] = mask(masked[name])
    return masked
  }
}

function unsupported(kind: string): never {
  throw new Error(`Guests' fields inside a ${kind} cannot be masked: give them an object or an array`)
}

function answerSchema(response: unknown, status: number): z.ZodType | null {
  const schema = (response as Record<string, unknown> | undefined)?.[status]
  return typeof schema === 'object' && schema !== null && '_zod' in schema ? (schema as z.ZodType) : null
}

/** Answers to writes are kept for a day, for those who ask again (idempotency); a guest must not stay in them. */
function assertNoGuestsInKeptAnswers(route: RouteOptions): void {
  if (route.method === 'GET' || route.config?.keepsNoAnswer) return
  for (const schema of Object.values((route.schema?.response ?? {}) as Record<string, unknown>)) {
    if (typeof schema === 'object' && schema !== null && '_zod' in schema && maskFor(schema as z.ZodType)) {
      throw new Error(`The answer of ${String(route.method)} ${route.url} holds guests and would be kept`)
    }
  }
}
