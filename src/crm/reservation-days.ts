/** Reservations and guests per brand and day, to be held against Tock's own reports. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'

export type ReservationDay = {
  brand: string
  day: string
  reservations: number
  guests: number
  walkIns: number
  noShows: number
  cancelled: number
  missing: number
}

/** Days are the business's; both ends are included. By day, then brand. */
export async function reservationDays(
  db: Db,
  wineryId: Id,
  of: { brandIds: Id[] | null; from: string; to: string },
): Promise<ReservationDay[]> {
  const { brandIds, from, to } = of
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ReservationDay>`
      select
        b.code as brand,
        r.local_start::date::text as day,
        (count(*) filter (where counts))::int as reservations,
        coalesce(sum(r.party_size) filter (where counts), 0)::int as guests,
        (count(*) filter (where counts and r.experience_id = 'walk-in'))::int as "walkIns",
        (count(*) filter (where counts and r.status = 'No Show'))::int as "noShows",
        (count(*) filter (where r.missing_since is null and not counts))::int as cancelled,
        (count(*) filter (where r.missing_since is not null))::int as missing
      from ecellar.reservations r
      join ecellar.brands b on b.winery_id = r.winery_id and b.brand_id = r.brand_id
      cross join lateral (
        select r.missing_since is null and r.status not in ('Cancelled', 'Transferred') as counts
      ) which
      where r.winery_id = ${wineryId}
        and (${brandIds}::bigint[] is null or r.brand_id = any(${brandIds}::bigint[]))
        -- for the index by start; no zone is further away than a day
        and r.starts_at between ${from}::date - interval '1 day' and ${to}::date + interval '2 days'
        and r.local_start::date between ${from}::date and ${to}::date
      group by 1, 2
      order by 2, 1`.execute(trx)
    return rows
  })
}
