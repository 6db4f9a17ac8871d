/** Which segments' members are to be recorded: after each pull of their winery, and once a day. */

import { type RawBuilder, sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import { recordMembership } from './record-membership.ts'
import { findSegment } from './saved-segments.ts'

export type DueRecording = { wineryId: Id; segmentId: Id }

/** Of all wineries. */
export async function dueRecordings(db: Db, now: Date): Promise<DueRecording[]> {
  const { rows } = await sql<DueRecording>`
    select s.winery_id as "wineryId", s.segment_id as "segmentId"
    from ecellar.segments s
    where ${isDue(now)}
    order by s.recorded_at`.execute(db)
  return rows
}

export type Recorded = { entered: number; left: number; waiting: number }

/**
 * One at a time per segment, and nothing when it was recorded meanwhile. @returns null: it is not due
 * @throws Refusal when it cannot be asked any more, because a name of its definition is gone; it then has its next turn
 *   later, and nobody who enters meanwhile is told wrongly
 */
export async function recordIfDue(
  db: Db,
  { wineryId, segmentId }: DueRecording,
  now: Date,
): Promise<Recorded | null> {
  try {
    return await inWinery(db, wineryId, async (trx) => {
      const { rows } = await sql`
        select from ecellar.segments s
        where s.winery_id = ${wineryId} and s.segment_id = ${segmentId} and ${isDue(now)}
        for update`.execute(trx)
      if (rows.length === 0) return null
      return recordMembership(trx, wineryId, await findSegment(trx, wineryId, { segmentId }), now)
    })
  } catch (error) {
    const waitMs = error instanceof Refusal ? correctedMs : faultMs
    await inWinery(db, wineryId, (trx) =>
      sql`
        update ecellar.segments set try_again_at = ${new Date(now.getTime() + waitMs)}
        where winery_id = ${wineryId} and segment_id = ${segmentId}`.execute(trx),
    )
    throw error
  }
}

// Somebody has to correct the definition; saving it is a turn of its own.
const correctedMs = 6 * 3_600_000
const faultMs = 10 * 60_000

/** Of `ecellar.segments s`. */
function isDue(now: Date): RawBuilder<boolean> {
  return sql<boolean>`(
    (s.try_again_at is null or s.try_again_at <= ${now})
    and (
      s.recorded_at <= ${new Date(now.getTime() - 86_400_000)}
      or exists (
        select from ecellar.pulls p
        where p.winery_id = s.winery_id and p.applied_order > s.recorded_order
      )
    ))`
}
