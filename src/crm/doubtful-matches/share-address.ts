/** An address is shared by many, or one person's after all. */

import { sql } from 'kysely'
import type { Id } from '../../database/rows.ts'
import type { WineryTransaction } from '../../database/tenant-session.ts'
import { becameSomebodys, forgetCustomers } from '../forget-customers.ts'
import { shareAddresses } from '../web-store-settings.ts'
import { type Effect, effectInWords, noEffect } from './effect.ts'
import { findGuests, moveGuests } from './move-guests.ts'

/**
 * The address goes on the shared-address list. Guests who were given to a customer by it are nobody's now, and a customer
 * that a pull had made of it goes, where nobody would miss it. Off the list again, the next pull gives and makes them anew.
 */
export async function putOnSharedList(
  trx: WineryTransaction,
  wineryId: Id,
  emailKey: string,
): Promise<{ effect: Effect; done: string }> {
  const guests = await findGuests(
    trx,
    wineryId,
    sql<boolean>`p.email_key = ${emailKey} and p.customer_id in (
      select c.customer_id from ecellar.customers c where c.winery_id = ${wineryId} and c.email_key = ${emailKey})`,
  )
  const moved = await moveGuests(trx, wineryId, guests, null)
  await sql`
    delete from ecellar.guest_decisions d
    using ecellar.patrons p
    where d.winery_id = ${wineryId} and p.winery_id = d.winery_id and p.business_group_id = d.business_group_id
      and p.patron_id = d.patron_id and p.email_key = ${emailKey} and p.customer_id is null`.execute(trx)
  await sql`
    delete from ecellar.address_decisions
    where winery_id = ${wineryId} and email_key = ${emailKey}`.execute(trx)
  const { rows } = await sql<{ customer_id: Id }>`
    select c.customer_id
    from ecellar.customers c
    where c.winery_id = ${wineryId} and c.email_key = ${emailKey} and ${sql.raw(becameSomebodys)} is null
      and not exists (select from ecellar.patrons p where p.winery_id = c.winery_id and p.customer_id = c.customer_id)
    order by 1`.execute(trx)
  const takenBack = rows.map((row) => row.customer_id)
  await forgetCustomers(trx, wineryId, takenBack)
  await shareAddresses(trx, wineryId, [emailKey])
  const effect = { ...noEffect, ...moved, takenBack }
  const told = effectInWords(effect, 'are kept without a customer')
  const list = 'The address is on the shared-address list: it becomes and matches no customer any more.'
  return { effect, done: told === '' ? list : `${list} ${told}` }
}

export async function takeForOnePerson(
  trx: WineryTransaction,
  wineryId: Id,
  emailKey: string,
): Promise<{ effect: Effect; done: string }> {
  await trx
    .insertInto('shared_addresses')
    .values({ winery_id: wineryId, email_key: emailKey, is_shared: false })
    .onConflict((conflict) => conflict.columns(['winery_id', 'email_key']).doUpdateSet({ is_shared: false }))
    .execute()
  return { effect: noEffect, done: "The address is one person's: it will not be proposed again." }
}
