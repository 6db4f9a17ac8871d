/**
 * One-time links over which a winery hands over its Tock key and ids: 72 hours, spent when the form is submitted (mail
 * scanners open links), bound to a winery and its brands. Only a hash of the token is stored.
 */

import type { Actor } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'

export type HandOverLink = {
  linkId: string
  wineryId: string
  brandIds: string[]
  madeBy: string
  createdAt: Date
  expiresAt: Date
  state: 'open' | 'spent' | 'revoked' | 'expired'
  spentAt: Date | null
}

/** An open link of the same winery that shares a brand with it is revoked: the newer one replaces it. */
export async function makeHandOverLink(
  _db: Db,
  _of: { wineryId: string; brandIds: string[]; actor: Actor; now: Date },
): Promise<{ linkId: string; token: string; expiresAt: Date }> {
  throw new Error('to come')
}

/** What the link is for, without spending it. @throws Refusal not_found when it is not open */
export async function findHandOverLink(_db: Db, _token: string, _now: Date): Promise<HandOverLink> {
  throw new Error('to come')
}

/** In the transaction that stores what was submitted. @throws Refusal not_found when it is not open (any more) */
export async function spendHandOverLink(
  _trx: WineryTransaction,
  _token: string,
  _now: Date,
): Promise<HandOverLink> {
  throw new Error('to come')
}

/** @throws Refusal not_found */
export async function revokeHandOverLink(
  _db: Db,
  _of: { wineryId: string; linkId: string; actor: Actor; now: Date },
): Promise<void> {
  throw new Error('to come')
}

/** Newest first. */
export async function listHandOverLinks(
  _db: Db,
  _of: { wineryId: string; now: Date },
): Promise<HandOverLink[]> {
  throw new Error('to come')
}
