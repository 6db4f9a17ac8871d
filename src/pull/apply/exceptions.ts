/**
 * What needs a person. The list is worked out anew from what is staged and stored, so an exception is retried by
 * every pull and resolves by itself when it no longer holds; one that a person closed stays closed.
 */

import type pg from 'pg'
import { type PullFacts, run } from '../named-sql.ts'
import { gatherDoubtfulNames, guestInWords, sameAddressOtherName, similarNames } from './doubtful-names.ts'

/** An address with this many different party names is proposed as shared (rule 16). */
const namesOfASharedAddress = 5

export async function listExceptions(client: pg.Client, facts: PullFacts, hasStored: boolean): Promise<void> {
  await run(
    client,
    facts,
    `create temp table current_exceptions (code text, subject text collate "C", brand_id bigint, business_id text, tock_key text, message text,
      business_group_id text, patron_id text, email_key text collate "C", customer_id bigint, other_customer_id bigint) on commit drop`,
  )
  await gatherDoubtfulNames(client, facts)
  // The others are few and found by index.
  await client.query('set local enable_nestloop = on')
  for (const statement of [
    unreadableRows,
    invalidAddresses,
    severalCustomers,
    addressesInDoubt,
    sharedAddresses(hasStored),
    sameAddressOtherName,
    similarNames,
  ]) {
    await run(client, facts, statement)
  }
  await run(
    client,
    facts,
    `insert into ecellar.exceptions as x (winery_id, brand_id, business_id, pull_id, code, subject, tock_key, message, first_seen_at,
      ${sides.join(', ')})
    select distinct on (code, subject) :winery, brand_id, business_id, :pull, code, subject, tock_key, message, :now,
      ${sides.join(', ')}
    from current_exceptions
    order by code, subject, tock_key
    on conflict (winery_id, code, subject) do update
    set resolved_at = null, pull_id = excluded.pull_id, message = excluded.message,
      ${sides.map((side) => `${side} = excluded.${side}`).join(', ')}
    where not x.closed_by_person
      and (x.resolved_at is not null
        or (${sides.map((side) => `x.${side}`).join(', ')}) is distinct from (${sides.map((side) => `excluded.${side}`).join(', ')}))`,
  )
  await run(
    client,
    facts,
    `update ecellar.exceptions x set resolved_at = :now
    where x.winery_id = :winery
      and x.resolved_at is null
      -- rows are this business's, guests and addresses the winery's
      and (x.business_id is null or (x.brand_id = :brand and x.business_id = :business))
      and not exists (select from current_exceptions c where c.code = x.code and c.subject = x.subject)`,
  )
}

/** What a doubtful match is about. */
const sides = ['business_group_id', 'patron_id', 'email_key', 'customer_id', 'other_customer_id']

const unreadableRows = `insert into current_exceptions
  select e ->> 'code', :brand || '/' || :business || '/' || (e ->> 'subject'), :brand, :business, e ->> 'tockKey', e ->> 'message'
  from stage_files f
  cross join lateral jsonb_array_elements(f.row_exceptions) e
  where f.kind = 'reservations'`

/** One reservation of a guest, to find the case by. */
const oneReservation = `(
    select min(r.tock_key) from ecellar.reservations r
    where r.winery_id = p.winery_id and r.guest_patron_id = p.patron_id
  )`

const invalidAddresses = `insert into current_exceptions
  select 'invalid_email', p.business_group_id || '/' || p.patron_id, coalesce(p.diner_brand_id, :brand), null,
    ${oneReservation},
    'The e-mail address of guest ' || p.patron_id || ' is not an address, so no customer could be found or made. Correct it in Tock.',
    p.business_group_id, p.patron_id
  from ecellar.patrons p
  where p.winery_id = :winery and p.email is not null and p.email_key is null and p.customer_id is null`

