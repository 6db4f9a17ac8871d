/** Adds, changes, stops, starts and removes scheduled exports: a person's decisions, recorded. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { ExportColumn, ExportFormat } from '../contract/segment-export.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import { type ExportSchedule, findExportSchedule } from './export-schedules.ts'
import { findSegment } from './saved-segments.ts'

type Options = { db: Db; wineryId: Id; actor: Actor; now: Date }

export type ExportScheduleToAdd = {
  segment: { name: string } | { segmentId: string }
  format: ExportFormat
  columns: ExportColumn[]
  weekday: number | null
  atTime: string
}

/** @throws Refusal not_found, invalid */
export async function addExportSchedule(
  options: Options,
  given: ExportScheduleToAdd,
): Promise<ExportSchedule> {
  const { db, wineryId, actor, now } = options
  assertSound(given)
  return inWinery(db, wineryId, async (trx) => {
    const { segmentId } = await findSegment(trx, wineryId, given.segment)
    const { rows } = await sql<{ id: Id }>`
      insert into ecellar.export_schedules (winery_id, segment_id, format, columns, weekday, at_time, made_by_kind,
        made_by_id, made_by, made_at)
      values (${wineryId}, ${segmentId}, ${given.format}, ${given.columns}::text[], ${given.weekday}, ${given.atTime},
        ${actor.kind}, ${actor.id}, ${actor.name}, ${now})
      returning schedule_id as id`.execute(trx)
    const id = rows[0]?.id ?? ''
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'exports.make',
      subject: `export schedule ${id}`,
      details: { segmentId, weekday: given.weekday, atTime: given.atTime, format: given.format },
    })
    return findExportSchedule(trx, wineryId, id)
  })
}

export type ExportScheduleChange = {
  [Field in 'format' | 'columns' | 'weekday' | 'atTime']?: ExportScheduleToAdd[Field] | undefined
} & {
  /** false stops it, true starts it again. */
  isOn?: boolean | undefined
}

/** What is not named stays as it is. @throws Refusal not_found, invalid */
export async function changeExportSchedule(
  options: Options,
  scheduleId: string,
  change: ExportScheduleChange,
): Promise<ExportSchedule> {
  const { db, wineryId, actor, now } = options
  assertSound(change)
  return inWinery(db, wineryId, async (trx) => {
    const before = await findExportSchedule(trx, wineryId, scheduleId)
    const { format, columns, weekday, atTime, isOn } = { ...before, ...named(change) }
    const isPaused = isOn === undefined ? before.pausedAt !== null : !isOn
    await sql`
      update ecellar.export_schedules
      set format = ${format}, columns = ${columns}::text[], weekday = ${weekday}, at_time = ${atTime},
        paused_at = case when ${isPaused} then coalesce(paused_at, ${now}) end,
        paused_by = case when ${isPaused} then coalesce(paused_by, ${actor.name}) end,
        tries = 0, try_again_at = null
      where winery_id = ${wineryId} and schedule_id = ${scheduleId}`.execute(trx)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'exports.make',
      subject: `export schedule ${scheduleId}`,
      details: named(change),
    })
    return findExportSchedule(trx, wineryId, scheduleId)
  })
}

/** Its file goes with it, the next minute. @throws Refusal not_found */
export async function removeExportSchedule(
  options: Pick<Options, 'db' | 'wineryId' | 'actor'>,
  scheduleId: string,
): Promise<void> {
  const { db, wineryId, actor } = options
  await inWinery(db, wineryId, async (trx) => {
    await findExportSchedule(trx, wineryId, scheduleId)
    await sql`
      delete from ecellar.export_schedules
      where winery_id = ${wineryId} and schedule_id = ${scheduleId}`.execute(trx)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'exports.make',
      subject: `export schedule ${scheduleId}`,
      details: { removed: true },
    })
  })
}

function assertSound({
  atTime,
  columns,
}: {
  atTime?: string | undefined
  columns?: ExportColumn[] | undefined
}) {
  if (atTime !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(atTime)) {
    throw new Refusal('invalid', `"${atTime}" is no time of day.`, 'Write it as 06:30.')
  }
  if (columns?.includes('notes')) {
    throw new Refusal('invalid', 'Notes leave with no scheduled export.', 'Leave the column out.')
  }
}

function named<Given extends object>(change: Given): Partial<Given> {
  return Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as Partial<Given>
}
