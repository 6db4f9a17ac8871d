/** The pulls that were taken back, as people look them up. */

import { sql } from 'kysely'
import type { Db } from '../../database/connect.ts'
import type { Id } from '../../database/rows.ts'
import { inWinery } from '../../database/tenant-session.ts'

export type PastUndo = {
  undoId: Id
  pullId: Id
  brand: string
  what: 'initial pull' | 'customers'
  undoneAt: Date
  undoneBy: string
  why: string
  reservations: number
  customers: number
  kept: number
}

/** The latest first. */
export async function listPastUndos(
  db: Db,
  wineryId: Id,
  page: { after: Id | null; limit: number; pullId?: Id | undefined },
): Promise<PastUndo[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<PastUndo>`
      select u.undo_id as "undoId", u.pull_id as "pullId", b.code as brand, u.what, u.undone_at as "undoneAt",
        u.undone_by as "undoneBy", u.why, u.reservations, u.customers, u.kept
      from ecellar.undone_pulls u
      join ecellar.brands b on b.winery_id = u.winery_id and b.brand_id = u.brand_id
      where u.winery_id = ${wineryId} and (${page.after}::bigint is null or u.undo_id < ${page.after}::bigint)
        and (${page.pullId ?? null}::bigint is null or u.pull_id = ${page.pullId ?? null}::bigint)
      order by u.undo_id desc
      limit ${page.limit}`.execute(trx)
    return rows
  })
}
