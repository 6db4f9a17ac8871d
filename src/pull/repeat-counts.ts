/** A pull in which nothing moved: no file, and nothing that guests could be matched to (rule 9). */

import type pg from 'pg'
import type { PullReport } from '../contract/pull-report.ts'
import { countFiles, countState } from './apply/apply-snapshot.ts'
import { type PullFacts, run } from './named-sql.ts'
import type { BrandToPull } from './prepare.ts'

export async function nothingToMatch(
  client: pg.Client,
  facts: PullFacts,
  brand: BrandToPull,
): Promise<boolean> {
  if (brand.lastPullId === null || brand.initialPullId === null) return false
  const same = await run<{ same: boolean }>(
    client,
    facts,
    `select w.identity_revision = bb.matched_revision
      and not exists (select from ecellar.customers where winery_id = :winery and released_at is null and release_due_at <= :now) as same
    from ecellar.wineries w
    join ecellar.brand_businesses bb on bb.winery_id = w.winery_id and bb.brand_id = :brand and bb.business_id = :business
    where w.winery_id = :winery`,
  )
  return same.rows[0]?.same ?? false
}

/** Nothing moved since the last applied pull: the same counts as if every file had been read again (rule 9). */
export async function repeatCounts(
  client: pg.Client,
  facts: PullFacts,
  brand: BrandToPull,
  report: PullReport,
): Promise<void> {
  const files = await countFiles(client, facts)
  const state = await countState(client, facts)
  const last = await client.query<{ guests_waiting: number; guests_bookers_only: number }>(
    'select guests_waiting, guests_bookers_only from ecellar.pulls where winery_id = $1 and pull_id = $2',
    [brand.wineryId, brand.lastPullId],
  )
  report.reservations = {
    ...report.reservations,
    inSnapshot: files.inSnapshot,
    unchanged: files.inSnapshot - files.excluded - files.exceptions,
    excluded: files.excluded,
    exceptions: files.exceptions,
  }
  report.guests = {
    read: files.read,
    archived: files.archived,
    withoutEmail: files.withoutEmail,
    waiting: last.rows[0]?.guests_waiting ?? 0,
    bookersOnly: last.rows[0]?.guests_bookers_only ?? 0,
  }
  report.customers = { ...report.customers, unreleased: state.unreleased, doubtful: state.doubtful }
  report.experiences = { new: 0, unmapped: state.experiences }
  report.locations = { new: 0, unmapped: state.areas }
  if (report.kind === 'preview') return
  await run(
    client,
    facts,
    `update ecellar.brand_businesses set last_snapshot_at = :taken_at, last_pull_id = :pull
    where winery_id = :winery and brand_id = :brand and business_id = :business`,
  )
}
