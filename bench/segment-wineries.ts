/**
 * Wineries to count in, made as sets in the database: brands in two zones, most bookings by few customers, every
 * status, rows that Tock no longer shows, mapped and unmapped experiences. No pull is needed for them.
 */

import type pg from 'pg'

export type BenchWinery = { wineryId: string; name: string; customers: number; reservations: number }

/** The instant that everything is asked at, some hours after each brand's last snapshot. */
export const benchNow = new Date('2026-11-20T20:00:00Z')

/** @returns the winery, as it would be some time after its pulls: vacuumed and analysed by `settle` */
export async function makeWinery(
  client: pg.Client,
  slug: string,
  { customers, reservations }: { customers: number; reservations: number },
): Promise<BenchWinery> {
  const { rows } = await client.query<{ winery_id: string }>(
    'insert into ecellar.wineries (slug, name) values ($1, $1) returning winery_id::text',
    [slug],
  )
  const wineryId = rows[0]?.winery_id ?? ''
  const run = (text: string) => client.query(text.replaceAll(':winery', wineryId))
  // The same every time.
  await run('select setseed(0.11)')
  await run(`
    insert into ecellar.list_entries (winery_id, list, name, not_a_visit)
    values (:winery, 'customer source', 'Tock', false), (:winery, 'customer source', 'Web', false),
      (:winery, 'customer type', 'Guest', false), (:winery, 'customer type', 'Club', false),
      (:winery, 'reservation type', 'Tasting', false), (:winery, 'reservation type', 'Tour', false),
      (:winery, 'reservation type', 'Virtual', true), (:winery, 'location', 'Garden', false)`)
  await run(`
    insert into ecellar.brands (winery_id, code, name, business_group_id, business_id)
    select :winery, code, code, 'g:winery', 'b:winery' || code
    from unnest(array['A', 'B', 'C', 'D']) code`)
  await run(`
    insert into ecellar.brand_businesses (winery_id, brand_id, business_id, business_group_id, time_zone, last_snapshot_at)
    select winery_id, brand_id, business_id, business_group_id,
      case when code = 'D' then 'America/New_York' else 'America/Los_Angeles' end, '2026-11-20 13:57Z'
    from ecellar.brands
    where winery_id = :winery`)
  await run(`
    insert into ecellar.experiences (winery_id, brand_id, experience_id, name, reservation_type_id)
    select :winery, b.brand_id, b.code || n, 'Experience ' || n, t.entry_id
    from ecellar.brands b
    cross join generate_series(1, 6) n
    left join ecellar.list_entries t on t.winery_id = :winery
      and t.name = (array['Tasting', 'Tasting', 'Tour', 'Virtual'])[n]
    where b.winery_id = :winery`)
  await run(`
    insert into ecellar.seating_areas (winery_id, brand_id, seating_area_id, name)
    select :winery, b.brand_id, b.code || n, 'Area ' || n
    from ecellar.brands b
    cross join generate_series(1, 3) n
    where b.winery_id = :winery`)
  await run(customersOf(customers))
  // Or the next statement is planned as if there were none.
  await run('analyze ecellar.customers, ecellar.brands, ecellar.brand_businesses')
  await run(reservationsOf(customers, reservations))
  return { wineryId, name: slug, customers, reservations }
}

/** What autovacuum does some minutes after a large pull. */
export async function settle(client: pg.Client): Promise<void> {
  await client.query('vacuum (analyze) ecellar.customers')
  await client.query('vacuum (analyze) ecellar.reservations')
  await client.query('analyze')
  await client.query('checkpoint')
}

