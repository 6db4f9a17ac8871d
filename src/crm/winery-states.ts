/** All wineries at a glance, for Support: what is set up, when the last good pull was, what waits. */

import { sql } from 'kysely'
import type { wineryOverallStates, wineryStateSorts } from '../contract/api/home.ts'
import type { Db } from '../database/connect.ts'
import { searchWords } from './search-words.ts'

type OverallState = (typeof wineryOverallStates)[number]

export type WineryState = {
  winery: string
  name: string
  state: OverallState
  brands: number
  enabledBrands: number
  lastGoodPullAt: Date | null
  waitingPulls: number
  exceptions: number
  unmapped: number
  unreleased: number
  /** Its place in the order that was asked for, to go on from. */
  sortedBy: string
}

export type WineryStateAsked = {
  /** Words of the name or the slug. */
  text?: string | undefined
  state?: OverallState | undefined
  sort: (typeof wineryStateSorts)[number]
  /** Slugs of those that have an open alert. */
  alerted: string[]
  after: { sortedBy: string; winery: string } | null
  limit: number
}

/** Page by page. It reads over all wineries: for the roles of the installation. */
export async function listWineryStates(db: Db, asked: WineryStateAsked): Promise<WineryState[]> {
  const key = asked.sort.endsWith('name')
    ? sql`lower(name)`
    : sql`coalesce(to_char(last_good at time zone 'UTC', 'YYYYMMDDHH24MISSUS'), '')`
  const descending = asked.sort.startsWith('-')
  const order = descending ? sql`"sortedBy" desc, winery desc` : sql`"sortedBy", winery`
  const { state, after } = asked
  const words = searchWords(asked.text ?? '')
  const found =
    words.length === 0
      ? sql`true`
      : sql.join(
          words.map(({ pattern }) => sql`w.name || ' ' || w.slug ~ ${pattern}`),
          sql` and `,
        )
  const { rows } = await sql<WineryState>`
    with glances as (
      select
        w.winery_id,
        w.slug as winery,
        w.name,
        b.brands,
        b.enabled as "enabledBrands",
        p.last_good,
        p.waiting as "waitingPulls",
        case
          when w.slug = any(${asked.alerted}::text[]) then 'attention'
          when p.waiting > 0 then 'waiting'
          when b.brands = 0 or b.enabled < b.brands then 'set-up'
          else 'well'
        end as state
      from ecellar.wineries w
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
      where ${found}
    ),
    page as (
      select *
      from (select *, ${key} collate "C" as "sortedBy" from glances) g
      where (${state ?? null}::text is null or state = ${state ?? null})
        and ${
          after === null
            ? sql`true`
            : sql`("sortedBy", winery) ${descending ? sql`<` : sql`>`} (${after.sortedBy}, ${after.winery})`
        }
      order by ${order}
      limit ${asked.limit}
    )
    select
      g.winery,
      g.name,
      g.state,
      g.brands,
      g."enabledBrands",
      g.last_good as "lastGoodPullAt",
      g."waitingPulls",
      x.exceptions,
      e.experiences + a.areas as unmapped,
      c.unreleased,
      g."sortedBy"
    from page g
    cross join lateral (
      select count(*)::int as exceptions
      from ecellar.exceptions where winery_id = g.winery_id and resolved_at is null
    ) x
    cross join lateral (
      select count(*)::int as experiences
      from ecellar.experiences where winery_id = g.winery_id and reservation_type_id is null and not ignored
    ) e
    cross join lateral (
      select count(*)::int as areas
      from ecellar.seating_areas a
      join ecellar.brands b on b.winery_id = a.winery_id and b.brand_id = a.brand_id
      where a.winery_id = g.winery_id and coalesce(a.location_id, b.default_location_id) is null
    ) a
    cross join lateral (
      select count(*)::int as unreleased
      from ecellar.customers where winery_id = g.winery_id and released_at is null
    ) c
    order by ${order}`.execute(db)
  return rows
}
