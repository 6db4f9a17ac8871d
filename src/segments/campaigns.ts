/** The segments that are audiences of scheduled campaigns: who gets their mail now, and who waits before them. */

import { sql } from 'kysely'
import { chooseToRelease } from '../crm/customers-release.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import { effectsOfRelease } from './campaign-effects.ts'
import { campaignSegments } from './saved-segments.ts'
import { isWaiting } from './segment-history.ts'
import { segmentSql } from './segment-sql.ts'
import { readSegmentWorld } from './segment-world.ts'

export type Campaign = {
  segmentId: Id
  segment: string
  campaign: string
  campaignAt: Date | null
  matching: number
  /** Of these, who may be mailed: who gets its mail. */
  audience: number
  /** Who would get it besides, were all released who wait for it. */
  joinOnceReleased: number
  /** Who entered by an initial pull, a mapping or a decision, and is in no scheduled export before a person confirms it. */
  waitingEntries: number
}

/** The next to be sent first. */
export async function listCampaigns(db: Db, wineryId: Id, now: Date): Promise<Campaign[]> {
  return inWinery(db, wineryId, async (trx) => {
    const segments = await campaignSegments(trx, wineryId)
    if (segments.length === 0) return []
    await chooseToRelease(trx, wineryId, { all: true })
    const effects = await effectsOfRelease(trx, wineryId, now)
    const world = await readSegmentWorld(trx, wineryId, now)
    const campaigns: Campaign[] = []
    for (const segment of segments) {
      const members = segmentSql(world, segment)
      const { rows } = await sql<Pick<Campaign, 'matching' | 'audience' | 'waitingEntries'>>`
        select count(*)::int as matching, count(*) filter (where ${members.mayMail})::int as audience,
          (select count(distinct m.customer_id)::int from ecellar.segment_moves m
            where m.winery_id = ${wineryId} and m.segment_id = ${segment.segmentId} and ${isWaiting})
            as "waitingEntries"
        from ${members.from}
        where ${members.where}`.execute(trx)
      const effect = effects.find(({ segmentId }) => segmentId === segment.segmentId)
      campaigns.push({
        segmentId: segment.segmentId,
        segment: segment.name,
        campaign: segment.campaignName ?? '',
        campaignAt: segment.campaignAt,
        joinOnceReleased: effect?.newOnceReleased ?? 0,
        ...(rows[0] ?? { matching: 0, audience: 0, waitingEntries: 0 }),
      })
    }
    return campaigns
  })
}
