/** Before anybody is surprised: who would join the audiences of scheduled campaigns. */

import { type RawBuilder, sql } from 'kysely'
import type { CampaignEffect } from '../contract/campaign.ts'
import type { Id } from '../database/rows.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import { mayMail } from './may-mail.ts'
import { campaignSegments } from './saved-segments.ts'
import { segmentSql } from './segment-sql.ts'
import { readSegmentWorld, type SegmentWorld } from './segment-world.ts'

/** What a pull has just written, in the transaction of it: its customers are new, its reservations are the history. */
export async function effectsOfPull(
  trx: WineryTransaction,
  wineryId: Id,
  pullId: Id,
  now: Date,
): Promise<CampaignEffect[]> {
  const isNew = sql<boolean>`(c.created_in_pull is not distinct from ${pullId}::bigint)`
  return effects(trx, wineryId, now, isNew, pullId)
}

/** Of releasing the customers of `releasing` (crm/customers-release.ts), a temporary table; nobody else joins by it. */
export async function effectsOfRelease(
  trx: WineryTransaction,
  wineryId: Id,
  now: Date,
): Promise<CampaignEffect[]> {
  const isReleased = sql<boolean>`(c.customer_id in (select customer_id from pg_temp.releasing))`
  return effects(trx, wineryId, now, isReleased, null)
}

async function effects(
  trx: WineryTransaction,
  wineryId: Id,
  now: Date,
  isNew: RawBuilder<boolean>,
  pullId: Id | null,
): Promise<CampaignEffect[]> {
  const segments = await campaignSegments(trx, wineryId)
  if (segments.length === 0) return []
  const present = await readSegmentWorld(trx, wineryId, now)
  const before: SegmentWorld = pullId === null ? present : { ...present, withoutPull: pullId }
  const released: SegmentWorld = { ...present, asIfReleased: isNew }
  const told: CampaignEffect[] = []
  for (const segment of segments) {
    const members = (world: SegmentWorld, which: RawBuilder<boolean>) => {
      const { from, where } = segmentSql(world, segment)
      return sql`(select c.customer_id, ${mayMail(world)} as may_mail from ${from} where ${where} and ${which})`
    }
    const { rows } = await sql<Omit<CampaignEffect, 'segmentId' | 'segment' | 'campaign' | 'campaignAt'>>`
      with before as materialized (select * from ${members(before, sql`not ${isNew}`)} m),
      joined as materialized (
        select m.may_mail from ${pullId === null ? sql`(select null::bigint as customer_id, false as may_mail where false)` : members(present, sql`not ${isNew}`)} m
        where not exists (select from before b where b.customer_id = m.customer_id)
      )
      select
        (select count(*)::int from before where may_mail) as audience,
        (select count(*)::int from ${members(present, isNew)} m where may_mail) as "newNow",
        (select count(*)::int from ${members(released, isNew)} m where may_mail) as "newOnceReleased",
        (select count(*)::int from joined) as existing,
        (select count(*)::int from joined where may_mail) as "existingMayMail"`.execute(trx)
    const counted = rows[0]
    if (!counted) continue
    told.push({
      segmentId: segment.segmentId,
      segment: segment.name,
      campaign: segment.campaignName ?? '',
      campaignAt: segment.campaignAt?.toISOString() ?? null,
      ...counted,
    })
  }
  return told
}
