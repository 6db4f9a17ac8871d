/** Customers go, with all that is remembered of them alone. Their guests and reservations are the caller's. */

import { sql } from 'kysely'
import type { Id } from '../database/rows.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'

export async function forgetCustomers(trx: WineryTransaction, wineryId: Id, ids: Id[]): Promise<void> {
  await sql`
    delete from ecellar.changes
    where winery_id = ${wineryId} and entity = 'customer' and entity_id = any(${ids}::bigint[])`.execute(trx)
  for (const table of [
    'segment_members',
    'segment_moves',
    'export_customers',
    'consent_changes',
    'customers',
  ]) {
    await sql`
      delete from ${sql.table(`ecellar.${table}`)}
      where winery_id = ${wineryId} and customer_id = any(${ids}::bigint[])`.execute(trx)
  }
}

/** As SQL on a customer `c` that a pull created: how it has become somebody's since; null: nobody would miss it. */
export const becameSomebodys = `case
  when c.released_at is not null then 'released'
  when exists (
    select from ecellar.export_customers x where x.winery_id = c.winery_id and x.customer_id = c.customer_id
  ) then 'exported'
  -- An opt-out at the tasting room must not be lost either.
  when c.created_by <> 'tock' or c.edited_at is not null or exists (
    select from ecellar.consent_changes k
    where k.winery_id = c.winery_id and k.customer_id = c.customer_id and k.source <> 'tock'
  ) then 'edited'
end`
