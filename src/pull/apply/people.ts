/**
 * Who the snapshot speaks of (rules 15-17): a temporary table `people` of the patrons it names, as they will be
 * stored, and of all stored patrons that have no customer yet. Customers are matched and created on it, then it is
 * written to `patrons` once.
 */

import type pg from 'pg'
import { type PullFacts, run } from '../named-sql.ts'

export async function gatherPeople(client: pg.Client, facts: PullFacts): Promise<void> {
  await run(
    client,
    facts,
    `create temp table people on commit drop as
    with mentioned as (
      select patron_id, bool_or(dines) as dines, bool_or(books) as books
      from (
        select guest_patron_id as patron_id, true as dines, false as books
        from stage_reservations where guest_patron_id is not null
        union all
        select owner_patron_id, false, true from stage_reservations where owner_patron_id is not null
        union all
        select patron_id, false, false from stage_guests
      ) roles
      group by patron_id
    ),
    -- The reservation that says most about a guest whose profile says too little.
    booking as (
      select distinct on (s.guest_patron_id)
        s.guest_patron_id as patron_id, s.guest_email, s.guest_email_key, s.guest_first_name, s.guest_last_name,
        s.updated_at, s.tock_key
      from stage_reservations s
      left join stage_guests g on g.patron_id = s.guest_patron_id
      left join ecellar.patrons p
        on p.winery_id = :winery and p.business_group_id = :group and p.patron_id = s.guest_patron_id
      where s.guest_patron_id is not null
        and (coalesce(g.email, p.profile_email) is null
          or coalesce(g.first_name, g.last_name, p.profile_first_name, p.profile_last_name) is null)
        and not exists (select from verdicts v where v.tock_key = s.tock_key and v.verdict = 'stale')
      order by s.guest_patron_id, (s.guest_email is not null) desc, s.updated_at desc nulls last, s.tock_key desc
    ),
    facts as (
      select
        m.patron_id,
        p.patron_id is null as is_new,
        p.customer_id,
        coalesce(p.diner_brand_id, case when m.dines then :brand end) as diner_brand_id,
        coalesce(p.is_booker, false) or m.books as is_booker,
        coalesce(p.has_profile, false) or g.patron_id is not null as has_profile,
        case when newer then coalesce(g.email, p.profile_email) else p.profile_email end as profile_email,
        case when newer and g.email is not null then g.email_key else p.profile_email_key end as profile_email_key,
        case when newer then coalesce(g.first_name, p.profile_first_name) else p.profile_first_name end as profile_first_name,
        case when newer then coalesce(g.last_name, p.profile_last_name) else p.profile_last_name end as profile_last_name,
        case when newer then coalesce(g.updated_at, p.profile_updated_at) else p.profile_updated_at end as profile_updated_at,
        case when newer then g.opt_in else p.opt_in end as opt_in,
        case when newer then g.opt_in_source else p.opt_in_source end as opt_in_source,
        case when newer then g.date_opted_in else p.date_opted_in end as date_opted_in,
        case when fuller then b.guest_email else p.booking_email end as booking_email,
        case when fuller then b.guest_email_key else p.booking_email_key end as booking_email_key,
        case when fuller then b.guest_first_name else p.booking_first_name end as booking_first_name,
        case when fuller then b.guest_last_name else p.booking_last_name end as booking_last_name,
        case when fuller then b.updated_at else p.booking_at end as booking_at,
        case when fuller then b.tock_key else p.booking_by end as booking_by,
        p.consent_acted_on,
        p.kept_email_key
      from mentioned m
      left join stage_guests g on g.patron_id = m.patron_id
      left join booking b on b.patron_id = m.patron_id
      left join ecellar.patrons p
        on p.winery_id = :winery and p.business_group_id = :group and p.patron_id = m.patron_id
      cross join lateral (
        select
          g.patron_id is not null
            and coalesce(g.updated_at >= p.profile_updated_at, true) as newer,
          b.patron_id is not null
            and (b.guest_email is not null, coalesce(b.updated_at, '-infinity'), b.tock_key)
              >= (p.booking_email is not null, coalesce(p.booking_at, '-infinity'), coalesce(p.booking_by, '')) as fuller
      ) which
    )
    select
      :group as business_group_id,
      f.*,
      coalesce(f.profile_email, f.booking_email) as email,
      case when f.profile_email is not null then f.profile_email_key else f.booking_email_key end as email_key,
      case when coalesce(f.profile_first_name, f.profile_last_name) is not null
        then f.profile_first_name else f.booking_first_name end as first_name,
      case when coalesce(f.profile_first_name, f.profile_last_name) is not null
        then f.profile_last_name else f.booking_last_name end as last_name,
      nullif(concat_ws(' ', 'optIn ' || f.opt_in, f.opt_in_source, f.date_opted_in), '') as consent_words,
      null::text as link,
      false as is_shared,
      null::text collate "C" as lead_key
    from facts f`,
  )
  await run(
    client,
    facts,
    `insert into people
    select
      p.business_group_id, p.patron_id, false, p.customer_id, p.diner_brand_id, p.is_booker, p.has_profile,
      p.profile_email, p.profile_email_key, p.profile_first_name, p.profile_last_name, p.profile_updated_at,
      p.opt_in, p.opt_in_source, p.date_opted_in,
      p.booking_email, p.booking_email_key, p.booking_first_name, p.booking_last_name, p.booking_at, p.booking_by,
      p.consent_acted_on, p.kept_email_key, p.email, p.email_key, p.first_name, p.last_name,
      nullif(concat_ws(' ', 'optIn ' || p.opt_in, p.opt_in_source, p.date_opted_in), ''), null, false, null
    from ecellar.patrons p
    where p.winery_id = :winery
      and p.customer_id is null
      and p.email_key is not null
      and not exists (
        select from people o where o.business_group_id = p.business_group_id and o.patron_id = p.patron_id
      )`,
  )
  await client.query('analyze people')
  await run(
    client,
    facts,
    `update people p set is_shared = true
    from ecellar.shared_addresses a
    where a.winery_id = :winery
      and a.is_shared
      and a.email_key in (p.email_key, '@' || split_part(p.email_key, '@', 2))`,
  )
}

