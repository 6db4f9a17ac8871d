/** A business of a brand becomes as if it had never been pulled, so that a right initial pull can follow. */

import { type RawBuilder, sql } from 'kysely'
import type { Id } from '../../database/rows.ts'
import type { WineryTransaction } from '../../database/tenant-session.ts'
import type { UndoPlace } from './undo-pull.ts'

/** Leaves `unbooked`, a temporary table of the guests who were named. @returns how many went; their history goes too */
export async function removeReservations(
  trx: WineryTransaction,
  { wineryId, brandId, businessId }: UndoPlace,
): Promise<number> {
  await sql`
    create temp table unbooked on commit drop as
    select distinct named.patron_id
    from ecellar.reservations r
    cross join lateral (values (r.guest_patron_id), (r.owner_patron_id)) named (patron_id)
    where r.winery_id = ${wineryId} and r.brand_id = ${brandId} and r.business_id = ${businessId}
      and named.patron_id is not null`.execute(trx)
  const { rows } = await sql<{ removed: number }>`
    with removed as (
      delete from ecellar.reservations
      where winery_id = ${wineryId} and brand_id = ${brandId} and business_id = ${businessId}
      returning reservation_id
    ), forgotten as (
      delete from ecellar.changes x using removed r
      where x.winery_id = ${wineryId} and x.entity = 'reservation' and x.entity_id = r.reservation_id
    )
    select count(*)::int as removed from removed`.execute(trx)
  return rows[0]?.removed ?? 0
}

/** After the customers: `going` names those who went. */
export async function forgetBusiness(trx: WineryTransaction, place: UndoPlace): Promise<void> {
  await takeBackNames(trx, place)
  await takeBackConsent(trx, place)
  await forgetGuests(trx, place)
  await forgetSnapshots(trx, place)
}

/** What the pulls wrote into empty names of existing customers, unless somebody edited them since. */
async function takeBackNames(trx: WineryTransaction, { wineryId, pullIds }: UndoPlace): Promise<void> {
  for (const field of ['first_name', 'last_name']) {
    await sql`
      with first as (
        select distinct on (x.entity_id) x.entity_id, x.before
        from ecellar.changes x
        where x.winery_id = ${wineryId} and x.pull_id = any(${pullIds}::bigint[])
          and x.entity = 'customer' and x.field = ${field}
        order by x.entity_id, x.change_id
      )
      update ecellar.customers c set ${sql.ref(field)} = first.before
      from first
      where c.winery_id = ${wineryId} and c.customer_id = first.entity_id
        and not exists (
          select from ecellar.changes later
          where later.winery_id = c.winery_id and later.entity = 'customer' and later.entity_id = c.customer_id
            and later.field = ${field} and not coalesce(later.pull_id = any(${pullIds}::bigint[]), false)
            and later.change_id > (
              select min(o.change_id) from ecellar.changes o
              where o.winery_id = c.winery_id and o.entity = 'customer' and o.entity_id = c.customer_id
                and o.field = ${field} and o.pull_id = any(${pullIds}::bigint[]))
        )`.execute(trx)
  }
  await sql`
    delete from ecellar.changes
    where winery_id = ${wineryId} and entity = 'customer' and pull_id = any(${pullIds}::bigint[])`.execute(
    trx,
  )
}

/** A yes that the pulls brought goes; a no stays: consent only tightens (rule 19). */
async function takeBackConsent(trx: WineryTransaction, { wineryId, pullIds }: UndoPlace): Promise<void> {
  await sql`
    with last as (
      select distinct on (k.customer_id) k.customer_id, k.before, k.after, k.pull_id
      from ecellar.consent_changes k
      where k.winery_id = ${wineryId}
      order by k.customer_id, k.consent_change_id desc
    ), loosened as (
      update ecellar.customers c set email_consent = 'unknown', consent_source = null
      from last
      where c.winery_id = ${wineryId} and c.customer_id = last.customer_id
        and last.pull_id = any(${pullIds}::bigint[]) and last.before = 'unknown' and last.after = 'in'
        and c.email_consent = 'in' and c.consent_source = 'tock'
      returning c.customer_id
    ), unheard as (
      -- What the guests say is acted on once: now it has to be again, where another brand's files say it too.
      update ecellar.patrons p set consent_acted_on = null
      from loosened
      where p.winery_id = ${wineryId} and p.customer_id = loosened.customer_id
    )
    delete from ecellar.consent_changes k using loosened
    where k.winery_id = ${wineryId} and k.customer_id = loosened.customer_id and k.pull_id = any(${pullIds}::bigint[])`.execute(
    trx,
  )
}

