/**
 * API keys of a winery. A key acts for the user who made it: with his present role and brands, within its scopes; it
 * ends when he is removed.
 */

import type { Action, Actor, Principal } from '../contract/access.ts'

export type ApiKey = {
  apiKeyId: string
  name: string
  /** How it begins, to tell keys apart. */
  start: string
  scopes: Action[]
  madeBy: { userId: string; name: string }
  createdAt: Date
  lastUsedAt: Date | null
  expiresAt: Date | null
}

export type ApiKeys = {
  /** With `madeBy` only that user's. */
  list(of: { wineryId: string; madeBy?: string }): Promise<ApiKey[]>
  /** `key` is shown this once. @throws Refusal invalid (a scope that the maker has not, or no key may have) */
  make(of: {
    principal: Principal
    name: string
    scopes: Action[]
    expiresAt: Date | null
  }): Promise<ApiKey & { key: string }>
  /** @throws Refusal not_found */
  revoke(of: { actor: Actor; wineryId: string; apiKeyId: string; madeBy?: string }): Promise<void>
}
