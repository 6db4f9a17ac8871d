/** A report and its row in `ecellar.pulls`: the same figures under the names of each side. */

import type pg from 'pg'
import type { PullReport } from '../contract/pull-report.ts'

/** Column and where it stands in the report; `reporting.pulls` has the same columns. */
const figures = [
  ['snapshot_files', (r) => r.snapshot.files],
  ['snapshot_files_unchanged', (r) => r.snapshot.filesUnchanged],
  ['snapshot_bytes', (r) => r.snapshot.bytes],
  ['reservations_in_snapshot', (r) => r.reservations.inSnapshot],
  ['reservations_added', (r) => r.reservations.added],
  ['reservations_changed', (r) => r.reservations.changed],
  ['reservations_unchanged', (r) => r.reservations.unchanged],
  ['reservations_excluded', (r) => r.reservations.excluded],
  ['reservations_stale', (r) => r.reservations.stale],
  ['reservations_exceptions', (r) => r.reservations.exceptions],
  ['reservations_missing', (r) => r.reservations.missing],
  ['guests_read', (r) => r.guests.read],
  ['guests_archived', (r) => r.guests.archived],
  ['guests_without_email', (r) => r.guests.withoutEmail],
  ['guests_waiting', (r) => r.guests.waiting],
  ['guests_bookers_only', (r) => r.guests.bookersOnly],
  ['customers_created', (r) => r.customers.created],
  ['customers_matched', (r) => r.customers.matched],
  ['customers_unreleased', (r) => r.customers.unreleased],
  ['customers_doubtful', (r) => r.customers.doubtful],
  ['experiences_new', (r) => r.experiences.new],
  ['experiences_unmapped', (r) => r.experiences.unmapped],
  ['locations_new', (r) => r.locations.new],
  ['locations_unmapped', (r) => r.locations.unmapped],
  ['duration_ms', (r) => r.durationMs],
] as const satisfies readonly (readonly [string, (report: PullReport) => number])[]

export async function storeReport(
  client: pg.Client,
  place: { wineryId: string; brandId: string; businessId: string; startedAt: Date },
  report: PullReport,
): Promise<void> {
  const cells: [string, unknown][] = [
    ['winery_id', place.wineryId],
    ['pull_id', report.pullId],
    ['brand_id', place.brandId],
    ['business_id', place.businessId],
    ['kind', report.kind],
    ['status', report.status],
    ['error_code', report.error?.code ?? null],
    ['error_message', report.error?.message ?? null],
    ['next_step', report.error?.nextStep ?? null],
    ['waiting_for', report.waitingFor ?? null],
    ['started_at', place.startedAt],
    ['finished_at', new Date()],
    ['snapshot_taken_at', report.snapshot.takenAt],
    ['campaigns', report.campaigns === undefined ? null : JSON.stringify(report.campaigns)],
    ...figures.map(([column, figure]) => [column, figure(report)] as [string, unknown]),
  ]
  const columns = cells.map(([column]) => column)
  await client.query(
    `insert into ecellar.pulls (${columns.join(', ')})
    values (${columns.map((_, index) => `$${index + 1}`).join(', ')})
    on conflict (winery_id, pull_id) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    cells.map(([, value]) => value),
  )
}
