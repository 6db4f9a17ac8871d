/**
 * A winery's reservations, searched, filtered and sorted, page by page. What is shown is what `reporting.reservations`
 * shows.
 */

import { type RawBuilder, sql } from 'kysely'
import type { reservationSorts } from '../contract/api/reservation.ts'
import type { ReservationStatus } from '../contract/vocabulary.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import type { Viewer } from './customers-search.ts'
import { searchWords } from './search-words.ts'

export type ReservationSort = (typeof reservationSorts)[number]

export type ReservationFilter = {
  brandIds?: Id[] | undefined
  /** Days of the business, both included: `2026-05-31`. */
  from?: string | undefined
  to?: string | undefined
  statuses?: ReservationStatus[] | undefined
  /** Tock's number of it; `walk-in` for walk-ins. */
  experienceId?: string | undefined
  /** By name; null: not mapped. */
  reservationType?: string | null | undefined
  location?: string | null | undefined
  /** Tock's number of it; null: seated nowhere yet. */
  seatingAreaId?: string | null | undefined
  customerId?: Id | undefined
  isVisit?: boolean | undefined
  /** No longer in Tock. */
  missing?: boolean | undefined
  firstSeenPull?: Id | undefined
  changedInPull?: Id | undefined
  /** In the party's and the guest's name, the guest's e-mail address, notes, and Tock's number. */
  text?: string | undefined
}

export type ListedReservation = {
  reservationId: Id
  brand: string
  tockKey: string
  partyName: string | null
  startsAt: Date
  /** On the business's clock, `2026-05-31T14:30:00`. */
  localStart: string
  timeZone: string
  experienceId: string | null
  experience: string | null
  reservationType: string | null
  status: ReservationStatus
  tockState: string | null
  isCancelled: boolean
  partySize: number | null
  notes: string | null
  location: string | null
  seatingArea: string | null
  customerId: Id | null
  customerEmail: string | null
  guestEmail: string | null
  guestFirstName: string | null
  guestLastName: string | null
  isVisit: boolean
  tockCreatedAt: Date | null
  tockUpdatedAt: Date | null
  firstSeenPull: Id
  changedInPull: Id
  missingSince: Date | null
  /** Its place in the order that was asked for, to go on from: exact to the microsecond, which a Date is not. */
  sortedBy: string
}

/** Where a page ended. */
export type ReservationPlace = { sortedBy: string; reservationId: Id }

export async function searchReservations(
  db: Db,
  wineryId: Id,
  viewer: Viewer,
  filter: ReservationFilter,
  page: { sort: ReservationSort; after: ReservationPlace | null; limit: number },
): Promise<ListedReservation[]> {
  return inWinery(db, wineryId, async (trx) => {
    const where = await conditions(trx, wineryId, viewer, filter)
    const descending = page.sort.startsWith('-')
    const key = page.sort.endsWith('startsAt')
      ? sql`r.starts_at`
      : sql`coalesce(r.created_at, '-infinity'::timestamptz)`
    const order = descending
      ? sql`order by ${key} desc, r.reservation_id desc`
      : sql`order by ${key}, r.reservation_id`
    const onward =
      page.after === null
        ? sql`true`
        : sql`(${key}, r.reservation_id) ${descending ? sql`<` : sql`>`}
            (${page.after.sortedBy}::timestamptz, ${page.after.reservationId}::bigint)`
    // Each brand's own first ones, out of its index; then the first of all brands; then what is shown of these few.
    const { rows } = await sql<ListedReservation>`
      with page as materialized (
        select r.brand_id, r.business_id, r.tock_key
        from unnest(${where.brandIds}::bigint[]) as wanted (brand_id)
        cross join lateral (
          select r.brand_id, r.business_id, r.tock_key, r.starts_at, r.created_at, r.reservation_id
          from ecellar.reservation_facts r
          where r.winery_id = ${wineryId} and r.brand_id = wanted.brand_id and ${where.sql} and ${onward}
          ${order}
          limit ${page.limit}
        ) r
        ${order}
        limit ${page.limit}
      )
      select r.*
      from page
      cross join lateral (
        -- One by one: the planner would put the many joins behind it first, over all reservations.
        select ${reservationColumns}, ${key}::text as "sortedBy", r.starts_at, r.created_at, r.reservation_id
        from ecellar.reservation_facts r
        where r.winery_id = ${wineryId} and r.brand_id = page.brand_id and r.business_id = page.business_id
          and r.tock_key = page.tock_key
        limit 1
      ) r
      ${order}`.execute(trx)
    return rows
  })
}

