/** A segment's export to a file on a schedule: what is wanted, and what became of the last one. */

import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import type { ExportColumn, ExportFormat } from '../contract/segment-export.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'

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
  /** A person stopped it. */
  pausedAt: Date | null
  pausedBy: string | null
  /** The day for which it was made last. */
  doneOn: string | null
  doneAt: Date | null
  fileName: string | null
  rows: number | null
  /** Entries that stayed out of it, because nobody has confirmed them. */
  waiting: number | null
  /** The program could not make it; it tries again. */
  stoppedAt: Date | null
  stoppedBecause: string | null
  /** How often it could not be made, since it was made last. */
  tries: number
}

/** Of `ecellar.export_schedules x` with its `ecellar.segments s`. */
export const scheduleColumns = sql`x.schedule_id as "scheduleId", x.segment_id as "segmentId", s.name as segment, x.format,
  x.columns, x.weekday, x.at_time as "atTime", x.made_by as "madeBy", x.made_at as "madeAt", x.paused_at as "pausedAt",
  x.paused_by as "pausedBy", x.done_on::text as "doneOn", x.done_at as "doneAt", x.file_name as "fileName", x.rows,
  x.waiting, x.stopped_at as "stoppedAt", x.stopped_because as "stoppedBecause",
  x.tries`

export async function listExportSchedules(db: Db, wineryId: Id): Promise<ExportSchedule[]> {
  return inWinery(db, wineryId, (trx) => readExportSchedules(trx, wineryId))
}

/** @throws Refusal not_found */
export async function findExportSchedule(
  trx: WineryTransaction,
  wineryId: Id,
  scheduleId: string,
): Promise<ExportSchedule> {
  const found = (await readExportSchedules(trx, wineryId)).find((one) => one.scheduleId === scheduleId)
  if (found) return found
  throw new Refusal('not_found', `There is no export schedule ${scheduleId}.`, 'See: segments schedules')
}

async function readExportSchedules(trx: WineryTransaction, wineryId: Id): Promise<ExportSchedule[]> {
  const { rows } = await sql<ExportSchedule>`
    select ${scheduleColumns}
    from ecellar.export_schedules x
    join ecellar.segments s on s.winery_id = x.winery_id and s.segment_id = x.segment_id
    where x.winery_id = ${wineryId}
    order by x.schedule_id`.execute(trx)
  return rows
}