const severalCustomers = `insert into current_exceptions
  select 'several_customers', p.email_key, coalesce(min(p.diner_brand_id), :brand), null,
    min(${oneReservation}),
    'Customers ' || (
      select string_agg(c.customer_id::text, ', ' order by c.customer_id) from ecellar.customers c
      where c.winery_id = :winery and c.email_key = p.email_key
    ) || ' have the same e-mail address, so the guest with it was given to none of them. Say which one it is, or leave one of them active.',
    null, null, p.email_key
  from ecellar.patrons p
  where p.winery_id = :winery and p.customer_id is null and p.email_key is not null
    and exists (select from people o where o.business_group_id = p.business_group_id and o.patron_id = p.patron_id and not o.is_shared)
    and (select count(*) from ecellar.customers c where c.winery_id = :winery and c.email_key = p.email_key) > 1
  group by p.winery_id, p.email_key`

const addressesInDoubt = `insert into current_exceptions
  select
    case when other.customer_id is null then 'email_changed' else 'email_of_another' end,
    p.business_group_id || '/' || p.patron_id || '/' || p.email_key, coalesce(p.diner_brand_id, :brand), null,
    ${oneReservation},
    case when other.customer_id is null
      then ${guestInWords} || ' of customer ' || c.customer_id || ' has another e-mail address in Tock than the customer. The customer keeps the old one until somebody decides.'
      else ${guestInWords} || ', who is customer ' || c.customer_id || ', has a new e-mail address, which belongs to customer ' || other.customer_id || '. Nothing was changed.'
    end,
    p.business_group_id, p.patron_id, p.email_key, c.customer_id, other.customer_id
  from ecellar.patrons p
  join ecellar.customers c on c.winery_id = :winery and c.customer_id = p.customer_id
  left join lateral (
    select min(o.customer_id) as customer_id from ecellar.customers o
    where o.winery_id = :winery and o.email_key = p.email_key and o.customer_id <> c.customer_id
  ) other on true
  where p.winery_id = :winery
    and p.email_key is not null
    and p.email_key is distinct from c.email_key
    and p.email_key is distinct from p.kept_email_key
    and not exists (
      select from ecellar.shared_addresses a
      where a.winery_id = :winery and a.is_shared
        and a.email_key in (p.email_key, '@' || split_part(p.email_key, '@', 2))
    )`

/** In a first pull, where most guests have one name: addresses of several guests, or known before. */
const addressesOfSeveral = `select p.email_key from people p
    where p.email_key is not null
    group by p.email_key
    having count(*) > 1 or bool_or(not p.is_new or p.link = 'matched')`

/**
 * Addresses under which many names book. Looks at the guests of new and changed reservations, and again at what is
 * already proposed.
 */
function sharedAddresses(hasStored: boolean): string {
  const touched = hasStored
    ? `left join verdicts v on v.tock_key = s.tock_key where s.guest_patron_id is not null and (v.verdict is null or v.verdict = 'changed')`
    : 'where s.guest_patron_id is not null'
  return `insert into current_exceptions
  with touched as (
    select s.guest_patron_id as patron_id
    from stage_reservations s
    ${touched}
    group by s.guest_patron_id
    ${hasStored ? '' : 'having min(s.party_name) is distinct from max(s.party_name)'}
  ), addresses as (
    select p.email_key from ecellar.patrons p
    join touched on touched.patron_id = p.patron_id
    where p.winery_id = :winery and p.business_group_id = :group and p.email_key is not null
    ${hasStored ? '' : `union ${addressesOfSeveral}`}
    union
    select x.subject from ecellar.exceptions x
    where x.winery_id = :winery and x.code = 'shared_address_proposed' and x.resolved_at is null
  )
  select 'shared_address_proposed', a.email_key, :brand, null, min(r.tock_key),
    count(distinct lower(r.party_name)) || ' different party names have booked with one e-mail address. Is it shared (a concierge, a travel agent)? Then put it on the shared-address list.',
    null, null, a.email_key
  from addresses a
  join ecellar.patrons p on p.winery_id = :winery and p.email_key = a.email_key
  join ecellar.reservations r on r.winery_id = :winery and r.guest_patron_id = p.patron_id
  where not exists (
    select from ecellar.shared_addresses l
    where l.winery_id = :winery and l.email_key in (a.email_key, '@' || split_part(a.email_key, '@', 2))
  )
  group by a.email_key
  having count(distinct lower(r.party_name)) >= ${namesOfASharedAddress}`
}
