/**
 * A staged snapshot becomes the winery's data: compare, find out who is who, write what differs, count. Runs inside
 * a transaction of the caller, who commits it, or rolls it back for a preview and for what has to wait.
 */

import type pg from 'pg'
import type { PullReport } from '../../contract/pull-report.ts'
import { type PullFacts, run } from '../named-sql.ts'
import { type Comparison, compare } from './compare.ts'
import { createCustomers, followGuests, matchCustomers, releaseDue } from './customers.ts'
import { listExceptions } from './exceptions.ts'
import { collectExperiences } from './experiences.ts'
import { followDecisions } from './follow-decisions.ts'
import { gatherPeople, storePeople } from './people.ts'
import { writeReservations } from './reservations.ts'

export type Counts = Pick<PullReport, 'reservations' | 'guests' | 'customers' | 'experiences' | 'locations'>

/** What the guards of rule 8 look at. */
export type Sweep = { upcoming: Share; past: Share; created: number; customersBefore: number }
export type Share = { stored: number; lost: number }

export async function applySnapshot(
  client: pg.Client,
  facts: PullFacts,
): Promise<{ counts: Counts; sweep: Sweep }> {
  // The plans are over tables made a moment ago: compiling them costs more than it saves.
  await client.query('set local jit = off')
  await client.query(`set local work_mem = '64MB'`)
  // Whole snapshots are held against whole tables: hash joins. Without statistics (a winery's first days) the planner
  // expects few rows and would loop over them for minutes.
  await client.query('set local enable_nestloop = off')
  const comparison = await compare(client, facts)
  const sweep = await measureSweep(client, facts)
  const collected = await collectExperiences(client, facts)
  await gatherPeople(client, facts)
  await followDecisions(client, facts)
  const matched = await matchCustomers(client, facts)
  const created = await createCustomers(client, facts)
  const peopleWritten = await storePeople(client, facts)
  await followGuests(client, facts)
  await writeReservations(client, facts)
  await releaseDue(client, facts)
  await listExceptions(client, facts, comparison.hasStored)
  const wrote =
    comparison.added + comparison.changed + comparison.missing + peopleWritten + created + matched > 0
  await rememberSnapshot(client, facts, wrote)
  const counts = await countAll(client, facts, comparison)
  counts.customers.created = created
  counts.customers.matched = matched
  counts.experiences.new = collected.experiences
  counts.locations.new = collected.areas
  return { counts, sweep: { ...sweep, created } }
}

/** The share of the stored reservations that this snapshot would cancel or no longer shows. */
async function measureSweep(client: pg.Client, facts: PullFacts): Promise<Sweep> {
  const measured = await run<{
    upcoming: string
    past: string
    upcoming_lost: string
    past_lost: string
    customers: string
  }>(
    client,
    facts,
    `with lost as (
      select starts_at from gone
      union all
      select stored_start from verdicts where verdict = 'changed' and newly_cancelled and not was_missing
    )
    select
      count(*) filter (where starts_at >= :taken_at) as upcoming,
      count(*) filter (where starts_at < :taken_at) as past,
      (select count(*) from lost where starts_at >= :taken_at) as upcoming_lost,
      (select count(*) from lost where starts_at < :taken_at) as past_lost,
      (select count(*) from ecellar.customers where winery_id = :winery) as customers
    from ecellar.reservations
    where winery_id = :winery and brand_id = :brand and business_id = :business and missing_since is null`,
  )
  const row = measured.rows[0]
  return {
    upcoming: { stored: Number(row?.upcoming ?? 0), lost: Number(row?.upcoming_lost ?? 0) },
    past: { stored: Number(row?.past ?? 0), lost: Number(row?.past_lost ?? 0) },
    created: 0,
    customersBefore: Number(row?.customers ?? 0),
  }
}

/** The files (rule 9) and the place of this snapshot as the last applied one. */
async function rememberSnapshot(client: pg.Client, facts: PullFacts, wrote: boolean): Promise<void> {
  await run(
    client,
    facts,
    `delete from ecellar.snapshot_files f
    where f.winery_id = :winery and f.brand_id = :brand and f.business_id = :business
      and not exists (
        select from stage_files s where s.is_unchanged and s.etag is not null and s.kind = f.kind and s.file_id = f.file_id
      )`,
  )
  await run(
    client,
    facts,
    `insert into ecellar.snapshot_files (winery_id, brand_id, business_id, kind, file_id, etag, reader_version,
      rows_read, archived, without_email, excluded, kept_keys, other_keys, row_exceptions)
    select :winery, :brand, :business, kind, file_id, etag, reader_version, rows_read, archived, without_email, excluded,
      case when etag is null then '{}' else kept_keys end, case when etag is null then '{}' else other_keys end, row_exceptions
    from stage_files
    on conflict do nothing`,
  )
  if (wrote) {
    await run(
      client,
      facts,
      'update ecellar.wineries set identity_revision = identity_revision + 1 where winery_id = :winery',
    )
  }
  await run(
    client,
    facts,
    `update ecellar.brand_businesses bb
    set last_snapshot_at = :taken_at,
      last_pull_id = :pull,
      initial_pull_id = coalesce(bb.initial_pull_id, :pull),
      business_name = coalesce((select max(business_name) from stage_files), bb.business_name),
      time_zone = coalesce((select max(time_zone) from stage_files), bb.time_zone),
      matched_revision = (select identity_revision from ecellar.wineries where winery_id = :winery)
    where bb.winery_id = :winery and bb.brand_id = :brand and bb.business_id = :business`,
  )
}

