/** Guests get another customer, or none, and are remembered with it for every later pull. */

import { type RawBuilder, sql } from 'kysely'
import type { Id } from '../../database/rows.ts'
import type { WineryTransaction } from '../../database/tenant-session.ts'

export type Guest = { businessGroupId: string; patronId: string }
export type Moved = { guests: number; reservations: number }

/** The guests `p` of a winery for whom a condition holds. */
export async function findGuests(
  trx: WineryTransaction,
  wineryId: Id,
  condition: RawBuilder<boolean>,
): Promise<Guest[]> {
  const { rows } = await sql<Guest>`
    select p.business_group_id as "businessGroupId", p.patron_id as "patronId"
    from ecellar.patrons p
    where p.winery_id = ${wineryId} and ${condition}
    order by 1, 2`.execute(trx)
  return rows
}

/** The reservations follow at once, with their history: pulls only follow links that they make themselves. */
export async function moveGuests(
  trx: WineryTransaction,
  wineryId: Id,
  guests: Guest[],
  customerId: Id | null,
): Promise<Moved> {
  if (guests.length === 0) return { guests: 0, reservations: 0 }
  await sql`
    update ecellar.patrons p
    set customer_id = ${customerId}::bigint,
      -- Who is nobody's has his words acted on again, once he is somebody's.
      consent_acted_on = case when ${customerId}::bigint is not null then p.consent_acted_on end
    where p.winery_id = ${wineryId} and ${areGuests(guests)}`.execute(trx)
  const { rows } = await sql<{ followed: number }>`
    with before as (
      select r.brand_id, r.reservation_id, r.business_id, r.tock_key, r.customer_id
      from ecellar.reservations r
      join ecellar.brand_businesses bb
        on bb.winery_id = r.winery_id and bb.brand_id = r.brand_id and bb.business_id = r.business_id
      join unnest(${guests.map((guest) => guest.businessGroupId)}::text[], ${guests.map((guest) => guest.patronId)}::text[])
        as g (business_group_id, patron_id)
        on g.business_group_id = bb.business_group_id and g.patron_id = r.guest_patron_id
      where r.winery_id = ${wineryId}
        -- By the index: without it the planner would rather read all of a winery's.
        and r.guest_patron_id = any(${guests.map((guest) => guest.patronId)}::text[] collate "C")
        and r.customer_id is distinct from ${customerId}::bigint
    ), followed as (
      update ecellar.reservations r set customer_id = ${customerId}::bigint
      from before b
      where r.winery_id = ${wineryId} and r.brand_id = b.brand_id
        and r.business_id = b.business_id and r.tock_key = b.tock_key
    ), remembered as (
      insert into ecellar.changes (winery_id, brand_id, entity, entity_id, field, before, after, made_by)
      select ${wineryId}::bigint, brand_id, 'reservation', reservation_id, 'customer_id', customer_id::text,
        ${customerId}::text, 'staff'
      from before
    )
    select count(*)::int as followed from before`.execute(trx)
  return { guests: guests.length, reservations: rows[0]?.followed ?? 0 }
}

/** The guests are their customer's, whatever pulls find, and he keeps the address that he has. */
export async function rememberGuests(trx: WineryTransaction, wineryId: Id, guests: Guest[]): Promise<void> {
  await sql`
    update ecellar.patrons p
    set kept_email_key = p.email_key
    from ecellar.customers c
    where p.winery_id = ${wineryId} and ${areGuests(guests)}
      and c.winery_id = p.winery_id and c.customer_id = p.customer_id
      and p.email_key is distinct from c.email_key`.execute(trx)
  await sql`
    insert into ecellar.guest_decisions as d
      (winery_id, business_group_id, patron_id, customer_id, lead_key, kept_key, consent_acted_on)
    select p.winery_id, p.business_group_id, p.patron_id, p.customer_id, c.email_key, p.kept_email_key, p.consent_acted_on
    from ecellar.patrons p
    join ecellar.customers c on c.winery_id = p.winery_id and c.customer_id = p.customer_id
    where p.winery_id = ${wineryId} and ${areGuests(guests)}
    on conflict (winery_id, business_group_id, patron_id) do update
    set customer_id = excluded.customer_id, lead_key = excluded.lead_key, kept_key = excluded.kept_key, apart_key = null,
      consent_acted_on = excluded.consent_acted_on, decided_at = excluded.decided_at`.execute(trx)
}

/** Nobody's, as long as they have the address that they have now. */
export async function rememberApart(trx: WineryTransaction, wineryId: Id, guests: Guest[]): Promise<void> {
  await sql`
    insert into ecellar.guest_decisions as d (winery_id, business_group_id, patron_id, apart_key)
    select p.winery_id, p.business_group_id, p.patron_id, p.email_key
    from ecellar.patrons p
    where p.winery_id = ${wineryId} and ${areGuests(guests)}
    on conflict (winery_id, business_group_id, patron_id) do update
    set customer_id = null, lead_key = null, kept_key = null, apart_key = excluded.apart_key, consent_acted_on = null,
      decided_at = excluded.decided_at`.execute(trx)
}

/** Whoever has one of these addresses is that customer. */
export async function rememberAddresses(
  trx: WineryTransaction,
  wineryId: Id,
  keys: string[],
  customerId: Id,
): Promise<void> {
  await sql`
    insert into ecellar.address_decisions as d (winery_id, email_key, customer_id, lead_key)
    select c.winery_id, key, c.customer_id, c.email_key
    from ecellar.customers c
    cross join unnest(${keys}::text[]) as key
    where c.winery_id = ${wineryId} and c.customer_id = ${customerId}
    on conflict (winery_id, email_key) do update
    set customer_id = excluded.customer_id, lead_key = excluded.lead_key, decided_at = excluded.decided_at`.execute(
    trx,
  )
}

function areGuests(guests: Guest[]): RawBuilder<boolean> {
  return sql<boolean>`(p.business_group_id, p.patron_id) in (
    select * from unnest(
      ${guests.map((guest) => guest.businessGroupId)}::text[] collate "C",
      ${guests.map((guest) => guest.patronId)}::text[] collate "C"))`
}
