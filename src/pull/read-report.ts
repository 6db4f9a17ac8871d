/** The report of a pull of the past, from its row. */

import { sql } from 'kysely'
import { type ErrorCode, Refusal } from '../contract/errors.ts'
import type { PullKind, PullReport, PullStatus } from '../contract/pull-report.ts'
import type { Db } from '../database/connect.ts'

type Row = Record<string, number> & {
  winery_id: string
  business_id: string
  pull_id: string
  winery: string
  brand: string
  kind: PullKind
  status: PullStatus
  error_code: ErrorCode | null
  error_message: string | null
  next_step: string | null
  waiting_for: string | null
  snapshot_taken_at: Date | null
  snapshot_bytes: string
}

/** @throws Refusal not_found */
export async function readReport(
  db: Db,
  pullId: string,
): Promise<{ report: PullReport; wineryId: string; businessId: string }> {
  const found = /^\d{1,18}$/.test(pullId)
    ? await sql<Row>`
        select p.*, w.slug as winery, b.code as brand
        from ecellar.pulls p
        join ecellar.wineries w on w.winery_id = p.winery_id
        join ecellar.brands b on b.winery_id = p.winery_id and b.brand_id = p.brand_id
        where p.pull_id = ${pullId}`.execute(db)
    : { rows: [] }
  const row = found.rows[0]
  if (!row) throw new Refusal('not_found', `There is no pull ${pullId}.`, 'Look at "pulls list".')
  const figure = (name: string) => row[name] ?? 0
  const report: PullReport = {
    pullId: row.pull_id,
    winery: row.winery,
    brand: row.brand,
    kind: row.kind,
    status: row.status,
    ...(row.error_code
      ? { error: { code: row.error_code, message: row.error_message ?? '', nextStep: row.next_step ?? '' } }
      : {}),
    ...(row.waiting_for ? { waitingFor: row.waiting_for } : {}),
    snapshot: {
      takenAt: row.snapshot_taken_at?.toISOString() ?? null,
      files: figure('snapshot_files'),
      filesUnchanged: figure('snapshot_files_unchanged'),
      bytes: Number(row.snapshot_bytes),
    },
    reservations: {
      inSnapshot: figure('reservations_in_snapshot'),
      added: figure('reservations_added'),
      changed: figure('reservations_changed'),
      unchanged: figure('reservations_unchanged'),
      excluded: figure('reservations_excluded'),
      stale: figure('reservations_stale'),
      exceptions: figure('reservations_exceptions'),
      missing: figure('reservations_missing'),
    },
    guests: {
      read: figure('guests_read'),
      archived: figure('guests_archived'),
      withoutEmail: figure('guests_without_email'),
      waiting: figure('guests_waiting'),
      bookersOnly: figure('guests_bookers_only'),
    },
    customers: {
      created: figure('customers_created'),
      matched: figure('customers_matched'),
      unreleased: figure('customers_unreleased'),
      doubtful: figure('customers_doubtful'),
    },
    experiences: { new: figure('experiences_new'), unmapped: figure('experiences_unmapped') },
    locations: { new: figure('locations_new'), unmapped: figure('locations_unmapped') },
    durationMs: figure('duration_ms'),
  }
  return { report, wineryId: row.winery_id, businessId: row.business_id }
}
