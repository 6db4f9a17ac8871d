/** A segment's export to a file on a schedule: what is wanted, and when it is due. `jobs` does it. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { ExportColumn, ExportFormat } from '../contract/segment-export.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import { asOfSnapshots } from './ask-segment.ts'
import { today } from './period-days.ts'
import { findSegment } from './saved-segments.ts'
import { definitionOf } from './segment-sql.ts'
import { readSegmentWorld } from './segment-world.ts'

export type ExportSchedule = {
  scheduleId: Id
  segmentId: Id
  segment: string
  format: ExportFormat
  columns: ExportColumn[]
  /** 1 is Monday; null: every day. */
  weekday: number | null
  /** On the winery's clock: `06:30`. */
  atTime: string
  madeBy: string
  madeAt: Date
  doneOn: string | null
  stoppedAt: Date | null
  stoppedBecause: string | null
}

const columns = sql`x.schedule_id as "scheduleId", x.segment_id as "segmentId", s.name as segment, x.format, x.columns,
  x.weekday, x.at_time as "atTime", x.made_by as "madeBy", x.made_at as "madeAt", x.done_on::text as "doneOn",
  x.stopped_at as "stoppedAt", x.stopped_because as "stoppedBecause"`

export async function listExportSchedules(db: Db, wineryId: Id): Promise<ExportSchedule[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ExportSchedule>`
      select ${columns}
      from ecellar.export_schedules x
      join ecellar.segments s on s.winery_id = x.winery_id and s.segment_id = x.segment_id
      where x.winery_id = ${wineryId}
      order by x.schedule_id`.execute(trx)
    return rows
  })
}

/** @throws Refusal not_found, invalid */
export async function addExportSchedule(
  options: { db: Db; wineryId: Id; actor: Actor; now: Date },
  given: {
    segment: { name: string } | { segmentId: string }
    format: ExportFormat
    columns: ExportColumn[]
    weekday: number | null
    atTime: string
  },
): Promise<ExportSchedule> {
  const { db, wineryId, actor, now } = options
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(given.atTime)) {
    throw new Refusal('invalid', `"${given.atTime}" is no time of day.`, 'Write it as 06:30.')
  }
  if (given.columns.includes('notes')) {
    throw new Refusal('invalid', 'Notes leave with no scheduled export.', 'Leave the column out.')
  }
  return inWinery(db, wineryId, async (trx) => {
    const { segmentId } = await findSegment(trx, wineryId, given.segment)
    const { rows } = await sql<ExportSchedule>`
      with x as (
        insert into ecellar.export_schedules (winery_id, segment_id, format, columns, weekday, at_time, made_by_kind,
          made_by_id, made_by, made_at)
        values (${wineryId}, ${segmentId}, ${given.format}, ${given.columns}::text[], ${given.weekday}, ${given.atTime},
          ${actor.kind}, ${actor.id}, ${actor.name}, ${now})
        returning *
      )
      select ${columns} from x join ecellar.segments s on s.winery_id = x.winery_id and s.segment_id = x.segment_id`.execute(
      trx,
    )
    const made = rows[0]
    if (!made) throw new Error('A schedule is always returned')
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'exports.make',
      subject: `export schedule ${made.scheduleId}`,
      details: { segmentId, weekday: given.weekday, atTime: given.atTime, format: given.format },
    })
    return made
  })
}

/** @throws Refusal not_found */
export async function removeExportSchedule(
  options: { db: Db; wineryId: Id; actor: Actor },
  scheduleId: string,
): Promise<void> {
  const { db, wineryId, actor } = options
  await inWinery(db, wineryId, async (trx) => {
    const id = /^\d{1,18}$/.test(scheduleId) ? scheduleId : null
    const { rows } = await sql`
      delete from ecellar.export_schedules where winery_id = ${wineryId} and schedule_id = ${id} returning 1`.execute(
      trx,
    )
    if (rows.length === 0) {
      throw new Refusal('not_found', `There is no export schedule ${scheduleId}.`, 'See: segments schedules')
    }
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'exports.make',
      subject: `export schedule ${id}`,
      details: { removed: true },
    })
  })
}

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
    select ${columns}, x.winery_id, w.slug, w.name, w.time_zone, w.reservation_contact, x.made_by_kind, x.made_by_id
    from ecellar.export_schedules x
    join ecellar.wineries w on w.winery_id = x.winery_id
    join ecellar.segments s on s.winery_id = x.winery_id and s.segment_id = x.segment_id
    where x.made_at <= ${now}
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
