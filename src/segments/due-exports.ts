/** Which scheduled exports are due, and what becomes of them; `jobs` makes them. */

import { sql } from 'kysely'
import type { Actor } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import { asOfSnapshots } from './ask-segment.ts'
import { type ExportSchedule, scheduleColumns } from './export-schedules.ts'
import { prepareExportIn, type RememberedExport, scheduledFileName } from './export-segment.ts'
import { today } from './period-days.ts'
import { recordMembership } from './record-membership.ts'
import { findSegment } from './saved-segments.ts'
import { definitionOf } from './segment-sql.ts'
import { readSegmentWorld } from './segment-world.ts'

export type DueExport = {
  wineryId: Id
  slug: string
  wineryName: string
  reservationContact: string | null
  /** The winery's day that it is for. */
  day: string
  schedule: ExportSchedule
  actor: Actor
}

/** Today's time is past on the winery's clock, and today's is not made. @param scheduleId nothing but this one */
export async function dueExports(db: Db, now: Date, scheduleId: Id | null = null): Promise<DueExport[]> {
  const { rows } = await sql<
    ExportSchedule & {
      winery_id: Id
      slug: string
      name: string
      time_zone: string
      reservation_contact: string | null
      made_by_kind: Actor['kind']
      made_by_id: string
    }
  >`
    select ${scheduleColumns}, x.winery_id, w.slug, w.name, w.time_zone, w.reservation_contact, x.made_by_kind, x.made_by_id
    from ecellar.export_schedules x
    join ecellar.wineries w on w.winery_id = x.winery_id
    join ecellar.segments s on s.winery_id = x.winery_id and s.segment_id = x.segment_id
    where x.made_at <= ${now} and x.paused_at is null and (x.try_again_at is null or x.try_again_at <= ${now})
      and (${scheduleId}::bigint is null or x.schedule_id = ${scheduleId})
    order by x.winery_id, x.schedule_id`.execute(db)
  return rows.flatMap((row) => {
    const { winery_id, slug, name, time_zone, reservation_contact, made_by_kind, made_by_id, ...schedule } =
      row
    const day = today(now, time_zone)
    const due = day.toPlainDateTime(Temporal.PlainTime.from(row.atTime)).toZonedDateTime(time_zone)
    const isDue =
      (row.weekday === null || row.weekday === day.dayOfWeek) &&
      row.doneOn !== day.toString() &&
      due.epochMilliseconds <= now.getTime() &&
      // Not for a time that was over when it was made.
      due.epochMilliseconds >= row.madeAt.getTime()
    if (!isDue) return []
    return [
      {
        wineryId: winery_id,
        slug,
        wineryName: name,
        reservationContact: reservation_contact,
        day: day.toString(),
        schedule,
        actor: { kind: made_by_kind, id: made_by_id, name: row.madeBy },
      },
    ]
  })
}

export type BegunExport = Pick<RememberedExport, 'exportId' | 'fileName'>

/**
 * Decides who leaves, once per day: whoever goes on where a lost worker stopped gets what that one began. Nobody leaves
 * but whom the recording just before found: a pull in between would bring people whom nobody knows as waiting.
 * @returns null when it was made meanwhile
 */
export async function beginExport(db: Db, due: DueExport, now: Date): Promise<BegunExport | null> {
  const { wineryId, day, schedule, actor } = due
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<{ is_done: boolean; export_id: Id | null; begun_file: string | null }>`
        select done_on is not distinct from ${day}::date as is_done,
          case when begun_on = ${day}::date then export_id end as export_id, begun_file
        from ecellar.export_schedules
        where winery_id = ${wineryId} and schedule_id = ${schedule.scheduleId}
        for update`.execute(trx)
    const [row] = rows
    if (!row || row.is_done) return null
    if (row.export_id !== null) return { exportId: row.export_id, fileName: row.begun_file ?? '' }
    const segment = await findSegment(trx, wineryId, { segmentId: schedule.segmentId })
    await recordMembership(trx, wineryId, segment, now)
    const winery = { winery_id: wineryId, slug: due.slug }
    const made = await prepareExportIn(
      trx,
      { winery, actor, now },
      {
        of: { segmentId: schedule.segmentId },
        format: schedule.format,
        columns: schedule.columns,
        scheduleId: schedule.scheduleId,
        among: sql`pg_temp.members_now`,
      },
    )
    const fileName = scheduledFileName({
      scheduleId: schedule.scheduleId,
      name: segment.name,
      day,
      format: schedule.format,
    })
    await sql`
        update ecellar.export_schedules
        set begun_on = ${day}::date, export_id = ${made.exportId}, begun_file = ${fileName}, waiting = ${made.waiting}
        where winery_id = ${wineryId} and schedule_id = ${schedule.scheduleId}`.execute(trx)
    return { exportId: made.exportId, fileName }
  })
}

const freshHours = 30

/** The brands that it speaks of whose last good pull is too old to say who came lately. */
export async function staleBrands(db: Db, wineryId: Id, segmentId: Id, now: Date): Promise<string[]> {
  return inWinery(db, wineryId, async (trx) => {
    const world = await readSegmentWorld(trx, wineryId, now)
    const segment = await findSegment(trx, wineryId, { segmentId })
    const spoken = asOfSnapshots(world, definitionOf(segment)).map((one) => one.brand)
    const { rows } = await sql<{ code: string }>`
      select b.code
      from ecellar.brands b
      where b.winery_id = ${wineryId} and b.code = any(${spoken}::text[])
        and not exists (
          select from ecellar.pulls p
          where p.winery_id = b.winery_id and p.brand_id = b.brand_id and p.status = 'applied'
            and p.finished_at >= ${new Date(now.getTime() - freshHours * 3_600_000)}
        )
      order by b.code`.execute(trx)
    return rows.map((row) => row.code)
  })
}

/**
 * Once per reason: one that is stopped already is not told of again. @param againAt null: as soon as it can be
 * @returns whether it is news
 */
export async function stopSchedule(
  db: Db,
  due: DueExport,
  because: string,
  { now, againAt = null }: { now: Date; againAt?: Date | null },
): Promise<boolean> {
  return inWinery(db, due.wineryId, async (trx) => {
    const { rows } = await sql<{ is_news: boolean }>`
      update ecellar.export_schedules x
      set stopped_at = case when before.is_news then ${now} else x.stopped_at end, stopped_because = ${because},
        tries = x.tries + ${againAt === null ? 0 : 1}, try_again_at = ${againAt}
      from (
        select schedule_id, stopped_because is distinct from ${because} as is_news
        from ecellar.export_schedules
        where winery_id = ${due.wineryId} and schedule_id = ${due.schedule.scheduleId}
        for update
      ) before
      where x.winery_id = ${due.wineryId} and x.schedule_id = before.schedule_id
        and (before.is_news or ${againAt !== null})
      returning before.is_news`.execute(trx)
    return rows[0]?.is_news ?? false
  })
}

export async function putDone(
  db: Db,
  due: DueExport,
  made: { fileName: string; rows: number; now: Date },
): Promise<void> {
  await inWinery(db, due.wineryId, (trx) =>
    sql`
      update ecellar.export_schedules
      set done_on = ${due.day}::date, done_at = ${made.now}, file_name = ${made.fileName}, rows = ${made.rows},
        stopped_at = null, stopped_because = null, tries = 0, try_again_at = null, rewrite_since = null
      where winery_id = ${due.wineryId} and schedule_id = ${due.schedule.scheduleId}`.execute(trx),
  )
}