function customersOf(customers: number): string {
  return `
    insert into ecellar.customers (winery_id, email, email_key, first_name, last_name, customer_source_id,
      customer_type_id, email_consent, bounced, active, club_member, tags, released_at, created_at, created_by)
    select :winery, email, email, 'First' || n % 900, 'Last' || n % 7000, source.entry_id, type.entry_id,
      case when consent < 0.62 then 'in' when consent < 0.74 then 'out' else 'unknown' end,
      random() < 0.02, random() > 0.03, type.name = 'Club',
      case when random() < 0.1 then array['VIP'] else '{}' end,
      case when random() < 0.95 then made_at end, made_at, case when from_tock then 'tock' else 'import' end
    from (
      select n, random() as consent, random() < 0.7 as from_tock,
        case when random() < 0.96 then 'guest' || n || '@example.com' end as email,
        timestamptz '2026-11-20 08:00Z' - random() * interval '5 years' as made_at,
        case when random() < 0.15 then 'Club' else 'Guest' end as type_name
      from generate_series(1, ${customers}) n
    ) one
    join ecellar.list_entries source
      on source.winery_id = :winery and source.name = case when from_tock then 'Tock' else 'Web' end
    join ecellar.list_entries type on type.winery_id = :winery and type.name = one.type_name
    order by n`
}

/** In the order of their booking, as they come from pulls; a fifth of the customers has none, and few have many. */
function reservationsOf(customers: number, reservations: number): string {
  return `
    with numbered as materialized (
      select customer_id, row_number() over (order by customer_id % 7919, customer_id) - 1 as place
      from ecellar.customers
      where winery_id = :winery
    ),
    drawn as (
      select n, floor(power(random(), 1.8) * ${Math.round(customers * 0.8)})::bigint as place, random() as brand, random() as state,
        random() as missing, random() as lacks, 1 + floor(power(random(), 1.5) * 6)::int as experience,
        -- Bookings are made up to two months ahead; some lie beyond today.
        timestamp '2021-11-20' + interval '5 years' * n / ${reservations}::float
          + date_trunc('hour', power(random(), 3) * interval '60 days') + interval '30 minutes' * floor(random() * 2) as local_start,
        timestamptz '2021-11-20Z' + interval '5 years' * n / ${reservations}::float as booked_at
      from generate_series(1, ${reservations}) n
    )
    insert into ecellar.reservations (winery_id, brand_id, business_id, tock_key, starts_at, created_at, updated_at, sequence_id,
      customer_id, first_seen_pull, changed_in_pull, missing_since, last_shown_at, local_start, party_size, is_cancelled, status,
      tock_state, time_zone, experience_id, seating_area_id, party_name, notes, guest_patron_id, owner_patron_id, guest_email,
      guest_first_name, guest_last_name)
    select :winery, b.brand_id, b.business_id, 'r:' || n, local_start at time zone bb.time_zone, booked_at, booked_at, n,
      case when lacks > 0.05 then c.customer_id end, 1, 1,
      case when missing < 0.01 then timestamptz '2026-06-01Z' end, case when missing < 0.01 then timestamptz '2026-05-31 13:57Z' end,
      local_start, 2 + (n % 5)::int, state between 0.80 and 0.91,
      case
        when state between 0.80 and 0.91 then 'Cancelled'
        when state between 0.91 and 0.95 and local_start < timestamp '2026-11-20' then 'No Show'
        when state > 0.985 then 'Transferred'
        when local_start > timestamp '2026-11-20' then case when state < 0.3 then 'Booked' else 'Confirmed' end
        when state between 0.70 and 0.80 then 'Confirmed'
        else 'Completed'
      end,
      'LEFT', bb.time_zone, b.code || experience, b.code || 1 + n % 3, 'First' || place % 900 || ' Last' || place % 7000,
      case when n % 6 = 0 then 'Celebrates a birthday, would like a table outside if that is possible' end,
      'p' || place, 'p' || place, 'guest' || place || '@example.com', 'First' || place % 900, 'Last' || place % 7000
    from drawn
    join numbered c using (place)
    join ecellar.brands b on b.winery_id = :winery
      and b.code = case when brand < 0.5 then 'A' when brand < 0.75 then 'B' when brand < 0.92 then 'C' else 'D' end
    join ecellar.brand_businesses bb on bb.winery_id = :winery and bb.brand_id = b.brand_id
    order by n`
}
