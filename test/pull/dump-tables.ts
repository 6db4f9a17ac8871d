/** All that a database holds, to be compared: before and after, or one winery's tables with another's. */

import { sql } from 'kysely'
import type { Database } from '../../src/database/connect.ts'
import type { TockPlace } from './tock-place.ts'

/** What a pull that changes nothing still writes: itself, its place as the last one, the files that it read. */
const bookkeeping = new Set(['pulls', 'brand_businesses', 'wineries', 'snapshot_files'])

/** Every row of every table with the version that PostgreSQL gives it, so that even writing the same again shows. */
export async function dumpRows(
  database: Database,
  without: ReadonlySet<string> = bookkeeping,
): Promise<Record<string, string[]>> {
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'ecellar' and table_type = 'BASE TABLE' order by 1`.execute(database.db)
  const dump: Record<string, string[]> = {}
  for (const { name } of tables.rows) {
    if (without.has(name)) continue
    const rows = await sql<{ row: string }>`
      select t.xmin::text || ' ' || to_jsonb(t)::text as row from ${sql.table(`ecellar.${name}`)} t order by 1`.execute(
      database.db,
    )
    dump[name] = rows.rows.map((one) => one.row)
  }
  return dump
}

/** Every row of every table: what has to be the same after something that failed. */
export const dumpAll = (database: Database) => dumpRows(database, new Set(['pulls']))

/**
 * What a winery's tables say, without the numbers that the database gives out: customers by their address, entries by
 * name. Two wineries that were shown the same have the same.
 */
export async function sayOfWinery(place: TockPlace): Promise<Record<string, unknown[]>> {
  const say: Record<string, unknown[]> = {}
  for (const [name, text] of Object.entries(sayings)) {
    const rows = await place.rows<Record<string, unknown>>(text)
    say[name] = rows.map((row) => JSON.stringify(row)).sort()
  }
  return say
}

const sayings = {
  reservations: `select t.brand_id - (select min(brand_id) from ecellar.brands where winery_id = :id) as brand,
      to_jsonb(t) - '{winery_id,brand_id,business_id,reservation_id,customer_id,first_seen_pull,changed_in_pull}'::text[] as row,
      (select c.email_key from ecellar.customers c where c.winery_id = t.winery_id and c.customer_id = t.customer_id) as customer
    from ecellar.reservations t where t.winery_id = :id`,
  customers: `select to_jsonb(t) - '{winery,customer_id,created_at,created_in_pull,released_at,next_visit_on}'::text[] as row
    from reporting.customers t where winery = :winery`,
  patrons: `select to_jsonb(t) - '{winery_id,business_group_id,customer_id,diner_brand_id,first_seen_pull}'::text[] as row,
      (select c.email_key from ecellar.customers c where c.winery_id = t.winery_id and c.customer_id = t.customer_id) as customer
    from ecellar.patrons t where t.winery_id = :id`,
  experiences: `select to_jsonb(t) - '{winery,first_seen_at}'::text[] as row from reporting.experiences t where winery = :winery`,
  areas: `select to_jsonb(t) - '{winery_id,brand_id,first_seen_at}'::text[] as row from ecellar.seating_areas t where winery_id = :id`,
  exceptions: `select code, tock_key, regexp_replace(message, '[Cc]ustomer \\d+', 'customer', 'g') as message, resolved_at is null as is_open
    from ecellar.exceptions where winery_id = :id`,
  consents: `select t.before, t.after, t.source, t.tock_words, c.email_key from ecellar.consent_changes t
    join ecellar.customers c using (winery_id, customer_id) where t.winery_id = :id`,
  changes: `select t.entity, t.field, t.before, t.after from ecellar.changes t where t.winery_id = :id and field <> 'customer_id'`,
}