/** Of `ecellar.patrons p`, once the customers are gone: to one whom a pull created. */
const leadsToKept = sql`exists (
  select from ecellar.customers c
  where c.winery_id = p.winery_id and c.customer_id = p.customer_id and c.created_by = 'tock')`

/**
 * Guests are the group's. Where another of its businesses was pulled they stay, without what this one said of them;
 * otherwise only those stay who lead to a customer whom a pull created and who is kept.
 */
async function forgetGuests(
  trx: WineryTransaction,
  { wineryId, brandId, businessId }: UndoPlace,
): Promise<void> {
  const group = sql`(
    select bb.business_group_id from ecellar.brand_businesses bb
    where bb.winery_id = ${wineryId} and bb.brand_id = ${brandId} and bb.business_id = ${businessId})`
  const others = sql`exists (
    select from ecellar.brand_businesses o
    where o.winery_id = ${wineryId} and o.business_group_id = ${group} and o.initial_pull_id is not null
      and (o.brand_id, o.business_id) <> (${brandId}::bigint, ${businessId}))`
  await sql`
    delete from ecellar.patrons p
    where p.winery_id = ${wineryId} and p.business_group_id = ${group} and not ${others}
      and not ${leadsToKept}`.execute(trx)
  await sql`
    delete from ecellar.undone_guests u
    where u.winery_id = ${wineryId} and u.business_group_id = ${group} and not ${others}`.execute(trx)
  await sql`
    update ecellar.patrons p
    set
      customer_id = case when p.customer_id in (select customer_id from pg_temp.going) then null else p.customer_id end,
      diner_brand_id = nullif(p.diner_brand_id, ${brandId}),
      consent_acted_on = null
    where p.winery_id = ${wineryId} and p.business_group_id = ${group}
      and (p.diner_brand_id = ${brandId} or p.customer_id in (select customer_id from pg_temp.going))`.execute(
    trx,
  )
  await forgetBookings(trx, wineryId, group)
  // The others' files have to be read again: what they say of guests may have gone with this one.
  await sql`
    delete from ecellar.snapshot_files f
    using ecellar.brand_businesses bb
    where f.winery_id = ${wineryId} and bb.winery_id = f.winery_id and bb.brand_id = f.brand_id
      and bb.business_id = f.business_id and bb.business_group_id = ${group}`.execute(trx)
}

