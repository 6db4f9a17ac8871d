/** Releases the customers whose days are over (rule 21, `after:N`), also of brands that are not pulled any more. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'
import { inWinery, tryLockWinery } from '../database/tenant-session.ts'

/** Over all wineries, one after another. @returns how many were released */
export async function releaseDueCustomers(db: Db, now: Date): Promise<number> {
  const wineries = await sql<{ winery_id: string }>`
    select distinct winery_id
    from ecellar.customers
    where released_at is null and release_due_at <= ${now}`.execute(db)
  let released = 0
  for (const { winery_id: wineryId } of wineries.rows) {
    released += await inWinery(db, wineryId, async (trx) => {
      // A long pull holds it; the next minute will do.
      if (!(await tryLockWinery(trx, wineryId))) return 0
      const { rows } = await sql<{ released: number }>`
        with released as (
          update ecellar.customers
          set released_at = ${now}, release_due_at = null
          where winery_id = ${wineryId} and released_at is null and release_due_at <= ${now}
          returning customer_id
        ),
        remembered as (
          insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by)
          select ${wineryId}, 'customer', customer_id, 'released_at', null, ${now}::text, 'program'
          from released
        )
        select count(*)::int as released from released`.execute(trx)
      return rows[0]?.released ?? 0
    })
  }
  return released
}
