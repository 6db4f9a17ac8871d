/**
 * One-time links over which a winery hands over its Tock key and ids: 72 hours, spent when the form is submitted (mail
 * scanners open links), bound to a winery and its brands. Only a hash of the token is stored.
 */

import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { recordAudit } from './audit.ts'
import { newToken, tokenHash } from './one-time-token.ts'

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

const validHours = 72

/** An open link of the same winery that shares a brand with it is revoked: the newer one replaces it. */
export async function makeHandOverLink(
  db: Db,
  of: { wineryId: string; brandIds: string[]; actor: Actor; now: Date },
): Promise<{ linkId: string; token: string; expiresAt: Date }> {
  const { wineryId, brandIds, actor, now } = of
  const token = newToken()
  const expiresAt = new Date(now.getTime() + validHours * 3_600_000)
  return inWinery(db, wineryId, async (trx) => {
    await refuseUnknownBrands(trx, of)
    await sql`
      update ecellar.hand_over_links set revoked_at = ${now}
      where winery_id = ${wineryId}
        and brand_ids && ${brandIds}::bigint[]
        and spent_at is null
        and revoked_at is null`.execute(trx)
    const { rows } = await sql<{ linkId: string }>`
      insert into ecellar.hand_over_links (winery_id, token_hash, brand_ids, made_by, created_at, expires_at)
      values (${wineryId}, ${tokenHash(token)}, ${brandIds}::bigint[], ${actor.name}, ${now}, ${expiresAt})
      returning link_id as "linkId"`.execute(trx)
    const linkId = rows[0]?.linkId ?? ''
    const details = { brandIds, expiresAt }
    await recordAudit(trx, { wineryId, actor, action: 'key.ask', subject: `link ${linkId}`, details })
    return { linkId, token, expiresAt }
  })
}

/** What the link is for, without spending it. @throws Refusal not_found when it is not open */
export async function findHandOverLink(db: Db, token: string, now: Date): Promise<HandOverLink> {
  const [link] = await readLinks(db, sql`token_hash = ${tokenHash(token)}`, now)
  if (link?.state === 'open') return link
  throw notOpen(link)
}

/** In the transaction that stores what was submitted. @throws Refusal not_found when it is not open (any more) */
export async function spendHandOverLink(
  trx: WineryTransaction,
  token: string,
  now: Date,
): Promise<HandOverLink> {
  const isThis = sql<boolean>`token_hash = ${tokenHash(token)}`
  // One statement decides: of two that submit at once, the second finds it spent.
  const { numAffectedRows } = await sql`
    update ecellar.hand_over_links set spent_at = ${now}
    where ${isThis}
      and spent_at is null
      and revoked_at is null
      and expires_at > ${now}`.execute(trx)
  const [link] = await readLinks(trx, isThis, now)
  if (!link || numAffectedRows === 0n) throw notOpen(link)
  await recordAudit(trx, {
    wineryId: link.wineryId,
    actor: holderOf(link),
    action: 'key.hand-over',
    subject: `link ${link.linkId}`,
    details: { brandIds: link.brandIds },
  })
  return link
}

/** For the audit: whoever holds a link is not signed in. */
export function holderOf(link: Pick<HandOverLink, 'linkId' | 'madeBy'>): Actor {
  return {
    kind: 'program',
    id: `hand-over-link/${link.linkId}`,
    name: `holder of the link that ${link.madeBy} made`,
  }
}

/** @throws Refusal not_found */
export async function revokeHandOverLink(
  db: Db,
  of: { wineryId: string; linkId: string; actor: Actor; now: Date },
): Promise<void> {
  const { wineryId, linkId, actor, now } = of
  await inWinery(db, wineryId, async (trx) => {
    const { numAffectedRows } = await sql`
      update ecellar.hand_over_links set revoked_at = ${now}
      where winery_id = ${wineryId}
        and link_id::text = ${linkId}
        and spent_at is null
        and revoked_at is null
        and expires_at > ${now}`.execute(trx)
    if (numAffectedRows === 0n) {
      throw new Refusal('not_found', 'There is no such open link.', 'Look at the list of links.')
    }
    await recordAudit(trx, { wineryId, actor, action: 'key.revoke-link', subject: `link ${linkId}` })
  })
}

/** Newest first. */
export async function listHandOverLinks(
  db: Db,
  of: { wineryId: string; now: Date },
): Promise<HandOverLink[]> {
  return inWinery(db, of.wineryId, (trx) => readLinks(trx, sql`winery_id = ${of.wineryId}`, of.now))
}

async function readLinks(
  db: Db | WineryTransaction,
  which: RawBuilder<unknown>,
  now: Date,
): Promise<HandOverLink[]> {
  const { rows } = await sql<HandOverLink>`
    select
      link_id as "linkId",
      winery_id as "wineryId",
      brand_ids as "brandIds",
      made_by as "madeBy",
      created_at as "createdAt",
      expires_at as "expiresAt",
      case
        when spent_at is not null then 'spent'
        when revoked_at is not null then 'revoked'
        when expires_at <= ${now} then 'expired'
        else 'open'
      end as state,
      spent_at as "spentAt"
    from ecellar.hand_over_links
    where ${which}
    order by link_id desc`.execute(db)
  return rows
}

async function refuseUnknownBrands(
  trx: WineryTransaction,
  of: { wineryId: string; brandIds: string[] },
): Promise<void> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ecellar.brands
    where winery_id = ${of.wineryId}
      and brand_id = any(${of.brandIds}::bigint[])`.execute(trx)
  if (of.brandIds.length > 0 && rows[0]?.count === new Set(of.brandIds).size) return
  throw new Refusal('invalid', 'These are no brands of this winery.', 'Name at least one of its brands.')
}

function notOpen(link: HandOverLink | undefined): Refusal {
  const what =
    link?.state === 'spent'
      ? 'This link was used already.'
      : link?.state === 'expired'
        ? 'This link has expired: it was good for 72 hours.'
        : link?.state === 'revoked'
          ? 'This link was withdrawn, or replaced by a newer one.'
          : 'This link is not known.'
  return new Refusal('not_found', what, 'Ask eCELLAR Support for a new link.')
}
