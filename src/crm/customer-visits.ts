/** A customer's visits (rule 13), from stored facts at the moment when somebody asks. */

import { type RawBuilder, sql } from 'kysely'
import type { Id } from '../database/rows.ts'

/** A visit is a day at a brand. Days are the business's, as `2026-05-31`. */
export type Visits = {
  visits: number
  /** Seen to come: Arrived, Seated, Completed. The others are assumed: past, and nobody said otherwise. */
  visitsAttended: number
  firstVisitOn: string | null
  lastVisitOn: string | null
  nextVisitOn: string | null
}

/**
 * One row, for a lateral join. Reservations have no index on their customer; they are found through his guests.
 * @param brandIds only there; null: everywhere
 * @param brandId this brand alone, of the statement that it is joined to
 */
export function visitsOf(
  wineryId: Id,
  customerId: RawBuilder<unknown> | Id,
  brandIds: Id[] | null,
  brandId: RawBuilder<unknown> = sql`r.brand_id`,
): RawBuilder<Visits> {
  return sql<Visits>`
    select
      count(distinct (r.brand_id, r.local_start::date)) filter (where r.is_visit)::int as visits,
      count(distinct (r.brand_id, r.local_start::date)) filter (where r.is_attended)::int as "visitsAttended",
      (min(r.local_start) filter (where r.is_visit))::date::text as "firstVisitOn",
      (max(r.local_start) filter (where r.is_visit))::date::text as "lastVisitOn",
      (min(r.local_start) filter (where r.is_upcoming))::date::text as "nextVisitOn"
    from ecellar.reservation_facts r
    where r.winery_id = ${wineryId}
      and r.guest_patron_id = any(${guestsOf(wineryId, customerId)})
      and r.customer_id = ${customerId}
      and r.brand_id = ${brandId}
      and ${brandIds === null ? sql`true` : sql`r.brand_id = any(${brandIds}::bigint[])`}`
}

/** As an array, not a subquery: the planner would rather read all reservations of a winery than join one customer's. */
export function guestsOf(wineryId: Id, customerId: RawBuilder<unknown> | Id): RawBuilder<string[]> {
  return sql<string[]>`array(
    select p.patron_id from ecellar.patrons p
    where p.winery_id = ${wineryId} and p.customer_id = ${customerId})`
}

/** Of customers `c`: has a reservation at one of the brands, whatever became of it. */
export function bookedAt(wineryId: Id, brandIds: Id[]): RawBuilder<boolean> {
  return sql<boolean>`c.customer_id in (
    select r.customer_id from ecellar.reservations r
    where r.winery_id = ${wineryId} and r.brand_id = any(${brandIds}::bigint[]))`
}
