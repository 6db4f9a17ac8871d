/**
 * Holds the staged rows against the stored ones (rules 2, 4, 6, 7): which are new, changed, unchanged, stale,
 * and which stored ones the snapshot no longer shows. Writes nothing but temporary tables.
 */

import type pg from 'pg'
import { type PullFacts, run } from '../named-sql.ts'

export type Comparison = {
  added: number
  changed: number
  unchanged: number
  stale: number
  missing: number
  /** False on the first pull of a business: then nothing needs comparing. */
  hasStored: boolean
}

/** What of a reservation makes it another one when it differs; the change markers do not. */
export const comparedColumns = [
  'starts_at',
  'local_start',
  'time_zone',
  'party_name',
  'party_size',
  'notes',
  'status',
  'tock_state',
  'is_cancelled',
  'experience_id',
  'seating_area_id',
  'guest_patron_id',
  'owner_patron_id',
  'guest_email',
  'guest_first_name',
  'guest_last_name',
  'created_at',
] as const

export async function compare(client: pg.Client, facts: PullFacts): Promise<Comparison> {
  const doubled = await dropDoubled(client, facts)
  await presentInUnchangedFiles(client, facts)
  const stored = await run<{ has: boolean }>(
    client,
    facts,
    `select exists (select from ecellar.reservations where winery_id = :winery and brand_id = :brand and business_id = :business) as has`,
  )
  const hasStored = stored.rows[0]?.has ?? false
  await makeVerdicts(client, facts, hasStored)
  await makeGone(client, facts, hasStored)
  await readStaleAgain(client, facts)
  const counts = await run<{
    staged: string
    known: string
    changed: string
    unchanged: string
    stale: string
    kept: string
    gone: string
  }>(
    client,
    facts,
    `select
      (select count(*) from stage_reservations) as staged,
      count(*) as known,
      -- One that returned counts as changed (rule 5), also by a stale row, of which nothing else is taken.
      count(*) filter (where verdict = 'changed' or verdict = 'stale' and was_missing) as changed,
      count(*) filter (where verdict in ('unchanged', 'marker')) as unchanged,
      count(*) filter (where verdict = 'stale' and not was_missing) as stale,
      (select count(*) from stage_present where is_kept) as kept,
      (select count(*) from gone) as gone
    from verdicts`,
  )
  const count = counts.rows[0]
  if (!count) throw new Error('A count gives one row')
  return {
    added: Number(count.staged) - Number(count.known),
    changed: Number(count.changed),
    unchanged: Number(count.unchanged) + Number(count.kept),
    stale: Number(count.stale) + doubled,
    missing: Number(count.gone),
    hasStored,
  }
}

/** A key twice in one snapshot: the higher sequence wins, then the later edit (rule 2). @returns how many lost */
async function dropDoubled(client: pg.Client, facts: PullFacts): Promise<number> {
  await run(
    client,
    facts,
    `create temp table doubled on commit drop as
    select tock_key from stage_reservations group by tock_key having count(*) > 1`,
  )
  const lost = await run<{ lost: string }>(
    client,
    facts,
    `with ranked as (
      select s.ctid as place, s.file_no, row_number() over (
        partition by s.tock_key
        order by s.sequence_id desc nulls last, s.updated_at desc nulls last,
          (to_jsonb(s) - 'file_no' - 'row_no')::text desc
      ) as place_in_line
      from stage_reservations s
      join doubled using (tock_key)
    ), uncached as (
      update stage_files set etag = null where kind = 'reservations' and file_no in (select file_no from ranked)
    ), dropped as (
      delete from stage_reservations s using ranked where s.ctid = ranked.place and place_in_line > 1 returning 1
    )
    select count(*) as lost from dropped`,
  )
  await run(
    client,
    facts,
    `with ranked as (
      select g.ctid as place, g.file_no, row_number() over (
        partition by g.patron_id
        order by g.updated_at desc nulls last, (to_jsonb(g) - 'file_no' - 'row_no')::text desc
      ) as place_in_line
      from stage_guests g
      where g.patron_id in (select patron_id from stage_guests group by patron_id having count(*) > 1)
    ), uncached as (
      update stage_files set etag = null where kind = 'guests' and file_no in (select file_no from ranked)
    )
    delete from stage_guests g using ranked where g.ctid = ranked.place and place_in_line > 1`,
  )
  return Number(lost.rows[0]?.lost ?? 0)
}

/** What the unchanged files hold counts as present, as if they had been read (rule 9). */
async function presentInUnchangedFiles(client: pg.Client, facts: PullFacts): Promise<void> {
  await run(
    client,
    facts,
    `create temp table stage_present on commit drop as
    select unnest(kept_keys) collate "C" as tock_key, file_no, true as is_kept
    from stage_files where kind = 'reservations' and is_unchanged
    union all
    select unnest(other_keys) collate "C", file_no, false from stage_files where kind = 'reservations'`,
  )
  await client.query('analyze stage_present')
}

async function makeVerdicts(client: pg.Client, facts: PullFacts, hasStored: boolean): Promise<void> {
  const kept = (alias: string) => `(${comparedColumns.map((column) => `${alias}.${column}`).join(', ')})`
  await run(
    client,
    facts,
    `create temp table verdicts on commit drop as
    select
      s.tock_key,
      case
        when coalesce(s.sequence_id < r.sequence_id, s.updated_at < r.updated_at, false) then 'stale'
        when ${kept('s')} is distinct from ${kept('r')} or r.missing_since is not null then 'changed'
        when (coalesce(s.sequence_id, r.sequence_id), coalesce(s.updated_at, r.updated_at))
          is distinct from (r.sequence_id, r.updated_at) then 'marker'
        else 'unchanged'
      end as verdict,
      r.starts_at as stored_start,
      r.missing_since is not null as was_missing,
      s.status = 'Cancelled' and r.status not in ('Cancelled', 'Transferred') as newly_cancelled
    from stage_reservations s
    join ecellar.reservations r
      on r.winery_id = :winery and r.brand_id = :brand and r.business_id = :business and r.tock_key = s.tock_key
    ${hasStored ? '' : 'where false'}`,
  )
  await client.query('analyze verdicts')
}

/** A file with a stale row is read the next time as well, unchanged or not: what is stored would count it as unchanged (rule 9). */
async function readStaleAgain(client: pg.Client, facts: PullFacts): Promise<void> {
  await run(
    client,
    facts,
    `update stage_files set etag = null
    where kind = 'reservations'
      and file_no in (
        select s.file_no from stage_reservations s join verdicts v using (tock_key) where v.verdict = 'stale'
      )`,
  )
}

async function makeGone(client: pg.Client, facts: PullFacts, hasStored: boolean): Promise<void> {
  await run(
    client,
    facts,
    `create temp table gone on commit drop as
    select r.tock_key, r.starts_at
    from ecellar.reservations r
    where r.winery_id = :winery and r.brand_id = :brand and r.business_id = :business
      and r.missing_since is null
      and not exists (select from stage_reservations s where s.tock_key = r.tock_key)
      and not exists (select from stage_present p where p.tock_key = r.tock_key)
      ${hasStored ? '' : 'and false'}`,
  )
}
