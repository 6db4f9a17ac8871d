/** Customers that a pull created go, except those who have become somebody's: matched, edited, released, exported. */

import { sql } from 'kysely'
import { becameSomebodys } from '../../crm/forget-customers.ts'
import type { Id } from '../../database/rows.ts'
import type { WineryTransaction } from '../../database/tenant-session.ts'
import type { UndoPlace } from './undo-pull.ts'

export type Kept = { matched: number; edited: number; released: number; exported: number }

/** Leaves `going`, a temporary table of those who went. Where reservations go as well, they are gone already. */
export async function takeBackCustomers(
  trx: WineryTransaction,
  { wineryId, brandId, pullIds }: UndoPlace,
): Promise<{ customers: number; kept: Kept }> {
  await sql`
    create temp table judged on commit drop as
    select c.customer_id,
      coalesce(${sql.raw(becameSomebodys)}, case
        when exists (
          select from ecellar.reservations r
          where r.winery_id = c.winery_id and r.brand_id <> ${brandId} and r.customer_id = c.customer_id
            and r.guest_patron_id = any(array(
              select p.patron_id from ecellar.patrons p where p.winery_id = c.winery_id and p.customer_id = c.customer_id))
        ) then 'matched'
      end) as kept
    from ecellar.customers c
    where c.winery_id = ${wineryId} and c.created_in_pull = any(${pullIds}::bigint[])`.execute(trx)
  await sql`
    create temp table going on commit drop as
    select customer_id from pg_temp.judged where kept is null`.execute(trx)
  const counted = await sql<{ kept: keyof Kept | null; customers: number }>`
    select kept, count(*)::int as customers from pg_temp.judged group by kept`.execute(trx)
  await sql`drop table pg_temp.judged`.execute(trx)
  await sql`
    delete from ecellar.changes x using pg_temp.going g
    where x.winery_id = ${wineryId} and x.entity = 'customer' and x.entity_id = g.customer_id`.execute(trx)
  for (const table of ['consent_changes', 'segment_members', 'segment_moves', 'customers']) {
    await sql`
      delete from ${sql.table(`ecellar.${table}`)} t using pg_temp.going g
      where t.winery_id = ${wineryId} and t.customer_id = g.customer_id`.execute(trx)
  }
  const of = (kept: keyof Kept | null) => counted.rows.find((row) => row.kept === kept)?.customers ?? 0
  return {
    customers: of(null),
    kept: {
      matched: of('matched'),
      edited: of('edited'),
      released: of('released'),
      exported: of('exported'),
    },
  }
}

/** Their guests stay, with their reservations, and no later pull makes customers of them. */
export async function markGuests(trx: WineryTransaction, { wineryId }: UndoPlace, undoId: Id): Promise<void> {
  await sql`
    insert into ecellar.undone_guests (winery_id, business_group_id, patron_id, undo_id)
    select p.winery_id, p.business_group_id, p.patron_id, ${undoId}
    from ecellar.patrons p
    join pg_temp.going g on g.customer_id = p.customer_id
    where p.winery_id = ${wineryId}
    on conflict do nothing`.execute(trx)
  await sql`
    update ecellar.reservations r set customer_id = null
    from pg_temp.going g
    where r.winery_id = ${wineryId} and r.customer_id = g.customer_id`.execute(trx)
  await sql`
    update ecellar.patrons p set customer_id = null, consent_acted_on = null
    from pg_temp.going g
    where p.winery_id = ${wineryId} and p.customer_id = g.customer_id`.execute(trx)
}
