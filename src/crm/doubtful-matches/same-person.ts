/**
 * Two customers are one person: the guests with their reservations move to the one that stays, with the stricter consent,
 * and the one that a pull had created is taken back.
 */

import { sql } from 'kysely'
import { Refusal } from '../../contract/errors.ts'
import type { Id } from '../../database/rows.ts'
import type { WineryTransaction } from '../../database/tenant-session.ts'
import { consentWords, saysNo, saysOut } from '../consent-words.ts'
import { becameSomebodys, forgetCustomers } from '../forget-customers.ts'
import { type Effect, effectInWords, noEffect } from './effect.ts'
import { findGuests, moveGuests, rememberAddresses, rememberGuests } from './move-guests.ts'

/** @throws Refusal invalid when one is gone, or both are the winery's own */
export async function makeSamePerson(
  trx: WineryTransaction,
  wineryId: Id,
  ids: [Id, Id],
): Promise<{ effect: Effect; done: string }> {
  const [stays, goes] = await whoStays(trx, wineryId, ids)
  const guests = await findGuests(trx, wineryId, sql<boolean>`p.customer_id = ${goes.customerId}`)
  const optedOut = await tightenConsent(trx, wineryId, stays.customerId, goes.customerId)
  const newAddress = stays.emailKey === null && goes.emailKey !== null
  if (newAddress) await giveAddress(trx, wineryId, stays.customerId, goes.customerId)
  const moved = await moveGuests(trx, wineryId, guests, stays.customerId)
  await rememberGuests(trx, wineryId, guests)
  await leadThere(trx, wineryId, stays.customerId, goes)
  await sql`
    insert into ecellar.segment_members (winery_id, segment_id, customer_id)
    select m.winery_id, m.segment_id, ${stays.customerId}
    from ecellar.segment_members m
    join ecellar.segments s on s.winery_id = m.winery_id and s.segment_id = m.segment_id
    where m.winery_id = ${wineryId} and m.customer_id = ${goes.customerId} and s.kind = 'static'
    on conflict do nothing`.execute(trx)
  if (goes.somebodys === null) await forgetCustomers(trx, wineryId, [goes.customerId])
  else await keepInactive(trx, wineryId, goes.customerId, stays.customerId)
  await settleOthers(trx, wineryId, goes.customerId)
  const effect: Effect = {
    ...noEffect,
    ...moved,
    takenBack: goes.somebodys === null ? [goes.customerId] : [],
    keptInactive: goes.somebodys === null ? [] : [goes.customerId],
    optedOut: optedOut ? [stays.customerId] : [],
    newAddress: newAddress ? [stays.customerId] : [],
  }
  const address = newAddress
    ? ` Customer ${stays.customerId}, who had no e-mail address, has the guest's.`
    : ` Customer ${stays.customerId} keeps its e-mail address.`
  return { effect, done: effectInWords(effect, `belong to customer ${stays.customerId}`) + address }
}

type Side = {
  customerId: Id
  emailKey: string | null
  isPulled: boolean
  /** How it has become somebody's: it cannot go. */
  somebodys: string | null
}

/** The winery's own customer stays; of two that pulls made the one that cannot go, else the older. */
async function whoStays(trx: WineryTransaction, wineryId: Id, ids: [Id, Id]): Promise<[Side, Side]> {
  const { rows } = await sql<Side>`
    select c.customer_id as "customerId", c.email_key as "emailKey", c.created_by = 'tock' as "isPulled",
      ${sql.raw(becameSomebodys)} as somebodys
    from ecellar.customers c
    where c.winery_id = ${wineryId} and c.customer_id = any(${ids}::bigint[]) and c.same_as is null
    order by c.created_by <> 'tock' desc, ${sql.raw(becameSomebodys)} is not null desc, c.customer_id
    for update of c`.execute(trx)
  const [stays, goes] = rows
  if (!stays || !goes) {
    throw new Refusal(
      'invalid',
      'One of the two customers is gone.',
      'The next pull works out what is left to decide.',
    )
  }
  if (goes.isPulled) return [stays, goes]
  throw new Refusal(
    'invalid',
    `Customers ${stays.customerId} and ${goes.customerId} are both the winery's own: none of them was made by a pull, so none is taken back.`,
    'Say which of them the guest is. To make one customer of the two, do it in eCELLAR and import.',
  )
}

