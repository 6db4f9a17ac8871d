/** Reads hand-overs and the keys in them: for the page of the link, for the status, for the steps that follow. */

import { type RawBuilder, sql } from 'kysely'
import { findHandOverLink } from '../../access/hand-over-links.ts'
import { tokenHash } from '../../access/one-time-token.ts'
import { Refusal } from '../../contract/errors.ts'
import type { Db } from '../../database/connect.ts'
import type { WineryTransaction } from '../../database/tenant-session.ts'
import type { HandedKey, HandOver } from './key-parts.ts'

/** What the form of a link shows; opening it spends nothing. */
export type HandOverForm = {
  wineryId: string
  winery: string
  wineryName: string
  askedBy: string
  expiresAt: Date
  /** With the ids that are stored now, to be checked. */
  brands: { brandId: string; brand: string; name: string; businessGroupId: string; businessId: string }[]
}

/** @throws Refusal not_found when the link is spent, withdrawn, expired or none */
export async function openHandOver(db: Db, token: string, now: Date): Promise<HandOverForm> {
  const link = await findHandOverLink(db, token, now)
  const winery = await db
    .selectFrom('wineries')
    .select(['slug', 'name'])
    .where('winery_id', '=', link.wineryId)
    .executeTakeFirstOrThrow()
  const brands = await db
    .selectFrom('brands')
    .select(['brand_id', 'code', 'name', 'business_group_id', 'business_id'])
    .where('winery_id', '=', link.wineryId)
    .where('brand_id', 'in', link.brandIds)
    .orderBy('code')
    .execute()
  return {
    wineryId: link.wineryId,
    winery: winery.slug,
    wineryName: winery.name,
    askedBy: link.madeBy,
    expiresAt: link.expiresAt,
    brands: brands.map((brand) => ({
      brandId: brand.brand_id,
      brand: brand.code,
      name: brand.name,
      businessGroupId: brand.business_group_id,
      businessId: brand.business_id,
    })),
  }
}

/** Tells a receipt from a link's token. */
export const receiptPrefix = 'receipt.'

/** What became of what was submitted. @throws Refusal not_found when the receipt is none, or has expired */
export async function readHandOver(
  db: Db,
  receipt: string,
  now: Date,
): Promise<HandOver & { brands: HandedKey[] }> {
  const { rows } = await sql<HandOver>`
    ${handOverColumns}
    where h.receipt_hash = ${tokenHash(receipt)} and h.receipt_expires_at > ${now}`.execute(db)
  const handOver = rows[0]
  if (!handOver) {
    throw new Refusal(
      'not_found',
      'This page is no longer open.',
      'Sign in to look at the key, or ask eCELLAR Support.',
    )
  }
  const brands = await readHandedKeys(
    db,
    sql`k.winery_id = ${handOver.wineryId} and k.hand_over_id = ${handOver.handOverId}`,
  )
  return { ...handOver, brands }
}

export const handOverColumns = sql`
  select
    h.winery_id as "wineryId", h.hand_over_id as "handOverId", h.link_id as "linkId", h.asked_by as "askedBy",
    coalesce(h.tell_winery, w.reservation_contact) as "tellWinery", h.tell_support as "tellSupport",
    w.name as "wineryName", w.slug as winery
  from ecellar.key_hand_overs h
  join ecellar.wineries w on w.winery_id = h.winery_id`

/** `which` names the keys as `k`. */
export async function readHandedKeys(
  db: Db | WineryTransaction,
  which: RawBuilder<unknown>,
): Promise<HandedKey[]> {
  const { rows } = await sql<HandedKey>`
    select
      k.hand_over_id as "handOverId", k.brand_id as "brandId", b.code as brand, b.name as "brandName",
      k.business_group_id as "businessGroupId", k.business_id as "businessId", k.state,
      k.business_name as "businessName", k.time_zone as "timeZone",
      (k.business_id, k.business_group_id) <> (b.business_id, b.business_group_id) as "changesBusiness",
      case when k.code is not null
        then jsonb_build_object('code', k.code, 'message', k.message, 'nextStep', k.next_step)
      end as diagnosis,
      k.tried_at as "triedAt", k.next_try_at as "nextTryAt", k.try_until as "tryUntil", k.closed_at as "closedAt"
    from ecellar.handed_keys k
    join ecellar.brands b on b.winery_id = k.winery_id and b.brand_id = k.brand_id
    where ${which}
    order by b.code, k.hand_over_id`.execute(db)
  return rows
}
