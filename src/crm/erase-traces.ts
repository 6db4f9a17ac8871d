/** Takes a person out of what is remembered beside customers and reservations: guests, exceptions, lists, files. */

import { sql } from 'kysely'
import type { Id } from '../database/rows.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import type { Person } from './person-to-erase.ts'

/** Comes after the reservations, which are found through the guests. @returns how many exceptions were about them */
export async function eraseTraces(trx: WineryTransaction, wineryId: Id, person: Person): Promise<number> {
  const keys = sql`${person.emailKeys}::text[] collate "C"`
  const groups = person.patrons.map((patron) => patron.businessGroupId)
  const patronIds = person.patrons.map((patron) => patron.patronId)
  const customerIds = person.customers.map((customer) => customer.customerId)
  const exceptions = await sql`
    delete from ecellar.exceptions x
    where x.winery_id = ${wineryId}
      and (
        exists (
          select from unnest(${keys}) as key
          where position(key in lower(x.subject)) > 0 or position(key in lower(x.message)) > 0
            or position(key in lower(x.closed_because)) > 0
        )
        or x.email_key = any(${keys})
        or x.customer_id = any(${customerIds}::bigint[])
        or x.other_customer_id = any(${customerIds}::bigint[])
        or (x.business_group_id, x.patron_id) in (
          select * from unnest(${groups}::text[] collate "C", ${patronIds}::text[] collate "C"))
        or (
          -- A guest's subject names its group and its id.
          x.code in ('invalid_email', 'several_customers', 'email_of_another', 'email_changed')
          and exists (
            select
            from unnest(${groups}::text[], ${patronIds}::text[]) as p (business_group_id, patron_id)
            where x.subject = p.patron_id
              or array[p.business_group_id, p.patron_id] <@ regexp_split_to_array(x.subject, '[^A-Za-z0-9_@.+-]+')
          )
        )
      )`.execute(trx)
  await sql`
    delete from ecellar.patrons
    where winery_id = ${wineryId}
      and (business_group_id, patron_id) in (select * from unnest(${groups}::text[], ${patronIds}::text[]))`.execute(
    trx,
  )
  // Another customer's guest with the address: the guest stays theirs, the address goes.
  await sql`
    update ecellar.patrons
    set
      email = case when email_key = any(${keys}) then null else email end,
      email_key = case when email_key = any(${keys}) then null else email_key end,
      profile_email = case when profile_email_key = any(${keys}) then null else profile_email end,
      profile_email_key = case when profile_email_key = any(${keys}) then null else profile_email_key end,
      booking_email = case when booking_email_key = any(${keys}) then null else booking_email end,
      booking_email_key = case when booking_email_key = any(${keys}) then null else booking_email_key end,
      kept_email_key = case when kept_email_key = any(${keys}) then null else kept_email_key end
    where winery_id = ${wineryId}
      and (email_key = any(${keys}) or profile_email_key = any(${keys}) or booking_email_key = any(${keys})
        or kept_email_key = any(${keys}))`.execute(trx)
  await sql`
    delete from ecellar.guest_decisions
    where winery_id = ${wineryId}
      and (customer_id = any(${customerIds}::bigint[])
        or (business_group_id, patron_id) in (
          select * from unnest(${groups}::text[] collate "C", ${patronIds}::text[] collate "C")))`.execute(
    trx,
  )
  await sql`
    update ecellar.guest_decisions
    set
      lead_key = case when lead_key = any(${keys}) then null else lead_key end,
      kept_key = case when kept_key = any(${keys}) then null else kept_key end,
      apart_key = case when apart_key = any(${keys}) then null else apart_key end
    where winery_id = ${wineryId}
      and (lead_key = any(${keys}) or kept_key = any(${keys}) or apart_key = any(${keys}))`.execute(trx)
  await sql`
    delete from ecellar.address_decisions
    where winery_id = ${wineryId}
      and (customer_id = any(${customerIds}::bigint[]) or email_key = any(${keys}) or lead_key = any(${keys}))`.execute(
    trx,
  )
  await sql`
    delete from ecellar.preview_people
    where winery_id = ${wineryId}
      and (email_key = any(${keys})
        or (business_group_id, patron_id) in (select * from unnest(${groups}::text[], ${patronIds}::text[])))`.execute(
    trx,
  )
  await sql`
    delete from ecellar.shared_addresses
    where winery_id = ${wineryId} and email_key = any(${keys})`.execute(trx)
  // The winery's own people may be guests as well.
  await sql`
    delete from ecellar.outbox
    where winery_id = ${wineryId} and recipient_key = any(${keys})`.execute(trx)
  await sql`
    update ecellar.key_hand_overs set tell_winery = null
    where winery_id = ${wineryId} and lower(tell_winery) = any(${keys})`.execute(trx)
  // An unchanged file is not read again (rule 9), so that only its list of guests could still name them.
  await sql`
    update ecellar.snapshot_files f
    set kept_keys = array(
      select key from unnest(f.kept_keys) with ordinality as k (key, position)
      where key <> all(${patronIds}::text[]) order by position)
    from ecellar.brands b
    where f.winery_id = ${wineryId}
      and f.kind = 'guests'
      and b.winery_id = f.winery_id
      and b.brand_id = f.brand_id
      and b.business_group_id = any(${groups}::text[])
      and f.kept_keys && ${patronIds}::text[]`.execute(trx)
  await sql`
    update ecellar.consent_changes c
    set reason = null
    where c.winery_id = ${wineryId}
      and exists (select from unnest(${keys}) as key where position(key in lower(c.reason)) > 0)`.execute(trx)
  return Number(exceptions.numAffectedRows ?? 0n)
}
