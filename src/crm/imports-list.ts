/** The files of eCELLAR's customers that were imported. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'

export type ListedImport = {
  importId: Id
  importedAt: Date
  importedBy: string
  rows: number
  created: number
  updated: number
  takenOver: number
  bad: number
}

/** The newest first. */
export async function pageOfImports(
  db: Db,
  wineryId: Id,
  part: {
    /** The number that the page before ended with. */
    before: Id | null
    limit: number
  },
): Promise<ListedImport[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ListedImport>`
      select import_id as "importId", imported_at as "importedAt", imported_by as "importedBy", rows, created, updated,
        taken_over as "takenOver", bad
      from ecellar.imports
      where winery_id = ${wineryId} and (${part.before}::bigint is null or import_id < ${part.before})
      order by import_id desc
      limit ${part.limit}`.execute(trx)
    return rows
  })
}
