/** What was found out about a request: who asks, for which winery and brand. Written by `authorize.ts` alone. */

import type { FastifyRequest } from 'fastify'
import type { Principal } from '../contract/access.ts'
import type { Brand } from '../crm/brands.ts'
import type { Winery } from '../crm/wineries.ts'

export type Asked = { principal: Principal | null; winery: Winery | null; brand: Brand | null }

const found = new WeakMap<FastifyRequest, Asked>()

export function noteAsked(request: FastifyRequest, asked: Asked): void {
  found.set(request, asked)
}

export function asked(request: FastifyRequest): Asked | undefined {
  return found.get(request)
}

/** Whoever asks, where somebody is signed in. */
export function askedBy(request: FastifyRequest): Principal | null {
  return found.get(request)?.principal ?? null
}
