/** Takes a person off reservations, stored and waiting ones; the reservations stay. */

import { sql } from 'kysely'
import type { Id } from '../database/rows.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import type { Person } from './person-to-erase.ts'

/** @returns how many stored reservations lost the person, and guests that only reservations knew */
export async function eraseReservations(
  trx: WineryTransaction,
  wineryId: Id,
  person: Person,
): Promise<{ reservations: number; patronsWithoutRow: Person['patrons'] }> {
  const scope = { wineryId, ...asArrays(person) }
  const asGuest = await clearGuest(trx, scope)
  const asOwner = await clearOwner(trx, scope)
  await clearMentions(trx, scope)
  await clearWaiting(trx, scope)
  const ids = [...new Set([...asGuest.map((row) => row.reservation_id), ...asOwner])]
  await forgetHistory(trx, wineryId, ids)
  const known = new Set(person.patrons.map((patron) => `${patron.businessGroupId}/${patron.patronId}`))
  const without = new Map(
    asGuest
      .filter((row) => row.loose_patron_id !== null)
      .map((row) => [
        `${row.business_group_id}/${row.loose_patron_id}`,
        { businessGroupId: row.business_group_id ?? '', patronId: row.loose_patron_id ?? '' },
      ]),
  )
  for (const key of known) without.delete(key)
  return { reservations: ids.length, patronsWithoutRow: [...without.values()] }
}

type Scope = {
  wineryId: Id
  customerIds: string[]
  groups: string[]
  patronIds: string[]
  emailKeys: string[]
  guestEmails: string[]
  fullNames: string[]
}

/** A business belongs to one group; patron ids are the group's. */
const groupOf = sql`(
  select bb.business_group_id
  from ecellar.brand_businesses bb
  where bb.winery_id = r.winery_id and bb.brand_id = r.brand_id and bb.business_id = r.business_id
  union all
  select b.business_group_id
  from ecellar.brands b
  where b.winery_id = r.winery_id and b.brand_id = r.brand_id
  limit 1)`

const isPatron = (column: 'guest_patron_id' | 'owner_patron_id', scope: Scope) => sql<boolean>`(
  r.${sql.ref(column)} = any(${scope.patronIds}::text[] collate "C")
  and (${groupOf}, r.${sql.ref(column)}) in (
    select * from unnest(${scope.groups}::text[] collate "C", ${scope.patronIds}::text[] collate "C")))`

async function clearGuest(trx: WineryTransaction, scope: Scope) {
  const { rows } = await sql<{
    reservation_id: Id
    business_group_id: string | null
    loose_patron_id: string | null
  }>`
    with theirs as (
      select r.winery_id, r.brand_id, r.business_id, r.tock_key, r.guest_patron_id, ${groupOf} as business_group_id
      from ecellar.reservations r
      where r.winery_id = ${scope.wineryId}
        and (r.customer_id = any(${scope.customerIds}::bigint[])
          or ${isPatron('guest_patron_id', scope)}
          or r.guest_email = any(${scope.guestEmails}::text[]))
    )
    update ecellar.reservations r
    set
      party_name = null,
      notes = null,
      guest_email = null,
      guest_first_name = null,
      guest_last_name = null,
      guest_patron_id = null,
      customer_id = null,
      owner_patron_id = case when ${isPatron('owner_patron_id', scope)} then null else r.owner_patron_id end
    from theirs t
    where r.winery_id = t.winery_id
      and r.brand_id = t.brand_id
      and r.business_id = t.business_id
      and r.tock_key = t.tock_key
    returning
      r.reservation_id,
      t.business_group_id,
      case when not exists (
        select from ecellar.patrons p
        where p.winery_id = t.winery_id
          and p.business_group_id = t.business_group_id
          and p.patron_id = t.guest_patron_id
      ) then t.guest_patron_id end as loose_patron_id`.execute(trx)
  return rows
}