const storedFacts = [
  'customer_id',
  'email',
  'email_key',
  'first_name',
  'last_name',
  'diner_brand_id',
  'is_booker',
  'has_profile',
  'profile_email',
  'profile_email_key',
  'profile_first_name',
  'profile_last_name',
  'profile_updated_at',
  'opt_in',
  'opt_in_source',
  'date_opted_in',
  'booking_email',
  'booking_email_key',
  'booking_first_name',
  'booking_last_name',
  'booking_at',
  'booking_by',
  'consent_acted_on',
  'kept_email_key',
] as const

/** @returns how many patrons were written; those in which nothing differs are not touched */
export async function storePeople(client: pg.Client, facts: PullFacts): Promise<number> {
  const columns = storedFacts.join(', ')
  const inserted = await run(
    client,
    facts,
    `insert into ecellar.patrons (winery_id, business_group_id, patron_id, first_seen_pull, ${columns})
    select :winery, business_group_id, patron_id, :pull, ${columns}
    from people
    where is_new`,
  )
  const updated = await run(
    client,
    facts,
    `update ecellar.patrons p
    set ${storedFacts.map((column) => `${column} = o.${column}`).join(', ')}
    from people o
    where not o.is_new
      and p.winery_id = :winery and p.business_group_id = o.business_group_id and p.patron_id = o.patron_id
      and (${storedFacts.map((column) => `p.${column}`).join(', ')})
        is distinct from (${storedFacts.map((column) => `o.${column}`).join(', ')})`,
  )
  return (inserted.rowCount ?? 0) + (updated.rowCount ?? 0)
}