export async function countReservations(
  db: Db,
  wineryId: Id,
  viewer: Viewer,
  filter: ReservationFilter,
): Promise<number> {
  return inWinery(db, wineryId, async (trx) => {
    const where = await conditions(trx, wineryId, viewer, filter)
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count
      from ecellar.reservation_facts r
      where r.winery_id = ${wineryId} and r.brand_id = any(${where.brandIds}::bigint[]) and ${where.sql}`.execute(
      trx,
    )
    return rows[0]?.count ?? 0
  })
}

/** One, by Tock's number at its brand; a brand that changed its business may have two: the present business's. */
export async function readReservation(
  db: Db,
  wineryId: Id,
  brandId: Id,
  tockKey: string,
): Promise<ListedReservation | null> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ListedReservation>`
      select ${reservationColumns}, r.starts_at::text as "sortedBy"
      from ecellar.brand_businesses bb
      join ecellar.brands b on b.winery_id = bb.winery_id and b.brand_id = bb.brand_id
      join ecellar.reservation_facts r
        on r.winery_id = bb.winery_id and r.brand_id = bb.brand_id and r.business_id = bb.business_id
      where bb.winery_id = ${wineryId} and bb.brand_id = ${brandId} and r.tock_key = ${tockKey} collate "C"
      order by bb.business_id = b.business_id desc, r.starts_at desc
      limit 1`.execute(trx)
    return rows[0] ?? null
  })
}

const reservationColumns = sql`
  r.reservation_id as "reservationId",
  r.brand,
  r.tock_key as "tockKey",
  r.party_name as "partyName",
  r.starts_at as "startsAt",
  to_char(r.local_start, 'YYYY-MM-DD"T"HH24:MI:SS') as "localStart",
  r.time_zone as "timeZone",
  r.experience_id as "experienceId",
  r.experience,
  r.reservation_type as "reservationType",
  r.status,
  r.tock_state as "tockState",
  r.is_cancelled as "isCancelled",
  r.party_size as "partySize",
  r.notes,
  r.location,
  r.seating_area as "seatingArea",
  r.customer_id as "customerId",
  r.customer_email as "customerEmail",
  r.guest_email as "guestEmail",
  r.guest_first_name as "guestFirstName",
  r.guest_last_name as "guestLastName",
  r.is_visit as "isVisit",
  r.created_at as "tockCreatedAt",
  r.updated_at as "tockUpdatedAt",
  r.first_seen_pull as "firstSeenPull",
  r.changed_in_pull as "changedInPull",
  r.missing_since as "missingSince"`

/** The brands to look at, and what else has to be so of `r`. */
async function conditions(
  trx: WineryTransaction,
  wineryId: Id,
  viewer: Viewer,
  filter: ReservationFilter,
): Promise<{ brandIds: Id[]; sql: RawBuilder<unknown> }> {
  const given = <Value>(value: Value | undefined, condition: (value: Value) => RawBuilder<unknown>) =>
    value === undefined ? [] : [condition(value)]
  const guests =
    filter.customerId === undefined ? undefined : await guestIds(trx, wineryId, filter.customerId)
  const all = [
    sql`true`,
    // The bounds of the instant are wider than any zone, for the index; the local day is exact.
    ...given(
      filter.from,
      (day) =>
        sql`r.starts_at >= ${day}::timestamp at time zone 'UTC' - interval '15 hours' and r.local_start >= ${day}::date`,
    ),
    ...given(
      filter.to,
      (day) =>
        sql`r.starts_at < ${day}::timestamp at time zone 'UTC' + interval '39 hours' and r.local_start < ${day}::date + 1`,
    ),
    ...given(filter.statuses, (statuses) => sql`r.status = any(${statuses}::text[])`),
    ...given(filter.experienceId, (id) => sql`r.experience_id = ${id} collate "C"`),
    ...given(
      filter.reservationType,
      (name) => sql`lower(r.reservation_type) is not distinct from lower(${name}::text)`,
    ),
    ...given(filter.location, (name) => sql`lower(r.location) is not distinct from lower(${name}::text)`),
    ...given(filter.seatingAreaId, (id) => sql`r.seating_area_id is not distinct from ${id} collate "C"`),
    // Reservations have no index on their customer: they are found through his guests.
    ...given(guests, (ids) => sql`r.guest_patron_id = any(${ids}::text[] collate "C")`),
    ...given(filter.customerId, (id) => sql`r.customer_id = ${id}`),
    ...given(filter.isVisit, (isVisit) => sql`r.is_visit = ${isVisit}`),
    ...given(filter.missing, (missing) =>
      missing ? sql`r.missing_since is not null` : sql`r.missing_since is null`,
    ),
    ...given(filter.firstSeenPull, (pull) => sql`r.first_seen_pull = ${pull}`),
    ...given(filter.changedInPull, (pull) => sql`r.changed_in_pull = ${pull}`),
    ...given(filter.text, (text) => hasWords(viewer, text)),
  ]
  return { brandIds: await brandsToLookAt(trx, wineryId, viewer, filter), sql: sql.join(all, sql` and `) }
}

async function brandsToLookAt(
  trx: WineryTransaction,
  wineryId: Id,
  viewer: Viewer,
  filter: ReservationFilter,
): Promise<Id[]> {
  const brands = await trx.selectFrom('brands').select('brand_id').where('winery_id', '=', wineryId).execute()
  return brands
    .map((brand) => brand.brand_id)
    .filter((id) => viewer.brandIds === null || viewer.brandIds.includes(id))
    .filter((id) => filter.brandIds === undefined || filter.brandIds.includes(id))
}

async function guestIds(trx: WineryTransaction, wineryId: Id, customerId: Id): Promise<string[]> {
  const { rows } = await sql<{ patron_id: string }>`
    select distinct patron_id from ecellar.patrons
    where winery_id = ${wineryId} and customer_id = ${customerId}`.execute(trx)
  return rows.map((row) => row.patron_id)
}

/** Who sees no names, addresses and notes could find them out by trying: to them only Tock's number answers. */
function hasWords({ inFull }: Viewer, text: string): RawBuilder<unknown> {
  const words = searchWords(text).map(({ pattern, text: word }) => {
    const isNumber = sql`(r.tock_key in (${word}, ${`r:${word}`}, ${`w:${word}`}))`
    if (!inFull) return isNumber
    return sql`(${isNumber} or r.party_name ~ ${pattern} or r.guest_last_name ~ ${pattern}
      or r.guest_first_name ~ ${pattern} or r.guest_email ~ ${pattern} or r.notes ~ ${pattern})`
  })
  return words.length === 0 ? sql`true` : sql.join(words, sql` and `)
}
