/** Who entered a segment and who left it, its size night by night, and the confirmation that some entries wait for. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import type { MoveReason } from './record-membership.ts'
import { findSegment } from './saved-segments.ts'

export type Move = {
  moveId: Id
  customerId: Id
  entered: boolean
  because: MoveReason
  movedAt: Date
  /** An entry that no scheduled export carries before a person confirms it. */
  isWaiting: boolean
}

/** The latest first. */
export async function listMoves(
  db: Db,
  wineryId: Id,
  segmentId: Id,
  page: { after: Id | null; limit: number },
): Promise<Move[]> {
  return inWinery(db, wineryId, async (trx) => {
    await findSegment(trx, wineryId, { segmentId })
    const { rows } = await sql<Move>`
      select move_id as "moveId", customer_id as "customerId", entered, because, moved_at as "movedAt",
        confirmed_at is null as "isWaiting"
      from ecellar.segment_moves
      where winery_id = ${wineryId} and segment_id = ${segmentId}
        and (${page.after}::bigint is null or move_id < ${page.after}::bigint)
      order by move_id desc
      limit ${page.limit}`.execute(trx)
    return rows
  })
}

/** The oldest first. */
export async function sizesOf(
  db: Db,
  wineryId: Id,
  segmentId: Id,
): Promise<{ recordedAt: Date; matching: number; mayMail: number }[]> {
  return inWinery(db, wineryId, async (trx) => {
    await findSegment(trx, wineryId, { segmentId })
    const { rows } = await sql<{ recordedAt: Date; matching: number; mayMail: number }>`
      select recorded_at as "recordedAt", matching, may_mail as "mayMail"
      from ecellar.segment_sizes
      where winery_id = ${wineryId} and segment_id = ${segmentId}
      order by recorded_at`.execute(trx)
    return rows
  })
}

/** From then on scheduled exports carry them. @returns how many customers waited. @throws Refusal not_found */
export async function confirmEntries(
  options: { db: Db; wineryId: Id; actor: Actor; now: Date },
  which: { name: string } | { segmentId: string },
): Promise<{ confirmed: number }> {
  const { db, wineryId, actor, now } = options
  return inWinery(db, wineryId, async (trx) => {
    const { segmentId } = await findSegment(trx, wineryId, which)
    const { rows } = await sql<{ confirmed: number }>`
      with confirmed as (
        update ecellar.segment_moves
        set confirmed_at = ${now}, confirmed_by = ${actor.name}
        where winery_id = ${wineryId} and segment_id = ${segmentId} and confirmed_at is null
        returning customer_id
      )
      select count(distinct customer_id)::int as confirmed from confirmed`.execute(trx)
    const confirmed = rows[0]?.confirmed ?? 0
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'segments.write',
      subject: `segment ${segmentId}`,
      details: { confirmed },
    })
    return { confirmed }
  })
}
