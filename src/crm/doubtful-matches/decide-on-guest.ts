/** Whose a guest is, and which address the customer has. All of it runs in the winery's transaction, under its lock. */

import { sql } from 'kysely'
import { Refusal } from '../../contract/errors.ts'
import type { Id } from '../../database/rows.ts'
import type { WineryTransaction } from '../../database/tenant-session.ts'
import { type Effect, effectInWords, noEffect } from './effect.ts'
import {
  findGuests,
  type Guest,
  moveGuests,
  rememberAddresses,
  rememberApart,
  rememberGuests,
} from './move-guests.ts'

type Done = { effect: Effect; done: string }

/** Of several customers with one address, the guests with it are this one, now and later. */
export async function giveAddressTo(
  trx: WineryTransaction,
  wineryId: Id,
  emailKey: string,
  customerId: Id,
): Promise<Done> {
  await assertCustomer(trx, wineryId, customerId)
  const guests = await findGuests(trx, wineryId, sql<boolean>`p.email_key = ${emailKey}`)
  const effect = { ...noEffect, ...(await moveGuests(trx, wineryId, guests, customerId)) }
  await rememberAddresses(trx, wineryId, [emailKey], customerId)
  return {
    effect,
    done: `Whoever has the address is customer ${customerId}. ${effectInWords(effect, `belong to customer ${customerId}`)}`,
  }
}

/** The guest is this customer, whoever it was linked to before. */
export async function giveGuestTo(
  trx: WineryTransaction,
  wineryId: Id,
  guest: Guest,
  customerId: Id,
): Promise<Done> {
  await assertCustomer(trx, wineryId, customerId)
  const effect = { ...noEffect, ...(await moveGuests(trx, wineryId, [guest], customerId)) }
  await rememberGuests(trx, wineryId, [guest])
  return { effect, done: effectInWords(effect, `belong to customer ${customerId}`) }
}

/** The guest is not the customer whose address it has. */
export async function partGuest(trx: WineryTransaction, wineryId: Id, guest: Guest): Promise<Done> {
  await rememberApart(trx, wineryId, [guest])
  const effect = { ...noEffect, ...(await moveGuests(trx, wineryId, [guest], null)) }
  const done = effectInWords(effect, 'are kept without a customer, until the guest has another address')
  return { effect, done }
}

export async function keepAddress(trx: WineryTransaction, wineryId: Id, guest: Guest): Promise<Done> {
  await rememberGuests(trx, wineryId, [guest])
  return { effect: noEffect, done: 'The customer keeps the address that it has, and the guest.' }
}

/** The customer takes over the guest's new address. */
export async function takeAddress(trx: WineryTransaction, wineryId: Id, guest: Guest): Promise<Done> {
  const { rows } = await sql<{
    customer_id: Id
    email: string
    email_key: string
    before: string | null
    other: Id | null
  }>`
    select c.customer_id, p.email, p.email_key, c.email as before,
      (select min(o.customer_id) from ecellar.customers o
        where o.winery_id = p.winery_id and o.email_key = p.email_key and o.customer_id <> c.customer_id) as other
    from ecellar.patrons p
    join ecellar.customers c on c.winery_id = p.winery_id and c.customer_id = p.customer_id
    where p.winery_id = ${wineryId} and p.business_group_id = ${guest.businessGroupId} and p.patron_id = ${guest.patronId}
      and p.email_key is not null`.execute(trx)
  const found = rows[0]
  if (!found) {
    throw new Refusal(
      'invalid',
      'This guest has no address and customer any more.',
      'Close it, with the reason alone.',
    )
  }
  const { customer_id, email, email_key, before, other } = found
  if (other !== null) {
    throw new Refusal(
      'invalid',
      `The new address belongs to customer ${other} meanwhile.`,
      'Close it, with the reason alone; the next pull lists it anew.',
    )
  }
  await trx
    .updateTable('customers')
    .set({ email, email_key, edited_at: new Date() })
    .where('winery_id', '=', wineryId)
    .where('customer_id', '=', customer_id)
    .execute()
  await sql`
    insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by)
    values (${wineryId}, 'customer', ${customer_id}, 'email', ${before}, ${email}, 'staff')`.execute(trx)
  await rememberGuests(trx, wineryId, [guest])
  return {
    effect: { ...noEffect, newAddress: [customer_id] },
    done: `Customer ${customer_id} has the guest's new address.`,
  }
}

async function assertCustomer(trx: WineryTransaction, wineryId: Id, customerId: string): Promise<void> {
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
