/** Writes what differs of the reservations, with its history; unchanged rows are not touched (rules 4-7, 23). */

import type pg from 'pg'
import { type PullFacts, run } from '../named-sql.ts'
import { comparedColumns } from './compare.ts'

export async function writeReservations(client: pg.Client, facts: PullFacts): Promise<void> {
  await followLinks(client, facts)
  await rememberChanges(client, facts)
  await run(
    client,
    facts,
    `update ecellar.reservations r
    set ${comparedColumns.map((column) => `${column} = s.${column}`).join(', ')},
      sequence_id = coalesce(s.sequence_id, r.sequence_id),
      updated_at = coalesce(s.updated_at, r.updated_at),
      customer_id = p.customer_id,
      missing_since = null,
      last_shown_at = null,
      changed_in_pull = case when v.verdict = 'changed' then :pull else r.changed_in_pull end
    from verdicts v
    join stage_reservations s on s.tock_key = v.tock_key
    left join people p on p.business_group_id = :group and p.patron_id = s.guest_patron_id
    where v.verdict in ('changed', 'marker')
      and r.winery_id = :winery and r.brand_id = :brand and r.business_id = :business and r.tock_key = v.tock_key`,
  )
  await markMissing(client, facts)
  await unmarkShown(client, facts)
  await run(
    client,
    facts,
    `insert into ecellar.reservations (winery_id, brand_id, business_id, tock_key, first_seen_pull, changed_in_pull,
      customer_id, sequence_id, updated_at, ${comparedColumns.join(', ')})
    select :winery, :brand, :business, s.tock_key, :pull, :pull,
      p.customer_id, s.sequence_id, s.updated_at, ${comparedColumns.map((column) => `s.${column}`).join(', ')}
    from stage_reservations s
    left join verdicts v on v.tock_key = s.tock_key
    left join people p on p.business_group_id = :group and p.patron_id = s.guest_patron_id
    where v.tock_key is null`,
  )
}

/** Reservations that were kept without a customer, or whose guest now leads to one. */
async function followLinks(client: pg.Client, facts: PullFacts): Promise<void> {
  await run(
    client,
    facts,
    `with followed as (
      update ecellar.reservations r
      set customer_id = p.customer_id
      from people p, ecellar.brand_businesses bb
      where p.link is not null and not p.is_new
        and r.winery_id = :winery and r.guest_patron_id = p.patron_id
        and r.customer_id is distinct from p.customer_id
        and bb.winery_id = r.winery_id and bb.brand_id = r.brand_id and bb.business_id = r.business_id
        and bb.business_group_id = p.business_group_id
      returning r.brand_id, r.reservation_id, r.customer_id
    )
    insert into ecellar.changes (winery_id, pull_id, brand_id, entity, entity_id, field, before, after, changed_at, made_by)
    select :winery, :pull, brand_id, 'reservation', reservation_id, 'customer_id', null, customer_id::text, :now, 'pull'
    from followed`,
  )
}

async function rememberChanges(client: pg.Client, facts: PullFacts): Promise<void> {
  const fields = comparedColumns.map((column) => `('${column}', r.${column}::text, s.${column}::text)`)
  await run(
    client,
    facts,
    `insert into ecellar.changes (winery_id, pull_id, brand_id, entity, entity_id, field, before, after, changed_at, made_by)
    select :winery, :pull, :brand, 'reservation', r.reservation_id, f.field, f.before, f.after, :now, 'pull'
    from verdicts v
    join stage_reservations s on s.tock_key = v.tock_key
    join ecellar.reservations r
      on r.winery_id = :winery and r.brand_id = :brand and r.business_id = :business and r.tock_key = v.tock_key
    cross join lateral (values ${fields.join(', ')}, ('missing_since', r.missing_since::text, null)) f (field, before, after)
    where v.verdict = 'changed' and f.before is distinct from f.after`,
  )
}

/** Nothing is deleted: what a complete snapshot no longer shows is marked (rule 7). */
async function markMissing(client: pg.Client, facts: PullFacts): Promise<void> {
  await run(
    client,
    facts,
    `with marked as (
      update ecellar.reservations r
      set missing_since = :taken_at, changed_in_pull = :pull,
        last_shown_at = (
          select bb.last_snapshot_at from ecellar.brand_businesses bb
          where bb.winery_id = :winery and bb.brand_id = :brand and bb.business_id = :business
        )
      from gone
      where r.winery_id = :winery and r.brand_id = :brand and r.business_id = :business and r.tock_key = gone.tock_key
      returning r.reservation_id
    )
    insert into ecellar.changes (winery_id, pull_id, brand_id, entity, entity_id, field, before, after, changed_at, made_by)
    select :winery, :pull, :brand, 'reservation', reservation_id, 'missing_since', null, :taken_at::text, :now, 'pull'
    from marked`,
  )
}

/** Stale rows, and rows that are not kept, are present all the same: they unmark, and change nothing else. */
async function unmarkShown(client: pg.Client, facts: PullFacts): Promise<void> {
  await run(
    client,
    facts,
    `with shown as (
      select r.tock_key, r.reservation_id, r.missing_since
      from ecellar.reservations r
      where r.winery_id = :winery and r.brand_id = :brand and r.business_id = :business
        and r.missing_since is not null
        and r.tock_key in (
          select tock_key from verdicts where verdict = 'stale' and was_missing
          union all
          select tock_key from stage_present
        )
    ), unmarked as (
      update ecellar.reservations r
      set missing_since = null, last_shown_at = null, changed_in_pull = :pull
      from shown
      where r.winery_id = :winery and r.brand_id = :brand and r.business_id = :business and r.tock_key = shown.tock_key
    )
    insert into ecellar.changes (winery_id, pull_id, brand_id, entity, entity_id, field, before, after, changed_at, made_by)
    select :winery, :pull, :brand, 'reservation', reservation_id, 'missing_since', missing_since::text, null, :now, 'pull'
    from shown`,
  )
}
