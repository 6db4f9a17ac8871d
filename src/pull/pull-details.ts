/** What people look at beside a pull's figures, put together while the snapshot is staged, and read again. */

import { sql } from 'kysely'
import type pg from 'pg'
import {
  guestOutcomes,
  type PreviewFindings,
  type PullDetails,
  pullDetailsSchema,
} from '../contract/pull-details.ts'
import type { Db } from '../database/connect.ts'
import { inWinery } from '../database/tenant-session.ts'
import type { Sweep } from './apply/apply-snapshot.ts'
import { type PullFacts, run } from './named-sql.ts'
import { outcomeOf } from './preview-people.ts'

/** More are counted, not listed. */
const filesListed = 1000
const experiencesListed = 300
const examplesListed = 3

/** Beside the row of the pull, in its transaction where there is one. */
export async function storeDetails(
  client: pg.Client,
  pull: { wineryId: string; pullId: string },
  found: { guard: Sweep | null; preview: PreviewFindings | null },
): Promise<void> {
  const files = await client.query<PullDetails['files'][number]>(
    // What a file is called is part of its signed link; here they only have numbers.
    `select kind, (row_number() over (partition by kind order by file_no))::int as number, rows_read as rows,
      is_unchanged as unchanged
    from stage_files order by kind desc, file_no limit ${filesListed}`,
  )
  const details: PullDetails = { files: files.rows, ...found }
  await client.query('update ecellar.pulls set details = $3 where winery_id = $1 and pull_id = $2', [
    pull.wineryId,
    pull.pullId,
    JSON.stringify(details),
  ])
}

/** null: of a pull that ended before there was anything to say, or of an older version. */
export async function readDetails(
  db: Db,
  pull: { wineryId: string; pullId: string },
): Promise<PullDetails | null> {
  return inWinery(db, pull.wineryId, async (trx) => {
    const { rows } = await sql<{ details: unknown }>`
      select details from ecellar.pulls
      where winery_id = ${pull.wineryId} and pull_id = ${pull.pullId}`.execute(trx)
    const details = rows[0]?.details ?? null
    return details === null ? null : pullDetailsSchema.parse(details)
  })
}

/** Asked inside the preview's transaction, when everything stands as its initial pull would leave it. */
export async function previewFindings(client: pg.Client, facts: PullFacts): Promise<PreviewFindings> {
  const ofBusiness =
    'winery_id = :winery and brand_id = :brand and business_id = :business and missing_since is null'
  const years = await run<PreviewFindings['years'][number]>(
    client,
    facts,
    `select extract(year from local_start)::int as year, count(*)::int as reservations,
      coalesce(sum(party_size) filter (where not is_cancelled), 0)::int as guests,
      (count(*) filter (where is_cancelled))::int as cancelled
    from ecellar.reservations
    where ${ofBusiness}
    group by 1
    order by 1`,
  )
  const upcoming = await run<{ upcoming: number }>(
    client,
    facts,
    `select count(*)::int as upcoming from ecellar.reservations
    where ${ofBusiness} and starts_at >= :taken_at and not is_cancelled`,
  )
  const guests = await run<{ outcome: string; count: number }>(
    client,
    facts,
    `select ${outcomeOf} as outcome, count(*)::int as count
    from people p
    where p.business_group_id = :group
    group by 1`,
  )
  const exceptions = await run<PreviewFindings['exceptions'][number]>(
    client,
    facts,
    `select code, count(*)::int as count,
      coalesce((array_agg(tock_key order by tock_key) filter (where tock_key is not null))[1:${examplesListed}], '{}') as examples
    from (select distinct on (code, subject) code, subject, tock_key from current_exceptions order by code, subject, tock_key) x
    group by code
    order by 2 desc, 1`,
  )
  const experiences = await run<PreviewFindings['experiences'][number]>(
    client,
    facts,
    `select e.experience_id as "experienceId", e.name, count(r.tock_key)::int as reservations
    from ecellar.experiences e
    left join ecellar.reservations r
      on r.winery_id = e.winery_id and r.brand_id = e.brand_id and r.experience_id = e.experience_id
    where e.winery_id = :winery and e.brand_id = :brand
    group by e.experience_id, e.name
    order by 3 desc, 1
    limit ${experiencesListed}`,
  )
  const countOf = new Map(guests.rows.map(({ outcome, count }) => [outcome, count]))
  return {
    years: years.rows,
    upcoming: upcoming.rows[0]?.upcoming ?? 0,
    guests: Object.fromEntries(
      guestOutcomes.map((outcome) => [outcome, countOf.get(outcome) ?? 0]),
    ) as PreviewFindings['guests'],
    exceptions: exceptions.rows,
    experiences: experiences.rows,
  }
}
