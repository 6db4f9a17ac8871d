/** When Tock last showed an experience or a seating area, told by the reservations that have it. */

import { type RawBuilder, sql } from 'kysely'
import type { Id } from '../database/rows.ts'

/**
 * Per brand (its code) and id: the last snapshot with a reservation of it, and that reservation's day. Worked out
 * from what is stored, so that a pull of an unchanged snapshot writes nothing.
 */
export function lastSeenBy(id: 'experience_id' | 'seating_area_id', wineryId: Id): RawBuilder<unknown> {
  const column = sql.ref(`r.${id}`)
  return sql`
    select
      b.code as brand,
      ${column} as id,
      max(case when r.missing_since is null then bb.last_snapshot_at else r.last_shown_at end) as last_seen_at,
      max(r.local_start)::date::text as last_reservation_on
    from ecellar.reservations r
    join ecellar.brands b on b.winery_id = r.winery_id and b.brand_id = r.brand_id
    left join ecellar.brand_businesses bb
      on bb.winery_id = r.winery_id and bb.brand_id = r.brand_id and bb.business_id = r.business_id
    where r.winery_id = ${wineryId}
    group by b.code, ${column}`
}
