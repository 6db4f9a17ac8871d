/** Everything by which one person is known in a winery: what an erasure has to find. */

import { sql } from 'kysely'
import { emailKey } from '../contract/email-address.ts'
import type { Id } from '../database/rows.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'

export type Person = {
  customers: { customerId: Id; ecellarCustomerId: string | null }[]
  patrons: { businessGroupId: string; patronId: string }[]
  /** Addresses that lead to nobody else: they are hashed, and removed wherever they stand. */
  emailKeys: string[]
  /** The same as guests' reservations spell them. */
  guestEmails: string[]
  /** "first last", in lower case. */
  fullNames: string[]
}

/**
 * By address: the customers that have it. Where none has it, the one customer whose guests have it, or whose it is by a
 * decision; where these lead to several, the address alone. By id: that customer alone; an address that another customer
 * has too stays theirs. Whoever was found to be the same person is found with them.
 */
export async function findPerson(
  trx: WineryTransaction,
  wineryId: Id,
  who: { emailKey: string } | { customerId: Id },
): Promise<Person> {
  const customers = await withSamePerson(trx, wineryId, await findCustomers(trx, wineryId, who))
  const ids = customers.map((customer) => customer.customer_id)
  const asked = 'emailKey' in who ? [who.emailKey] : []
  const patrons = await sql<PatronRow>`
    select p.business_group_id, p.patron_id, p.first_name, p.last_name,
      array_remove(array[p.email_key, p.profile_email_key, p.booking_email_key, p.kept_email_key], null) as keys
    from ecellar.patrons p
    where p.winery_id = ${wineryId}
      and (p.customer_id = any(${ids}::bigint[])
        or (p.customer_id is null
          and array[p.email_key, p.profile_email_key, p.booking_email_key] && ${asked}::text[] collate "C"))`.execute(
    trx,
  )
  const ownKeys = customers.flatMap(({ email_key }) => (email_key === null ? [] : [email_key]))
  const decided = await sql<{ email_key: string }>`
    select d.email_key from ecellar.address_decisions d
    where d.winery_id = ${wineryId} and d.customer_id = any(${ids}::bigint[])`.execute(trx)
  const guestKeys = [
    ...patrons.rows.flatMap((patron) => patron.keys),
    ...decided.rows.map((row) => row.email_key),
  ]
  const others = await sql<{ email_key: string }>`
    select c.email_key
    from ecellar.customers c
    where c.winery_id = ${wineryId}
      and c.email_key = any(${[...ownKeys, ...guestKeys]}::text[] collate "C")
      and c.customer_id <> all(${ids}::bigint[])
    union
    -- A concierge's address is not the guest's.
    select s.email_key
    from ecellar.shared_addresses s
    where s.winery_id = ${wineryId}
      and s.is_shared
      and s.email_key = any(${guestKeys}::text[] collate "C")
      and s.email_key <> all(${ownKeys}::text[] collate "C")`.execute(trx)
  const notTheirs = new Set(others.rows.map((row) => row.email_key))
  const theirs = [...ownKeys, ...guestKeys].filter((key) => !notTheirs.has(key))
  const emailKeys = [...new Set([...asked, ...theirs])]
  return {
    customers: customers.map((row) => ({
      customerId: row.customer_id,
      ecellarCustomerId: row.ecellar_customer_id,
    })),
    patrons: patrons.rows.map((row) => ({
      businessGroupId: row.business_group_id,
      patronId: row.patron_id,
    })),
    emailKeys,
    guestEmails: await findSpellings(trx, wineryId, emailKeys),
    fullNames: [...new Set([...customers, ...patrons.rows].flatMap(fullName))],
  }
}

type CustomerRow = {
  customer_id: Id
  ecellar_customer_id: string | null
  email_key: string | null
  first_name: string | null
  last_name: string | null
}
type PatronRow = {
  business_group_id: string
  patron_id: string
  first_name: string | null
  last_name: string | null
  keys: string[]
}

async function findCustomers(
  trx: WineryTransaction,
  wineryId: Id,
  who: { emailKey: string } | { customerId: Id },
): Promise<CustomerRow[]> {
  const customersWhere = async (condition: ReturnType<typeof sql<boolean>>) =>
    (
      await sql<CustomerRow>`
        select c.customer_id, c.ecellar_customer_id, c.email_key, c.first_name, c.last_name
        from ecellar.customers c
        where c.winery_id = ${wineryId} and ${condition}`.execute(trx)
    ).rows
  if ('customerId' in who) return customersWhere(sql<boolean>`c.customer_id = ${who.customerId}::bigint`)
  const direct = await customersWhere(sql<boolean>`c.email_key = ${who.emailKey}`)
  if (direct.length > 0) return direct
  const throughGuests = await customersWhere(sql<boolean>`
    c.customer_id in (
      select p.customer_id
      from ecellar.patrons p
      where p.winery_id = ${wineryId}
        and ${who.emailKey} in (p.email_key, p.profile_email_key, p.booking_email_key))
    and not exists (
      select from ecellar.shared_addresses s
      where s.winery_id = ${wineryId} and s.email_key = ${who.emailKey} and s.is_shared)`)
  return throughGuests.length === 1 ? throughGuests : []
}

/** A customer that a pull made stays, inactive, where it had been released: it stands for the same person. */
async function withSamePerson(
  trx: WineryTransaction,
  wineryId: Id,
  found: CustomerRow[],
): Promise<CustomerRow[]> {
  const ids = found.map((customer) => customer.customer_id)
  const { rows } = await sql<CustomerRow>`
    with theirs as (
      select coalesce(c.same_as, c.customer_id) as customer_id
      from ecellar.customers c
      where c.winery_id = ${wineryId} and c.customer_id = any(${ids}::bigint[])
    )
    select c.customer_id, c.ecellar_customer_id, c.email_key, c.first_name, c.last_name
    from ecellar.customers c
    where c.winery_id = ${wineryId}
      and (c.customer_id in (select customer_id from theirs) or c.same_as in (select customer_id from theirs))`.execute(
    trx,
  )
  return rows
}

/** SQL cannot make an address's key, so it narrows down by what stands before the @. */
async function findSpellings(trx: WineryTransaction, wineryId: Id, keys: string[]): Promise<string[]> {
  const localParts = keys.map((key) => key.slice(0, key.lastIndexOf('@')))
  const { rows } = await sql<{ guest_email: string }>`
    select distinct r.guest_email
    from ecellar.reservations r
    where r.winery_id = ${wineryId}
      and lower(normalize(btrim(split_part(r.guest_email, '@', 1)))) = any(${localParts}::text[])
    union
    select distinct s.guest_email
    from ecellar.waiting_reservations s
    where s.winery_id = ${wineryId}
      and s.guest_email_key = any(${keys}::text[] collate "C")`.execute(trx)
  const wanted = new Set(keys)
  return rows.map((row) => row.guest_email).filter((email) => wanted.has(emailKey(email) ?? ''))
}

function fullName(person: { first_name: string | null; last_name: string | null }): string[] {
  const name = [person.first_name, person.last_name].filter((part) => part !== null).join(' ')
  return name.trim() === '' ? [] : [name.trim().toLowerCase()]
}
