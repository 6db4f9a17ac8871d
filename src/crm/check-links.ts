/** What `doctor` asks the tables: links that lead nowhere (hot tables carry no foreign keys), and set-up that lacks something. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'

/** Links that lead nowhere, by name; only those that there are. */
export async function brokenLinks(db: Db): Promise<{ what: string; count: number }[]> {
  const { rows } = await sql<{ what: string; count: number }>`
    select what, count::int from (
      select 'reservations whose customer is gone' as what, count(*) from ecellar.reservations r
      where r.customer_id is not null and not exists (
        select from ecellar.customers c where c.winery_id = r.winery_id and c.customer_id = r.customer_id)
      union all
      select 'reservations whose brand is gone', count(*) from ecellar.reservations r
      where not exists (
        select from ecellar.brand_businesses b
        where b.winery_id = r.winery_id and b.brand_id = r.brand_id and b.business_id = r.business_id)
      union all
      select 'reservations whose experience is gone', count(*) from ecellar.reservations r
      where r.experience_id is not null and not exists (
        select from ecellar.experiences e
        where e.winery_id = r.winery_id and e.brand_id = r.brand_id and e.experience_id = r.experience_id)
      union all
      select 'guests whose customer is gone', count(*) from ecellar.patrons p
      where p.customer_id is not null and not exists (
        select from ecellar.customers c where c.winery_id = p.winery_id and c.customer_id = p.customer_id)
      union all
      select 'customers with a list entry that is gone', count(*) from ecellar.customers c
      where exists (
        select from (values (c.customer_source_id), (c.customer_type_id), (c.allocation_tier_id)) v (entry_id)
        where v.entry_id is not null and not exists (
          select from ecellar.list_entries l where l.winery_id = c.winery_id and l.entry_id = v.entry_id))
      union all
      select 'experiences mapped to a reservation type that is gone', count(*) from ecellar.experiences e
      where e.reservation_type_id is not null and not exists (
        select from ecellar.list_entries l where l.winery_id = e.winery_id and l.entry_id = e.reservation_type_id)
      union all
      select 'seating areas mapped to a location that is gone', count(*) from ecellar.seating_areas a
      where a.location_id is not null and not exists (
        select from ecellar.list_entries l where l.winery_id = a.winery_id and l.entry_id = a.location_id)
    ) links
    where count > 0`.execute(db)
  return rows
}

export type BrandState = {
  winery: string
  brand: string
  hasDefaults: boolean
  hasKey: boolean
  isPulled: boolean
  isEnabled: boolean
  experiencesUnmapped: number
  locationsUnmapped: number
}

export async function brandStates(db: Db): Promise<BrandState[]> {
  const { rows } = await sql<BrandState>`
    select
      w.slug as winery,
      b.code as brand,
      coalesce(own.customer_source_id, base.customer_source_id) is not null
        and coalesce(own.customer_type_id, base.customer_type_id) is not null as "hasDefaults",
      exists (
        select from ecellar.tock_keys k where k.winery_id = b.winery_id and k.brand_id in (b.brand_id, 0)) as "hasKey",
      bb.initial_pull_id is not null as "isPulled",
      b.enabled_at is not null as "isEnabled",
      (select count(*)::int from ecellar.experiences e
        where e.winery_id = b.winery_id and e.brand_id = b.brand_id
          and e.reservation_type_id is null and not e.ignored) as "experiencesUnmapped",
      (select count(*)::int from ecellar.seating_areas a
        where a.winery_id = b.winery_id and a.brand_id = b.brand_id
          and coalesce(a.location_id, b.default_location_id) is null) as "locationsUnmapped"
    from ecellar.brands b
    join ecellar.wineries w on w.winery_id = b.winery_id
    left join ecellar.brand_businesses bb
      on bb.winery_id = b.winery_id and bb.brand_id = b.brand_id and bb.business_id = b.business_id
    left join ecellar.web_store_settings own on own.winery_id = b.winery_id and own.brand_id = b.brand_id
    left join ecellar.web_store_settings base on base.winery_id = b.winery_id and base.brand_id = 0
    order by w.slug, b.code`.execute(db)
  return rows
}

/** The server as the program finds it. */
export async function serverState(db: Db): Promise<{
  version: string
  versionNumber: number
  clockAheadMs: number
  migrations: { name: string; appliedAt: string }[]
}> {
  const { rows } = await sql<{ version: string; number: number; now: Date }>`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      clock_timestamp() as now`.execute(db)
  const here = Date.now()
  const migrations = await sql<{ name: string; appliedAt: string }>`
    select name, timestamp as "appliedAt" from public.ecellar_tock_migrations order by name`.execute(db)
  const server = rows[0]
  return {
    version: server?.version ?? 'unknown',
    versionNumber: server?.number ?? 0,
    clockAheadMs: server ? server.now.getTime() - here : 0,
    migrations: migrations.rows,
  }
}

/** How many clients, other than this program's own connections, are on the database. */
export async function otherClients(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and application_name not like 'ecellar-tock%'`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}
