/** What a release would do to campaigns, and whom a release "by segment" means. */

import { sql } from 'kysely'
import type { z } from 'zod'
import type { ManyToRelease, releasing } from '../contract/api/release.ts'
import type { CampaignEffect } from '../contract/campaign.ts'
import { chooseToRelease, type Stage, type WhomToRelease } from '../crm/customers-release.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { effectsOfRelease } from './campaign-effects.ts'
import { findSegment } from './saved-segments.ts'
import { segmentSql } from './segment-sql.ts'
import { readSegmentWorld } from './segment-world.ts'

type Place = { db: Db; wineryId: Id; now: Date }

/** @throws Refusal not_found, invalid */
export async function effectsOfReleasing(
  { db, wineryId, now }: Place,
  whom: WhomToRelease,
  stage: Stage = {},
): Promise<CampaignEffect[]> {
  return inWinery(db, wineryId, async (trx) => {
    await chooseToRelease(trx, wineryId, whom, stage)
    return effectsOfRelease(trx, wineryId, now)
  })
}

/** A segment by its name, as whom to release. @throws Refusal not_found */
export async function releaseOfSegment(
  { db, wineryId }: Pick<Place, 'db' | 'wineryId'>,
  name: string,
): Promise<ManyToRelease> {
  const { segmentId } = await inWinery(db, wineryId, (trx) => findSegment(trx, wineryId, { name }))
  return { kind: 'segment', segmentId }
}

/** What was asked for, as a release takes it. @throws Refusal not_found, invalid */
export async function whomToRelease(
  { db, wineryId, now }: Place,
  whom: z.infer<typeof releasing>['whom'],
): Promise<WhomToRelease> {
  return inWinery(db, wineryId, (trx) => whomToReleaseIn(trx, { wineryId, now }, whom))
}

/** The same in a transaction that is there. */
export async function whomToReleaseIn(
  trx: WineryTransaction,
  place: Omit<Place, 'db'>,
  whom: z.infer<typeof releasing>['whom'],
): Promise<WhomToRelease> {
  switch (whom.kind) {
    case 'all':
      return { all: true }
    case 'pull':
      return { pullId: whom.pullId }
    case 'address':
      return { email: whom.email }
    case 'created':
      return { createdFrom: whom.from, createdTo: whom.to }
    case 'segment':
      return waitingInSegmentOf(trx, place, { segmentId: whom.segmentId })
  }
}

/** @throws Refusal not_found, invalid */
export async function waitingInSegment(
  { db, wineryId, now }: Place,
  which: { name: string } | { segmentId: string },
): Promise<WhomToRelease> {
  return inWinery(db, wineryId, (trx) => waitingInSegmentOf(trx, { wineryId, now }, which))
}

/** Those who wait and would be in the segment once they are released: a segment mostly asks for that itself. */
export async function waitingInSegmentOf(
  trx: WineryTransaction,
  { wineryId, now }: Omit<Place, 'db'>,
  which: { name: string } | { segmentId: string },
): Promise<WhomToRelease> {
  const segment = await findSegment(trx, wineryId, which)
  const world = await readSegmentWorld(trx, wineryId, now)
  const { from, where } = segmentSql({ ...world, asIfReleased: sql<boolean>`true` }, segment)
  return {
    among: sql`select c.customer_id from ${from} where ${where} and c.released_at is null`,
    named: `segment ${segment.segmentId}`,
  }
}
