/** What became of one customer or reservation, field by field, the latest first (rule 23). */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'

export type Change = {
  changeId: Id
  field: string
  before: string | null
  after: string | null
  changedAt: Date
  /** `program`: released because its days were over. */
  madeBy: 'pull' | 'import' | 'staff' | 'program'
  pullId: Id | null
}

/** Whether whoever asks may see the customer or the reservation has been asked before. */
export async function listChanges(
  db: Db,
  wineryId: Id,
  of: { entity: 'customer' | 'reservation'; id: Id },
  page: { after: Id | null; limit: number },
): Promise<Change[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<Change>`
      select change_id as "changeId", field, before, after, changed_at as "changedAt", made_by as "madeBy",
        pull_id as "pullId"
      from ecellar.changes
      where winery_id = ${wineryId}
        and entity = ${of.entity}
        and entity_id = ${of.id}
        and (${page.after}::bigint is null or change_id < ${page.after}::bigint)
      order by change_id desc
      limit ${page.limit}`.execute(trx)
    return rows
  })
}
