/** What people read at a glance: reservations and guests per week, experiences by status, first visits. */

import { sql } from 'kysely'
import type { ReservationStatus } from '../contract/vocabulary.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'

type Span = { winery: string; brands: string[] | null; from: Date; to: Date }

/** @param of `brands`: Brand Codes; null: all. Weeks begin on Monday, on the business's clock. */
export function readHomeCharts(
  db: Db,
  wineryId: Id,
  of: { winery: string; brands: string[] | null; weeks: number; now: Date },
) {
  const to = new Date(of.now)
  const from = new Date(of.now.getTime() - of.weeks * 7 * 86_400_000)
  const span = { winery: of.winery, brands: of.brands, from, to }
  return inWinery(db, wineryId, async (trx) => ({
    weeks: await weeklyFigures(trx, span),
    experiences: await experienceFigures(trx, span),
  }))
}

async function weeklyFigures(trx: WineryTransaction, { winery, brands, from, to }: Span) {
  const { rows } = await sql<{
    week: string
    brand: string
    reservations: number
    guests: number
    cancelled: number
    transferred: number
    firstTime: number
    returning: number
  }>`
    with visits as (
      select
        brand,
        customer_id,
        local_start::date as day,
        -- Over all brands: who has been at the other one is no stranger here.
        min(local_start::date) over (partition by customer_id) as first_day,
        bool_or(${isInSpan({ from, to })}) as in_span
      from reporting.reservations
      where winery = ${winery} and is_visit and customer_id is not null
      group by brand, customer_id, local_start::date
    ),
    came as (
      select
        date_trunc('week', day)::date as week,
        brand,
        count(*) filter (where day = first_day)::int as first_time,
        count(*) filter (where day > first_day)::int as returning
      from visits
      where in_span and (${brands}::text[] is null or brand = any(${brands}::text[]))
      group by 1, 2
    ),
    booked as (
      select
        date_trunc('week', local_start)::date as week,
        brand,
        count(*) filter (where status not in ('Cancelled', 'Transferred'))::int as reservations,
        coalesce(sum(party_size) filter (where status not in ('Cancelled', 'Transferred')), 0)::int as guests,
        count(*) filter (where status = 'Cancelled')::int as cancelled,
        count(*) filter (where status = 'Transferred')::int as transferred
      from reporting.reservations
      where winery = ${winery}
        and missing_since is null
        and (${brands}::text[] is null or brand = any(${brands}::text[]))
        and ${isInSpan({ from, to })}
      group by 1, 2
    )
    select
      week::text as week,
      brand,
      coalesce(b.reservations, 0) as reservations,
      coalesce(b.guests, 0) as guests,
      coalesce(b.cancelled, 0) as cancelled,
      coalesce(b.transferred, 0) as transferred,
      coalesce(c.first_time, 0) as "firstTime",
      coalesce(c.returning, 0) as returning
    from booked b
    -- What Tock no longer shows is not booked any more; a visit it was all the same.
    full join came c using (week, brand)
    order by week, brand`.execute(trx)
  return rows
}

/** From the Monday of the week of `from`, on the business's clock, to the instant `to`. */
function isInSpan({ from, to }: Pick<Span, 'from' | 'to'>) {
  return sql<boolean>`(local_start >= date_trunc('week', ${from}::timestamptz at time zone time_zone)
    and starts_at < ${to}::timestamptz)`
}

async function experienceFigures(trx: WineryTransaction, { winery, brands, from, to }: Span) {
  const { rows } = await sql<{ experience: string | null; status: ReservationStatus; reservations: number }>`
    select experience, status, count(*)::int as reservations
    from reporting.reservations
    where winery = ${winery}
      and missing_since is null
      and (${brands}::text[] is null or brand = any(${brands}::text[]))
      and ${isInSpan({ from, to })}
    group by experience, status
    order by count(*) desc, experience, status`.execute(trx)
  return rows
}
