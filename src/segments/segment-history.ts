/** Who entered a segment and who left it, its size night by night, and the confirmation that some entries wait for. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import type { MoveReason } from '../contract/segment-move.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import { findSegment } from './saved-segments.ts'

export type Move = {
  moveId: Id
  entered: boolean
  because: MoveReason
  movedAt: Date
  /** An entry that no scheduled export carries before a person confirms it. */
  isWaiting: boolean
  customerId: Id
  email: string | null
  firstName: string | null
  lastName: string | null
  mayMail: boolean
}

export type MoveFilter = {
  entered?: boolean | undefined
  waiting?: boolean | undefined
  because?: MoveReason | undefined
}

/** The latest first. @throws Refusal not_found */
export async function listMoves(
  db: Db,
  wineryId: Id,
  segmentId: Id,
  page: { after: Id | null; limit: number },
  { entered = undefined, waiting = undefined, because = undefined }: MoveFilter = {},
): Promise<Move[]> {
  return inWinery(db, wineryId, async (trx) => {
    await findSegment(trx, wineryId, { segmentId })
    const { rows } = await sql<Move>`
      with page as materialized (
        select m.*, ${isWaiting} as is_waiting
        from ecellar.segment_moves m
        where m.winery_id = ${wineryId} and m.segment_id = ${segmentId}
          and (${page.after}::bigint is null or m.move_id < ${page.after}::bigint)
          and ${entered === undefined ? sql`true` : sql`m.entered = ${entered}`}
          and ${waiting === undefined ? sql`true` : sql`${isWaiting} = ${waiting}`}
          and ${because === undefined ? sql`true` : sql`m.because = ${because}`}
        order by m.move_id desc
        limit ${page.limit}
      )
      select m.move_id as "moveId", m.entered, m.because, m.moved_at as "movedAt", m.is_waiting as "isWaiting",
        m.customer_id as "customerId", c.email, c.first_name as "firstName", c.last_name as "lastName",
        coalesce(c.may_mail, false) as "mayMail"
      from page m
      left join ecellar.customer_facts c on c.winery_id = m.winery_id and c.customer_id = m.customer_id
      order by m.move_id desc`.execute(trx)
    return rows
  })
}

/** Of `ecellar.segment_moves m`: an entry nobody has confirmed, of a customer who is still in. */
export const isWaiting = sql<boolean>`(m.confirmed_at is null and exists (
  select from ecellar.segment_members now_in
  where now_in.winery_id = m.winery_id and now_in.segment_id = m.segment_id and now_in.customer_id = m.customer_id))`

export type SegmentHistory = {
  segmentId: Id
  recordedAt: Date
  since: Date
  moves: { entered: boolean; because: MoveReason; customers: number }[]
  waitingEntries: number
  /** The oldest first. */
  sizes: { recordedAt: Date; matching: number; mayMail: number }[]
}

const sizeDays = 400

/** @throws Refusal not_found */
export async function readSegmentHistory(
  db: Db,
  wineryId: Id,
  segmentId: Id,
  { since, now }: { since: Date; now: Date },
): Promise<SegmentHistory> {
  return inWinery(db, wineryId, async (trx) => {
    const { recordedAt } = await findSegment(trx, wineryId, { segmentId })
    const moves = await sql<SegmentHistory['moves'][number]>`
      select entered, because, count(*)::int as customers
      from ecellar.segment_moves
      where winery_id = ${wineryId} and segment_id = ${segmentId} and moved_at >= ${since}
      group by entered, because
      order by entered desc, customers desc, because`.execute(trx)
    const waiting = await sql<{ customers: number }>`
      select count(distinct m.customer_id)::int as customers
      from ecellar.segment_moves m
      where m.winery_id = ${wineryId} and m.segment_id = ${segmentId} and ${isWaiting}`.execute(trx)
    const sizes = await sql<SegmentHistory['sizes'][number]>`
      select recorded_at as "recordedAt", matching, may_mail as "mayMail"
      from ecellar.segment_sizes
      where winery_id = ${wineryId} and segment_id = ${segmentId}
        and recorded_at >= ${new Date(now.getTime() - sizeDays * 86_400_000)}
      order by recorded_at`.execute(trx)
    return {
      segmentId,
      recordedAt,
      since,
      moves: moves.rows,
      waitingEntries: waiting.rows[0]?.customers ?? 0,
      sizes: sizes.rows,
    }
  })
}

/** From then on scheduled exports carry them. @returns how many customers waited. @throws Refusal not_found */
export async function confirmEntries(
  options: { db: Db; wineryId: Id; actor: Actor; now: Date },
  which: { name: string } | { segmentId: string },
  /** The latest move that was looked at: who entered later goes on waiting. */
  upTo: Id | null = null,
): Promise<{ confirmed: number }> {
  const { db, wineryId, actor, now } = options
  return inWinery(db, wineryId, async (trx) => {
    const { segmentId } = await findSegment(trx, wineryId, which)
    const { rows } = await sql<{ confirmed: number }>`
      with confirmed as (
        update ecellar.segment_moves
        set confirmed_at = ${now}, confirmed_by = ${actor.name}
        where winery_id = ${wineryId} and segment_id = ${segmentId} and confirmed_at is null
          and (${upTo}::bigint is null or move_id <= ${upTo}::bigint)
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
