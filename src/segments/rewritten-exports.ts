/** Files of scheduled exports that carry somebody who was erased since: they are written anew, without that person. */

import { sql } from 'kysely'
import type { Actor } from '../contract/access.ts'
import type { ExportFormat } from '../contract/segment-export.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import { scheduledFileName } from './export-segment.ts'

export type ExportToRewrite = {
  wineryId: Id
  slug: string
  scheduleId: Id
  /** null: it went with a fault, or lies no longer there. */
  exportId: Id | null
  /** As it lies there. */
  oldName: string
  /** As it is to be called: an address may have stood in the segment's name. */
  fileName: string
  since: Date
  actor: Actor
}

/** Of all wineries. @param scheduleId nothing but this one */
export async function exportsToRewrite(db: Db, scheduleId: Id | null = null): Promise<ExportToRewrite[]> {
  type Row = Omit<ExportToRewrite, 'actor' | 'fileName'> & {
    kind: Actor['kind']
    id: string
    name: string
    segment: string
    day: string
    format: ExportFormat
  }
  const { rows } = await sql<Row>`
    select x.winery_id as "wineryId", w.slug, x.schedule_id as "scheduleId", x.file_name as "oldName", s.name as segment,
      x.done_on::text as day, x.format,
      x.rewrite_since as since, x.made_by_kind as kind, x.made_by_id as id, x.made_by as name,
      case when x.begun_on = x.done_on then x.export_id end as "exportId"
    from ecellar.export_schedules x
    join ecellar.wineries w on w.winery_id = x.winery_id
    join ecellar.segments s on s.winery_id = x.winery_id and s.segment_id = x.segment_id
    where x.rewrite_since is not null and x.file_name is not null
      and (${scheduleId}::bigint is null or x.schedule_id = ${scheduleId})
    order by x.rewrite_since`.execute(db)
  return rows.map(({ kind, id, name, segment, day, format, ...rest }) => ({
    ...rest,
    actor: { kind, id, name },
    fileName: scheduledFileName({ scheduleId: rest.scheduleId, name: segment, day, format }),
  }))
}

/** Unless somebody else of it was erased meanwhile. @param rows null: the file is gone */
export async function putRewritten(db: Db, of: ExportToRewrite, rows: number | null): Promise<void> {
  await inWinery(db, of.wineryId, (trx) =>
    sql`
      update ecellar.export_schedules
      set rewrite_since = null, rows = ${rows}, file_name = ${rows === null ? null : of.fileName}, begun_file = ${rows === null ? null : of.fileName}
      where winery_id = ${of.wineryId} and schedule_id = ${of.scheduleId} and rewrite_since = ${of.since}`.execute(
      trx,
    ),
  )
}
