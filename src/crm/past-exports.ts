/** The exports of customers that were made, as people look them up. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'

export type PastExport = {
  exportId: Id
  name: string
  madeAt: Date
  madeBy: string
  customers: number
  format: 'csv' | 'jsonl' | null
  columns: string[]
  notForMailing: boolean
  reason: string | null
}

/** The latest first. */
export async function listPastExports(
  db: Db,
  wineryId: Id,
  page: { after: Id | null; limit: number; segmentId?: Id | undefined },
): Promise<PastExport[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<PastExport>`
      select
        export_id as "exportId",
        name,
        made_at as "madeAt",
        made_by as "madeBy",
        coalesce(rows, 0) as customers,
        format,
        columns,
        not_for_mailing as "notForMailing",
        reason
      from ecellar.exports
      where winery_id = ${wineryId} and (${page.after}::bigint is null or export_id < ${page.after}::bigint)
        and (${page.segmentId ?? null}::bigint is null or segment_id = ${page.segmentId ?? null}::bigint)
      order by export_id desc
      limit ${page.limit}`.execute(trx)
    return rows
  })
}