/** Where the person booked for somebody else: the diner stays, the booker's name does not. */
async function clearOwner(trx: WineryTransaction, scope: Scope): Promise<Id[]> {
  const { rows } = await sql<{ reservation_id: Id }>`
    update ecellar.reservations r
    set
      owner_patron_id = null,
      party_name = case
        when lower(r.party_name) = lower(concat_ws(' ', r.guest_first_name, r.guest_last_name)) then r.party_name
      end,
      notes = case
        when exists (
          select from unnest(${scope.fullNames}::text[]) as name
          where position(name in lower(r.notes)) > 0
        ) then null
        else r.notes
      end
    where r.winery_id = ${scope.wineryId}
      and ${isPatron('owner_patron_id', scope)}
    returning r.reservation_id`.execute(trx)
  return rows.map((row) => row.reservation_id)
}

/** Free text in which the address stands, on anybody's reservation. */
async function clearMentions(trx: WineryTransaction, scope: Scope): Promise<void> {
  const mentions = (column: string) => sql<boolean>`exists (
    select from unnest(${scope.emailKeys}::text[]) as key
    where position(key in lower(${sql.ref(column)})) > 0)`
  for (const table of ['reservations', 'waiting_reservations'] as const) {
    for (const column of ['notes', 'party_name'] as const) {
      await sql`
        update ${sql.table(`ecellar.${table}`)}
        set ${sql.ref(column)} = null
        where winery_id = ${scope.wineryId}
          and ${mentions(column)}`.execute(trx)
    }
  }
  await sql`
    delete from ecellar.changes
    where winery_id = ${scope.wineryId}
      and entity = 'reservation'
      and (${mentions('before')} or ${mentions('after')})`.execute(trx)
}

/** A waiting pull's rows were staged before the erasure, so that nothing else would stop them (rule 8). */
async function clearWaiting(trx: WineryTransaction, scope: Scope): Promise<void> {
  const group = sql`(
    select b.business_group_id
    from ecellar.pulls p
    join ecellar.brands b on b.winery_id = p.winery_id and b.brand_id = p.brand_id
    where p.winery_id = s.winery_id and p.pull_id = s.pull_id)`
  const isTheirs = (column: string) => sql<boolean>`(
    s.${sql.ref(column)} = any(${scope.patronIds}::text[] collate "C")
    and (${group}, s.${sql.ref(column)}) in (
      select * from unnest(${scope.groups}::text[] collate "C", ${scope.patronIds}::text[] collate "C")))`
  await sql`
    update ecellar.waiting_reservations s
    set party_name = null, notes = null, guest_patron_id = null, guest_email = null, guest_email_key = null,
      guest_first_name = null, guest_last_name = null,
      owner_patron_id = case when ${isTheirs('owner_patron_id')} then null else s.owner_patron_id end
    where s.winery_id = ${scope.wineryId}
      and (${isTheirs('guest_patron_id')} or s.guest_email_key = any(${scope.emailKeys}::text[] collate "C"))`.execute(
    trx,
  )
  await sql`
    update ecellar.waiting_reservations s
    set owner_patron_id = null, party_name = null
    where s.winery_id = ${scope.wineryId} and ${isTheirs('owner_patron_id')}`.execute(trx)
  await sql`
    update ecellar.waiting_guests s
    set patron_id = null, email = null, email_key = null, first_name = null, last_name = null, opt_in = null,
      opt_in_source = null, date_opted_in = null
    where s.winery_id = ${scope.wineryId}
      and (${isTheirs('patron_id')} or s.email_key = any(${scope.emailKeys}::text[] collate "C"))`.execute(
    trx,
  )
}

/** What these reservations' names, notes and guests were before; their times and statuses stay remembered. */
async function forgetHistory(trx: WineryTransaction, wineryId: Id, reservationIds: Id[]): Promise<void> {
  await sql`
    delete from ecellar.changes
    where winery_id = ${wineryId}
      and entity = 'reservation'
      and entity_id = any(${reservationIds}::bigint[])
      and lower(replace(field, '_', '')) in ('partyname', 'notes', 'guestemail', 'guestfirstname', 'guestlastname',
        'guestpatronid', 'ownerpatronid', 'customerid', 'customer')`.execute(trx)
}

function asArrays(person: Person): Omit<Scope, 'wineryId'> {
  return {
    customerIds: person.customers.map((customer) => customer.customerId),
    groups: person.patrons.map((patron) => patron.businessGroupId),
    patronIds: person.patrons.map((patron) => patron.patronId),
    emailKeys: person.emailKeys,
    guestEmails: person.guestEmails,
    fullNames: person.fullNames,
  }
}