/** The figures of the report that are the state after the pull, not its doing. */
export async function countState(
  client: pg.Client,
  facts: PullFacts,
): Promise<{ unreleased: number; doubtful: number; experiences: number; areas: number }> {
  const counted = await run<{ unreleased: string; doubtful: string; experiences: string; areas: string }>(
    client,
    facts,
    `select
      (select count(*) from ecellar.customers where winery_id = :winery and released_at is null) as unreleased,
      (select count(*) from ecellar.exceptions where winery_id = :winery and resolved_at is null and business_id is null) as doubtful,
      (select count(*) from ecellar.experiences
        where winery_id = :winery and brand_id = :brand and reservation_type_id is null and not ignored) as experiences,
      (select count(*) from ecellar.seating_areas a
        join ecellar.brands b on b.winery_id = a.winery_id and b.brand_id = a.brand_id
        where a.winery_id = :winery and a.brand_id = :brand and coalesce(a.location_id, b.default_location_id) is null) as areas`,
  )
  const row = counted.rows[0]
  return {
    unreleased: Number(row?.unreleased ?? 0),
    doubtful: Number(row?.doubtful ?? 0),
    experiences: Number(row?.experiences ?? 0),
    areas: Number(row?.areas ?? 0),
  }
}

/** What the files say of themselves, unchanged ones as when they were read. */
export async function countFiles(
  client: pg.Client,
  facts: PullFacts,
): Promise<{
  inSnapshot: number
  excluded: number
  exceptions: number
  read: number
  archived: number
  withoutEmail: number
}> {
  const counted = await run<
    Record<'in_snapshot' | 'excluded' | 'exceptions' | 'read' | 'archived' | 'without_email', string>
  >(
    client,
    facts,
    `select
      coalesce(sum(rows_read) filter (where kind = 'reservations'), 0) as in_snapshot,
      coalesce(sum(excluded), 0) as excluded,
      coalesce(sum(jsonb_array_length(row_exceptions)), 0) as exceptions,
      coalesce(sum(rows_read) filter (where kind = 'guests'), 0) as read,
      coalesce(sum(archived), 0) as archived,
      coalesce(sum(without_email), 0) as without_email
    from stage_files`,
  )
  const row = counted.rows[0]
  if (!row) throw new Error('A sum gives one row')
  return {
    inSnapshot: Number(row.in_snapshot),
    excluded: Number(row.excluded),
    exceptions: Number(row.exceptions),
    read: Number(row.read),
    archived: Number(row.archived),
    withoutEmail: Number(row.without_email),
  }
}

async function countAll(client: pg.Client, facts: PullFacts, comparison: Comparison): Promise<Counts> {
  const { hasStored: _, ...compared } = comparison
  const files = await countFiles(client, facts)
  const state = await countState(client, facts)
  // Guests of the group that are nobody's customer yet: who only booked for others, and who waits (rule 17).
  const guests = await run<{ bookers_only: string; waiting: string }>(
    client,
    facts,
    `select
      count(*) filter (where is_booker) as bookers_only,
      count(*) filter (where not is_booker) as waiting
    from people
    where business_group_id = :group and customer_id is null and email_key is not null and not is_shared
      and has_profile and diner_brand_id is null`,
  )
  const wanted = await run<{ wanted: boolean }>(
    client,
    facts,
    'select guests_without_reservation as wanted from ecellar.wineries where winery_id = :winery',
  )
  return {
    reservations: {
      inSnapshot: files.inSnapshot,
      ...compared,
      excluded: files.excluded,
      exceptions: files.exceptions,
    },
    guests: {
      read: files.read,
      archived: files.archived,
      withoutEmail: files.withoutEmail,
      waiting: wanted.rows[0]?.wanted ? Number(guests.rows[0]?.waiting ?? 0) : 0,
      bookersOnly: Number(guests.rows[0]?.bookers_only ?? 0),
    },
    customers: { created: 0, matched: 0, unreleased: state.unreleased, doubtful: state.doubtful },
    experiences: { new: 0, unmapped: state.experiences },
    locations: { new: 0, unmapped: state.areas },
  }
}
