/** All wineries at a glance, for Support: what is set up, when the last good pull was, what waits. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'

export type WineryState = {
  winery: string
  name: string
  brands: number
  enabledBrands: number
  lastGoodPullAt: Date | null
  waitingPulls: number
  exceptions: number
  unmapped: number
  unreleased: number
}

/** Page by page, by slug. It reads over all wineries: for the roles of the installation. */
export async function listWineryStates(
  db: Db,
  page: { after: string | null; limit: number },
): Promise<WineryState[]> {
  const { rows } = await sql<WineryState>`
    select
      w.slug as winery,
      w.name,
      b.brands,
      b.enabled as "enabledBrands",
      p.last_good as "lastGoodPullAt",
      p.waiting as "waitingPulls",
      x.exceptions,
      e.experiences + a.areas as unmapped,
      c.unreleased
    from (
      select * from ecellar.wineries
      where ${page.after}::text is null or slug > ${page.after}
      order by slug
      limit ${page.limit}
    ) w
    cross join lateral (
      select count(*)::int as brands, (count(*) filter (where enabled_at is not null))::int as enabled
      from ecellar.brands where winery_id = w.winery_id
    ) b
    cross join lateral (
      select
        max(finished_at) filter (where status = 'applied') as last_good,
        (count(*) filter (where status = 'waiting'))::int as waiting
      from ecellar.pulls where winery_id = w.winery_id
    ) p
    cross join lateral (
      select count(*)::int as exceptions
      from ecellar.exceptions where winery_id = w.winery_id and resolved_at is null
    ) x
    cross join lateral (
      select count(*)::int as experiences
      from ecellar.experiences where winery_id = w.winery_id and reservation_type_id is null and not ignored
    ) e
    cross join lateral (
      select count(*)::int as areas
      from ecellar.seating_areas a
      join ecellar.brands b on b.winery_id = a.winery_id and b.brand_id = a.brand_id
      where a.winery_id = w.winery_id and coalesce(a.location_id, b.default_location_id) is null
    ) a
    cross join lateral (
      select count(*)::int as unreleased
      from ecellar.customers where winery_id = w.winery_id and released_at is null
    ) c
    order by w.slug`.execute(db)
  return rows
}