/** What only its reservations said of guests: as the remaining ones of the group say it, by the rule of `apply/people.ts`. */
async function forgetBookings(
  trx: WineryTransaction,
  wineryId: Id,
  group: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    create temp table still_booked on commit drop as
    select distinct on (named.patron_id)
      named.patron_id,
      bool_or(not named.dines) over (partition by named.patron_id) as books,
      case when named.dines then r.guest_email end as email,
      case when named.dines then r.guest_first_name end as first_name,
      case when named.dines then r.guest_last_name end as last_name,
      case when named.dines then r.updated_at end as booked_at,
      case when named.dines then r.tock_key end as booked_by
    from ecellar.reservations r
    join ecellar.brand_businesses bb
      on bb.winery_id = r.winery_id and bb.brand_id = r.brand_id and bb.business_id = r.business_id
    cross join lateral (values (r.guest_patron_id, true), (r.owner_patron_id, false)) named (patron_id, dines)
    where r.winery_id = ${wineryId} and bb.business_group_id = ${group}
      and named.patron_id in (select patron_id from pg_temp.unbooked)
    order by named.patron_id, named.dines desc, (r.guest_email is not null) desc, r.updated_at desc nulls last,
      r.tock_key desc`.execute(trx)
  await sql`
    delete from ecellar.patrons p
    where p.winery_id = ${wineryId} and p.business_group_id = ${group} and not p.has_profile
      and p.patron_id in (select patron_id from pg_temp.unbooked)
      and p.patron_id not in (select patron_id from pg_temp.still_booked)
      and not ${leadsToKept}`.execute(trx)
  // Reservations have no keys: where another address comes back, that of the customer who has it.
  const key = sql`case
    when b.email = p.booking_email then p.booking_email_key
    else (
      select c.email_key from ecellar.customers c
      where c.winery_id = p.winery_id and c.email_key = lower(btrim(b.email)) collate "C"
      limit 1)
    end`
  await sql`
    update ecellar.patrons p
    set
      is_booker = p.is_booker and coalesce(b.books, false),
      booking_email = b.email, booking_email_key = ${key}, booking_first_name = b.first_name,
      booking_last_name = b.last_name, booking_at = b.booked_at, booking_by = b.booked_by,
      email = coalesce(p.profile_email, b.email),
      email_key = case when p.profile_email is not null then p.profile_email_key else ${key} end,
      first_name = case when coalesce(p.profile_first_name, p.profile_last_name) is not null
        then p.profile_first_name else b.first_name end,
      last_name = case when coalesce(p.profile_first_name, p.profile_last_name) is not null
        then p.profile_last_name else b.last_name end
    from pg_temp.unbooked u
    left join pg_temp.still_booked b on b.patron_id = u.patron_id
    where p.winery_id = ${wineryId} and p.business_group_id = ${group} and p.patron_id = u.patron_id
      -- A kept customer's guest of whom nothing else speaks stays as it is known.
      and (b.patron_id is not null or p.has_profile)
      and p.booking_by is not null`.execute(trx)
  await sql`drop table pg_temp.unbooked, pg_temp.still_booked`.execute(trx)
}

/** Mappings stay: they are a person's work. Nightly pulls are switched off, as before an initial pull. */
async function forgetSnapshots(
  trx: WineryTransaction,
  { wineryId, brandId, businessId }: UndoPlace,
): Promise<void> {
  for (const stage of ['reservations', 'guests', 'files']) {
    await sql`
      delete from ${sql.table(`ecellar.waiting_${stage}`)} s
      using ecellar.pulls p
      where s.winery_id = ${wineryId} and p.winery_id = s.winery_id and p.pull_id = s.pull_id
        and p.brand_id = ${brandId}`.execute(trx)
  }
  await sql`
    update ecellar.pulls set status = 'superseded'
    where winery_id = ${wineryId} and brand_id = ${brandId} and status = 'waiting'`.execute(trx)
  await sql`
    delete from ecellar.exceptions
    where winery_id = ${wineryId} and brand_id = ${brandId} and not closed_by_person
      and (business_id is null or business_id = ${businessId})`.execute(trx)
  await sql`
    delete from ecellar.experiences x
    where x.winery_id = ${wineryId} and x.brand_id = ${brandId} and x.reservation_type_id is null and not x.ignored
      and not exists (
        select from ecellar.reservations r
        where r.winery_id = x.winery_id and r.brand_id = x.brand_id and r.experience_id = x.experience_id
      )`.execute(trx)
  await sql`
    delete from ecellar.seating_areas a
    where a.winery_id = ${wineryId} and a.brand_id = ${brandId} and a.location_id is null
      and not exists (
        select from ecellar.reservations r
        where r.winery_id = a.winery_id and r.brand_id = a.brand_id and r.seating_area_id = a.seating_area_id
      )`.execute(trx)
  await sql`
    update ecellar.brand_businesses
    set initial_pull_id = null, last_pull_id = null, last_snapshot_at = null, business_name = null, time_zone = null,
      matched_revision = 0
    where winery_id = ${wineryId} and brand_id = ${brandId} and business_id = ${businessId}`.execute(trx)
  await sql`
    update ecellar.brands set enabled_at = null
    where winery_id = ${wineryId} and brand_id = ${brandId} and business_id = ${businessId}`.execute(trx)
}