/** What pulls do for the guests of one customer (rule 19): the out wins, a withdrawn yes of Tock's is none. */
async function tightenConsent(trx: WineryTransaction, wineryId: Id, stays: Id, goes: Id): Promise<boolean> {
  const { rows } = await sql<{ customer_id: Id }>`
    with goes as (
      select c.email_consent, c.consent_source, g.says_out, g.says_no, g.words
      from ecellar.customers c
      cross join lateral (
        select bool_or(${sql.raw(saysOut)}) as says_out, bool_or(${sql.raw(saysNo)}) as says_no,
          string_agg(${sql.raw(consentWords)}, '; ' order by p.business_group_id, p.patron_id) as words
        from ecellar.patrons p
        where p.winery_id = c.winery_id and p.customer_id = c.customer_id
      ) g
      where c.winery_id = ${wineryId} and c.customer_id = ${goes}
    ), before as (
      select c.customer_id, c.email_consent, goes.consent_source, goes.words
      from ecellar.customers c
      cross join goes
      where c.winery_id = ${wineryId} and c.customer_id = ${stays} and c.email_consent <> 'out'
        and (goes.email_consent = 'out' or goes.says_out
          or (goes.says_no and c.email_consent = 'in' and c.consent_source = 'tock'))
    ), remembered as (
      insert into ecellar.consent_changes (winery_id, customer_id, before, after, source, tock_words, reason)
      select ${wineryId}, customer_id, email_consent, 'out', 'staff', words,
        ${`The same person, as customer ${goes}, does not want mail.`}
      from before
    )
    update ecellar.customers c
    set email_consent = 'out', consent_source = coalesce(b.consent_source, 'tock')
    from before b
    where c.winery_id = ${wineryId} and c.customer_id = b.customer_id
    returning c.customer_id`.execute(trx)
  return rows.length > 0
}

async function giveAddress(trx: WineryTransaction, wineryId: Id, to: Id, from: Id): Promise<void> {
  await sql`
    with given as (
      update ecellar.customers c
      set email = f.email, email_key = f.email_key, edited_at = now()
      from ecellar.customers f
      where c.winery_id = ${wineryId} and c.customer_id = ${to}
        and f.winery_id = c.winery_id and f.customer_id = ${from}
      returning c.customer_id, f.email
    )
    insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by)
    select ${wineryId}, 'customer', customer_id, 'email', null, email, 'staff' from given`.execute(trx)
}

/** Every other address of the person leads to the customer that stays, and so do decisions of before. */
async function leadThere(trx: WineryTransaction, wineryId: Id, stays: Id, goes: Side): Promise<void> {
  const { rows } = await sql<{ email_key: string }>`
    select p.email_key
    from ecellar.patrons p
    join ecellar.customers c on c.winery_id = p.winery_id and c.customer_id = p.customer_id
    where p.winery_id = ${wineryId} and p.customer_id = ${stays}
      and p.email_key is distinct from c.email_key
      and not exists (
        select from ecellar.customers o
        where o.winery_id = p.winery_id and o.email_key = p.email_key
          and o.customer_id not in (${stays}, ${goes.customerId})
      )
      and not exists (
        select from ecellar.shared_addresses a
        where a.winery_id = p.winery_id and a.is_shared
          and a.email_key in (p.email_key, '@' || split_part(p.email_key, '@', 2))
      )
    union
    select c.email_key
    from ecellar.customers c
    where c.winery_id = ${wineryId} and c.customer_id = ${goes.customerId} and c.email_key is not null
      and c.email_key is distinct from (
        select s.email_key from ecellar.customers s where s.winery_id = ${wineryId} and s.customer_id = ${stays})`.execute(
    trx,
  )
  await rememberAddresses(
    trx,
    wineryId,
    rows.map((row) => row.email_key),
    stays,
  )
  for (const table of ['guest_decisions', 'address_decisions']) {
    await sql`
      update ${sql.table(`ecellar.${table}`)} d
      set customer_id = c.customer_id, lead_key = c.email_key
      from ecellar.customers c
      where d.winery_id = ${wineryId} and c.winery_id = d.winery_id and c.customer_id = ${stays}
        and (d.customer_id = ${goes.customerId}
          or d.lead_key = ${goes.emailKey} and not exists (
            select from ecellar.customers o where o.winery_id = d.winery_id and o.customer_id = d.customer_id))`.execute(
      trx,
    )
  }
}

async function keepInactive(trx: WineryTransaction, wineryId: Id, customerId: Id, sameAs: Id): Promise<void> {
  await sql`
    with before as (
      select c.customer_id, c.active from ecellar.customers c
      where c.winery_id = ${wineryId} and c.customer_id = ${customerId}
    ), remembered as (
      insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by)
      select ${wineryId}, 'customer', customer_id, 'active', 'true', 'false', 'staff' from before where active
    )
    update ecellar.customers c set active = false, same_as = ${sameAs}
    from before
    where c.winery_id = ${wineryId} and c.customer_id = before.customer_id`.execute(trx)
  // Who was found to be this one before is that one now.
  await sql`
    update ecellar.customers set same_as = ${sameAs}
    where winery_id = ${wineryId} and same_as = ${customerId}`.execute(trx)
}

/** What else was asked about the customer that went is no question any more. */
async function settleOthers(trx: WineryTransaction, wineryId: Id, customerId: Id): Promise<void> {
  await sql`
    update ecellar.exceptions set resolved_at = now()
    where winery_id = ${wineryId} and resolved_at is null and ${customerId} in (customer_id, other_customer_id)`.execute(
    trx,
  )
}
