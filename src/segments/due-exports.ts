/** Which scheduled exports are due, and what becomes of them; `jobs` makes them. */

import { sql } from 'kysely'
import type { Actor } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import { asOfSnapshots } from './ask-segment.ts'
import { type ExportSchedule, scheduleColumns } from './export-schedules.ts'
import { today } from './period-days.ts'
import { findSegment } from './saved-segments.ts'
import { definitionOf } from './segment-sql.ts'
import { readSegmentWorld } from './segment-world.ts'

export type DueExport = {
  wineryId: Id
  slug: string
  wineryName: string
  reservationContact: string | null
  day: string
  schedule: ExportSchedule
  actor: Actor
}

/** Over all wineries: today's time is past on the winery's clock, and today's is not done. */
export async function dueExports(db: Db, now: Date): Promise<DueExport[]> {
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
    where x.made_at <= ${now} and x.paused_at is null
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

/** Once per change: a schedule that is stopped already is not told of again. @returns whether it is news */
export async function stopSchedule(db: Db, due: DueExport, because: string, now: Date): Promise<boolean> {
  return inWinery(db, due.wineryId, async (trx) => {
    const { rows } = await sql`
      update ecellar.export_schedules
      set stopped_at = ${now}, stopped_because = ${because}
      where winery_id = ${due.wineryId} and schedule_id = ${due.schedule.scheduleId} and stopped_because is distinct from ${because}
      returning 1`.execute(trx)
    return rows.length > 0
  })
}

export async function putDone(db: Db, due: DueExport): Promise<void> {
  await inWinery(db, due.wineryId, (trx) =>
    sql`
      update ecellar.export_schedules set done_on = ${due.day}::date, stopped_at = null, stopped_because = null
      where winery_id = ${due.wineryId} and schedule_id = ${due.schedule.scheduleId}`.execute(trx),
  )
}
