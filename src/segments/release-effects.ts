/** What a release would do to campaigns, and whom a release "by segment" means. */

import { sql } from 'kysely'
import type { CampaignEffect } from '../contract/campaign.ts'
import { type WhomToRelease, whoWouldBeReleased } from '../crm/customers-release.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import { effectsOfRelease } from './campaign-effects.ts'
import { findSegment } from './saved-segments.ts'
import { segmentSql } from './segment-sql.ts'
import { readSegmentWorld } from './segment-world.ts'

type Place = { db: Db; wineryId: Id; now: Date }

/** @throws Refusal not_found, invalid */
export async function effectsOfReleasing(
  { db, wineryId, now }: Place,
  whom: WhomToRelease,
  atMost?: number | undefined,
): Promise<CampaignEffect[]> {
  return inWinery(db, wineryId, async (trx) =>
    effectsOfRelease(trx, wineryId, await whoWouldBeReleased(trx, wineryId, whom, atMost ?? null), now),
  )
}

/** Those who wait and would be in the segment once they are released: a segment mostly asks for that itself. */
export async function waitingInSegment(
  { db, wineryId, now }: Place,
  which: { name: string } | { segmentId: string },
): Promise<WhomToRelease> {
  return inWinery(db, wineryId, async (trx) => {
    const segment = await findSegment(trx, wineryId, which)
    const world = await readSegmentWorld(trx, wineryId, now)
    const { from, where } = segmentSql({ ...world, asIfReleased: sql<boolean>`true` }, segment)
    const { rows } = await sql<{ ids: Id[] }>`
      select coalesce(array_agg(c.customer_id), '{}') as ids
      from ${from}
      where ${where} and c.released_at is null`.execute(trx)
    return { customerIds: rows[0]?.ids ?? [], named: `segment ${segment.segmentId}` }
  })
}
