/** What a person's decision on an exception does. All of it runs in the winery's transaction, under its lock. */

import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import { shareAddresses } from './web-store-settings.ts'

/** The parts of an exception that name what it is about. */
type About = { winery_id: string; subject: string }
type Guest = { wineryId: string; businessGroupId: string; patronId: string }

/** Of several customers with one address, the guests with it are this one. */
export async function linkAddress(trx: WineryTransaction, about: About, customerId: string): Promise<string> {
  await assertCustomer(trx, about.winery_id, customerId)
  const { rows } = await sql<{ business_group_id: string; patron_id: string }>`
    select business_group_id, patron_id from ecellar.patrons
    where winery_id = ${about.winery_id} and email_key = ${about.subject}`.execute(trx)
  let reservations = 0
  for (const { business_group_id, patron_id } of rows) {
    const guest = { wineryId: about.winery_id, businessGroupId: business_group_id, patronId: patron_id }
    reservations += await linkPatron(trx, guest, customerId)
  }
  return `Customer ${customerId} has ${rows.length} guests of this address now, with ${reservations} reservations.`
}

/** The guest is this customer, whoever it was linked to before. */
export async function linkGuest(trx: WineryTransaction, about: About, customerId: string): Promise<string> {
  await assertCustomer(trx, about.winery_id, customerId)
  const guest = guestOf(about)
  const reservations = await linkPatron(trx, guest, customerId)
  // Where the customer keeps another address, that is decided too.
  await keepAddress(trx, guest)
  return `Guest ${guest.patronId} is customer ${customerId} now, with ${reservations} reservations.`
}

export async function decideOnSharedAddress(
  trx: WineryTransaction,
  about: About,
  isShared: boolean,
): Promise<string> {
  if (isShared) {
    await shareAddresses(trx, about.winery_id, [about.subject])
    return 'The address is on the shared-address list: it becomes and matches no customer any more.'
  }
  await trx
    .insertInto('shared_addresses')
    .values({ winery_id: about.winery_id, email_key: about.subject, is_shared: false })
    .onConflict((conflict) => conflict.columns(['winery_id', 'email_key']).doUpdateSet({ is_shared: false }))
    .execute()
  return "The address is one person's: it will not be proposed again."
}

/** The guest's new address: the customer takes it over, or keeps the old one. */
export async function decideOnGuest(
  trx: WineryTransaction,
  about: About,
  choice: 'take' | 'keep',
): Promise<string> {
  const guest = guestOf(about)
  if (choice === 'take') return takeAddress(trx, guest)
  await keepAddress(trx, guest)
  return 'Closed. The customer keeps the address that it has.'
}

async function takeAddress(trx: WineryTransaction, guest: Guest): Promise<string> {
  const { rows } = await sql<{
    customer_id: string
    email: string
    email_key: string
    before: string | null
  }>`
    select c.customer_id, p.email, p.email_key, c.email as before
    from ecellar.patrons p
    join ecellar.customers c on c.winery_id = p.winery_id and c.customer_id = p.customer_id
    where ${isGuest(guest)} and p.email_key is not null`.execute(trx)
  const found = rows[0]
  if (!found) {
    throw new Refusal(
      'invalid',
      'This guest has no address and customer any more.',
      'Close it, with the reason alone.',
    )
  }
  const { customer_id, email, email_key, before } = found
  const other = await trx
    .selectFrom('customers')
    .select('customer_id')
    .where('winery_id', '=', guest.wineryId)
    .where('email_key', '=', email_key)
    .where('customer_id', '<>', customer_id)
    .executeTakeFirst()
  if (other) {
    throw new Refusal(
      'invalid',
      `The new address belongs to customer ${other.customer_id} meanwhile.`,
      'Close it, with the reason alone; the next pull lists it anew.',
    )
  }
  await trx
    .updateTable('customers')
    .set({ email, email_key, edited_at: new Date() })
    .where('winery_id', '=', guest.wineryId)
    .where('customer_id', '=', customer_id)
    .execute()
  await sql`
    insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by)
    values (${guest.wineryId}, 'customer', ${customer_id}, 'email', ${before}, ${email}, 'staff')`.execute(
    trx,
  )
  return `Customer ${customer_id} has the guest's new address now.`
}

async function keepAddress(trx: WineryTransaction, guest: Guest): Promise<void> {
  await sql`update ecellar.patrons p set kept_email_key = p.email_key where ${isGuest(guest)}`.execute(trx)
}

/** The reservations follow at once: pulls only follow links that they make themselves. */
async function linkPatron(trx: WineryTransaction, guest: Guest, customerId: string): Promise<number> {
  await sql`update ecellar.patrons p set customer_id = ${customerId} where ${isGuest(guest)}`.execute(trx)
  const { rows } = await sql<{ followed: number }>`
    with before as (
      select r.brand_id, r.reservation_id, r.business_id, r.tock_key, r.customer_id
      from ecellar.reservations r
      join ecellar.brand_businesses bb
        on bb.winery_id = r.winery_id and bb.brand_id = r.brand_id and bb.business_id = r.business_id
      where r.winery_id = ${guest.wineryId}
        and r.guest_patron_id = ${guest.patronId}
        and bb.business_group_id = ${guest.businessGroupId}
        and r.customer_id is distinct from ${customerId}::bigint
    ), followed as (
      update ecellar.reservations r set customer_id = ${customerId}
      from before b
      where r.winery_id = ${guest.wineryId} and r.brand_id = b.brand_id
        and r.business_id = b.business_id and r.tock_key = b.tock_key
    ), remembered as (
      insert into ecellar.changes (winery_id, brand_id, entity, entity_id, field, before, after, made_by)
      select ${guest.wineryId}::bigint, brand_id, 'reservation', reservation_id, 'customer_id', customer_id::text,
        ${customerId}::text, 'staff'
      from before
    )
    select count(*)::int as followed from before`.execute(trx)
  return rows[0]?.followed ?? 0
}

async function assertCustomer(trx: WineryTransaction, wineryId: string, customerId: string): Promise<void> {
  const found = /^\d{1,18}$/.test(customerId)
    ? await trx
        .selectFrom('customers')
        .select('customer_id')
        .where('winery_id', '=', wineryId)
        .where('customer_id', '=', customerId)
        .executeTakeFirst()
    : undefined
  if (!found) {
    throw new Refusal(
      'not_found',
      `There is no customer ${customerId} at this winery.`,
      "Take the customer_id of reporting.customers; the exception's message names the candidates.",
    )
  }
}

/** Subjects about a guest read `<business group>/<patron>`. */
function guestOf(about: About): Guest {
  const at = about.subject.indexOf('/')
  return {
    wineryId: about.winery_id,
    businessGroupId: about.subject.slice(0, at),
    patronId: about.subject.slice(at + 1),
  }
}

function isGuest(guest: Guest) {
  return sql`p.winery_id = ${guest.wineryId} and p.business_group_id = ${guest.businessGroupId} and p.patron_id = ${guest.patronId}`
}
