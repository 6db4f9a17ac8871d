/** From guests to customers: who is matched, who becomes one, and what of a guest a customer follows (rules 16-21). */

import type pg from 'pg'
import { consentWords, saysNo, saysOut, saysYes } from '../../crm/consent-words.ts'
import { type PullFacts, run } from '../named-sql.ts'

/**
 * Links guests to existing customers by their address, inactive ones too; of several the only active one wins.
 * @returns how many customers were matched now
 */
export async function matchCustomers(client: pg.Client, facts: PullFacts): Promise<number> {
  const matched = await run<{ customers: string }>(
    client,
    facts,
    `with wanted as (
      select distinct coalesce(lead_key, email_key) as email_key
      from people
      where customer_id is null and email_key is not null and not is_shared
    ), found as (
      select
        c.email_key,
        case when count(*) = 1 then min(c.customer_id) else min(c.customer_id) filter (where c.active) end as customer_id
      from ecellar.customers c
      join wanted on wanted.email_key = c.email_key
      where c.winery_id = :winery
      group by c.email_key
      having count(*) = 1 or count(*) filter (where c.active) = 1
    ), linked as (
      update people p set customer_id = found.customer_id, link = 'matched'
      from found
      where p.customer_id is null and not p.is_shared and coalesce(p.lead_key, p.email_key) = found.email_key
      returning p.customer_id
    )
    select count(distinct customer_id) as customers
    from (select customer_id from linked union all select customer_id from people where link = 'matched') matched`,
  )
  return Number(matched.rows[0]?.customers ?? 0)
}

/** Makes customers of those who dined, and of guests without a reservation once that is due. @returns how many */
export async function createCustomers(client: pg.Client, facts: PullFacts): Promise<number> {
  await run(
    client,
    facts,
    `create temp table newcomers on commit drop as
    with unknown as (
      -- Who is the same person by a decision becomes one customer, with the address that leads.
      select p.*, coalesce(p.lead_key, p.email_key) as leading
      from people p
      where p.customer_id is null and p.email_key is not null and not p.is_shared
        and not exists (
          select from ecellar.customers c
          where c.winery_id = :winery and c.email_key = coalesce(p.lead_key, p.email_key)
        )
        -- A person took their customer back.
        and not exists (
          select from ecellar.undone_guests u
          where u.winery_id = :winery and u.business_group_id = p.business_group_id and u.patron_id = p.patron_id
        )
    ), consents as (
      select p.leading, bool_or(${saysOut}) as out, bool_or(${saysNo}) as no,
        bool_or(${saysYes} and p.consent_words is distinct from p.consent_acted_on) as yes,
        string_agg(p.consent_words, '; ' order by p.business_group_id, p.patron_id) as words
      from unknown p
      where p.consent_words is not null
      group by p.leading
    ), chosen as (
      select distinct on (p.leading) p.*
      from unknown p
      where p.diner_brand_id is not null
        or (p.has_profile and not p.is_booker and p.business_group_id = any(:guest_groups))
      order by p.leading, (p.lead_key is null) desc, (p.diner_brand_id is not null) desc, p.has_profile desc, p.business_group_id, p.patron_id
    ), names as (
      -- the very choice of followNames: otherwise the next pull would change them
      select distinct on (p.leading) p.leading, p.first_name, p.last_name
      from unknown p
      where coalesce(p.first_name, p.last_name) is not null
      order by p.leading, (p.lead_key is null) desc, p.profile_updated_at desc nulls last, p.business_group_id, p.patron_id
    )
    select
      nextval('ecellar.customer_ids') as customer_id,
      p.leading, p.email, p.email_key, n.first_name, n.last_name,
      coalesce(p.diner_brand_id, 0) as brand_id,
      case when k.out then 'out' when k.yes and not k.no then 'in' else 'unknown' end as consent,
      k.words
    from chosen p
    left join names n on n.leading = p.leading
    left join consents k on k.leading = p.leading`,
  )
  await client.query('analyze newcomers')
  const created = await run(
    client,
    facts,
    `insert into ecellar.customers (winery_id, customer_id, email, email_key, first_name, last_name,
      customer_source_id, customer_type_id, allocation_tier_id, email_consent, consent_source,
      released_at, release_due_at, created_at, created_by, created_in_pull)
    select :winery, n.customer_id, n.email, n.email_key, n.first_name, n.last_name,
      coalesce(own.customer_source_id, winery.customer_source_id, pulled.customer_source_id),
      coalesce(own.customer_type_id, winery.customer_type_id, pulled.customer_type_id),
      coalesce(own.allocation_tier_id, winery.allocation_tier_id),
      n.consent, case when n.consent <> 'unknown' then 'tock' end,
      :created_released_at, :created_due_at, :now, 'tock', :pull
    from newcomers n
    left join ecellar.web_store_settings own on own.winery_id = :winery and own.brand_id = n.brand_id
    left join ecellar.web_store_settings winery on winery.winery_id = :winery and winery.brand_id = 0
    left join ecellar.web_store_settings pulled on pulled.winery_id = :winery and pulled.brand_id = :brand`,
  )
  await run(
    client,
    facts,
    `insert into ecellar.consent_changes (winery_id, customer_id, before, after, source, tock_words, pull_id, changed_at)
    select :winery, customer_id, 'unknown', consent, 'tock', words, :pull, :now
    from newcomers
    where consent <> 'unknown'`,
  )
  await run(
    client,
    facts,
    `update people p
    set customer_id = n.customer_id, link = 'created', consent_acted_on = p.consent_words
    from newcomers n
    where p.customer_id is null and not p.is_shared and coalesce(p.lead_key, p.email_key) = n.leading`,
  )
  return created.rowCount ?? 0
}

