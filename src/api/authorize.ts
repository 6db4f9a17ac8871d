/**
 * Who asks, for which winery and brand, and whether they may: asked once for every route, before its body is read. A
 * route that does not say which action it is cannot be registered.
 */

import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import { may } from '../access/may.ts'
import type { Action, Principal } from '../contract/access.ts'
import { type Brand, brandByCode, namesOfPlace } from '../crm/brands.ts'
import { type Winery, wineryBySlug } from '../crm/wineries.ts'
import type { Api, Db, Parts } from './parts.ts'
import { notThere, ProblemAnswer } from './problems.ts'
import { limitGuesses } from './request-limits.ts'
import { asked, askedBy, noteAsked } from './who-asks.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route does, of `contract/access.ts`. */
    action?: Action | 'anybody' | 'anybody signed in'
    /** It concerns all brands of the winery: not for whoever is limited to some. */
    wholeWinery?: boolean
    /** Another way in than signing in, for what programs ask. */
    alsoWith?: (headers: IncomingHttpHeaders) => boolean
    /** It concerns all wineries: for the roles of the installation alone, also where a winery's may do the same at home. */
    installation?: boolean
  }
  interface FastifyRequest {
    /** Whoever asks. Throws where nobody is signed in. */
    principal: Principal
    /** The winery of the path. Throws where the path names none. */
    winery: Winery
    /** The brand of the path. Throws where the path names none. */
    brand: Brand
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route with what it declares: a test tries each with every role. */
    declaredRoutes: DeclaredRoute[]
  }
}
export type DeclaredRoute = { method: string; url: string; config: FastifyContextConfig }

export function addAuthorization(api: Api, parts: Parts): void {
  for (const name of ['principal', 'winery', 'brand'] as const) {
    api.decorateRequest(name, {
      getter() {
        const value = asked(this as FastifyRequest)?.[name]
        if (!value) throw new Error(`This request has no ${name}`)
        return value as never
      },
    })
  }
  const declared: DeclaredRoute[] = []
  api.decorate('declaredRoutes', declared)
  api.addHook('onRoute', ({ method, url, config }) => {
    if (config?.action === undefined) {
      throw new Error(`The route ${String(method)} ${url} does not say which action it is`)
    }
    declared.push({ method: String(method), url, config })
  })
  const guesses = limitGuesses(api, parts)
  const find = async (request: FastifyRequest) => {
    await guesses.assertFew(request)
    const principal = await parts.access.principalOf(headersOf(request))
    if (!principal) await guesses.count(request)
    return principal
  }
  // Before the limits of requests, which count per principal.
  api.addHook('onRequest', async (request) => {
    // The console's files, a probe: for anybody, as often as need be; whoever it is need not be looked up.
    const isOpen = request.is404 || request.routeOptions.config.action === 'anybody'
    const principal = isOpen || !hasCredentials(request) ? null : await find(request)
    noteAsked(request, { principal, winery: null, brand: null })
  })
  // After the limits and before the body.
  api.addHook('preParsing', async (request) => {
    if (!request.is404) await authorize(request, parts)
  })
}

/** The ids of the brands that somebody limited to some may see; null: all of the winery. */
export function brandsSeen({ principal }: FastifyRequest): string[] | null {
  return principal.brandIds
}

/** Their Brand Codes. */
export async function brandCodesSeen(request: FastifyRequest, db: Db): Promise<string[] | null> {
  return (await namesOfPlace(db, request.winery.winery_id, brandsSeen(request))).brands
}

/** For a list that may be asked for one brand's: the brands to show. @throws not_found for a brand that is not to be seen */
export async function brandsAsked(
  request: FastifyRequest,
  db: Db,
  code: string | undefined,
): Promise<string[] | null> {
  if (code === undefined) return brandsSeen(request)
  return [(await brandAsked(request, db, code)).brand_id]
}

/** @throws not_found for a brand that is not there or not to be seen */
export async function brandAsked(request: FastifyRequest, db: Db, code: string): Promise<Brand> {
  const brand = await brandByCode(db, request.winery.winery_id, code)
  if (!brand || !seesBrand(request.principal, brand.brand_id)) throw notThere()
  return brand
}

export function seesBrand(principal: Principal, brandId: string): boolean {
  return principal.brandIds === null || principal.brandIds.includes(brandId)
}

async function authorize(request: FastifyRequest, parts: Parts): Promise<void> {
  const { action, alsoWith } = request.routeOptions.config
  if (action === undefined) throw new Error('This route does not say which action it is')
  if (action === 'anybody' || alsoWith?.(request.headers)) return
  const principal = askedBy(request)
  if (!principal) {
    throw new ProblemAnswer(
      'not_signed_in',
      'Nobody is signed in, or the API key is not known.',
      'Sign in, or send an API key: Authorization: Bearer KEY',
    )
  }
  assertOwnOrigin(request, principal, parts.access)
  if (action === 'anybody signed in') return
  const params = request.params as { winery?: string; brand?: string }
  if (params.winery === undefined) {
    const isElsewhere = request.routeOptions.config.installation && principal.wineryId !== null
    if (isElsewhere || !may(principal, action, { wineryId: principal.wineryId })) throw notAllowed(principal)
    return
  }
  const { db } = parts.database
  const winery = await wineryBySlug(db, params.winery)
  if (!winery || (principal.wineryId !== null && principal.wineryId !== winery.winery_id)) throw notThere()
  const brand = params.brand === undefined ? null : await brandByCode(db, winery.winery_id, params.brand)
  if (params.brand !== undefined && (!brand || !seesBrand(principal, brand.brand_id))) throw notThere()
  const place = { wineryId: winery.winery_id, ...(brand ? { brandId: brand.brand_id } : {}) }
  if (!may(principal, action, place)) throw notAllowed(principal)
  if (request.routeOptions.config.wholeWinery && principal.brandIds !== null) {
    throw new ProblemAnswer(
      'not_allowed',
      'This concerns all brands of the winery, and you are limited to some.',
      'Ask somebody of the winery who is not.',
    )
  }
  noteAsked(request, { principal, winery, brand: brand ?? null })
}

function notAllowed(principal: Principal): ProblemAnswer {
  return new ProblemAnswer(
    'not_allowed',
    principal.kind === 'api-key'
      ? 'This API key may not do this.'
      : `The role ${principal.role} may not do this.`,
    principal.kind === 'api-key'
      ? 'Use a key whose scopes have it.'
      : 'Ask somebody of the roles that docs/access.md names for it.',
  )
}

/** A browser sends its cookie whatever page makes it ask; only our own pages may (CSRF). Keys do not travel by themselves. */
function assertOwnOrigin(request: FastifyRequest, principal: Principal, access: Parts['access']): void {
  if (principal.kind !== 'user' || request.method === 'GET') return
  if (access.isOwnOrigin(headersOf(request))) return
  throw new ProblemAnswer(
    'not_allowed',
    'This request comes from another site.',
    "Use the product's own pages (PUBLIC_URL), or an API key.",
  )
}

function hasCredentials({ headers }: FastifyRequest): boolean {
  return headers.cookie !== undefined || headers.authorization !== undefined
}

export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}