/**
 * What existing customers take from their guests: consent that only tightens, names where empty (or where a pull
 * made the customer and nobody edited it). To be called after the people were stored.
 */
export async function followGuests(client: pg.Client, facts: PullFacts): Promise<void> {
  await followConsent(client, facts)
  await followNames(client, facts)
}

async function followConsent(client: pg.Client, facts: PullFacts): Promise<void> {
  const unseen = 'p.consent_words is distinct from p.consent_acted_on'
  await run(
    client,
    facts,
    `create temp table consents on commit drop as
    select c.customer_id, c.email_consent as before, c.asks_mail_again_at,
      case
        when bool_or(${saysOut} and ${unseen}) and c.email_consent <> 'out' then 'out'
        when bool_or(${saysNo} and ${unseen}) and c.email_consent = 'in' and c.consent_source = 'tock' then 'out'
        when bool_or(${saysYes} and ${unseen}) and not bool_or(${saysOut} or ${saysNo}) and c.email_consent = 'unknown' then 'in'
        else c.email_consent
      end as after,
      bool_or(${saysYes} and ${unseen}) and not bool_or(${saysOut} or ${saysNo}) and c.email_consent = 'out' as asks_again,
      string_agg(p.consent_words, '; ' order by p.business_group_id, p.patron_id) filter (where ${unseen}) as words
    from (
      select p.*, ${consentWords} as consent_words
      from ecellar.patrons p
      where p.winery_id = :winery
        and p.customer_id in (
          select o.customer_id from people o
          where o.customer_id is not null and o.consent_words is distinct from o.consent_acted_on
        )
    ) p
    join ecellar.customers c on c.winery_id = :winery and c.customer_id = p.customer_id
    group by c.customer_id, c.email_consent, c.consent_source, c.asks_mail_again_at`,
  )
  await run(
    client,
    facts,
    `insert into ecellar.consent_changes (winery_id, customer_id, before, after, source, tock_words, pull_id, changed_at)
    select :winery, customer_id, before, after, 'tock', words, :pull, :now
    from consents
    where after <> before`,
  )
  await run(
    client,
    facts,
    `update ecellar.customers c
    set email_consent = k.after,
      consent_source = case when k.after <> k.before then 'tock' else c.consent_source end,
      asks_mail_again_at = case when k.asks_again then coalesce(c.asks_mail_again_at, :now) else c.asks_mail_again_at end
    from consents k
    where c.winery_id = :winery and c.customer_id = k.customer_id
      and (k.after <> k.before or (k.asks_again and c.asks_mail_again_at is null))`,
  )
  await run(
    client,
    facts,
    `update ecellar.patrons p
    set consent_acted_on = ${consentWords}
    where p.winery_id = :winery
      and p.customer_id in (select customer_id from consents)
      and p.consent_acted_on is distinct from ${consentWords}`,
  )
}

async function followNames(client: pg.Client, facts: PullFacts): Promise<void> {
  await run(
    client,
    facts,
    `create temp table names on commit drop as
    select c.customer_id, c.first_name as first_before, c.last_name as last_before,
      case when follows then coalesce(best.first_name, c.first_name) else coalesce(c.first_name, best.first_name) end as first_after,
      case when follows then coalesce(best.last_name, c.last_name) else coalesce(c.last_name, best.last_name) end as last_after
    from (
      -- who was found to be the same person keeps the name that goes with the address
      select distinct on (p.customer_id) p.customer_id, p.first_name, p.last_name
      from ecellar.patrons p
      join ecellar.customers o on o.winery_id = p.winery_id and o.customer_id = p.customer_id
      where p.winery_id = :winery
        and p.customer_id in (select o.customer_id from people o where o.link is distinct from 'created')
        and coalesce(p.first_name, p.last_name) is not null
      order by p.customer_id, (p.email_key is not distinct from o.email_key) desc, p.profile_updated_at desc nulls last, p.business_group_id, p.patron_id
    ) best
    join ecellar.customers c on c.winery_id = :winery and c.customer_id = best.customer_id
    cross join lateral (select c.created_by = 'tock' and c.edited_at is null as follows) rule`,
  )
  await run(
    client,
    facts,
    `insert into ecellar.changes (winery_id, pull_id, entity, entity_id, field, before, after, changed_at, made_by)
    select :winery, :pull, 'customer', n.customer_id, v.field, v.before, v.after, :now, 'pull'
    from names n
    cross join lateral (values ('first_name', n.first_before, n.first_after), ('last_name', n.last_before, n.last_after))
      v (field, before, after)
    where v.before is distinct from v.after`,
  )
  await run(
    client,
    facts,
    `update ecellar.customers c
    set first_name = n.first_after, last_name = n.last_after
    from names n
    where c.winery_id = :winery and c.customer_id = n.customer_id
      and (n.first_before, n.last_before) is distinct from (n.first_after, n.last_after)`,
  )
}

/** Releases those whose days are over (nightly_release after:N). */
export async function releaseDue(client: pg.Client, facts: PullFacts): Promise<void> {
  await run(
    client,
    facts,
    `update ecellar.customers set released_at = :now
    where winery_id = :winery and released_at is null and release_due_at <= :now`,
  )
}
