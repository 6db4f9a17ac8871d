/** The report of a pull of the past, from its row. */

import { sql } from 'kysely'
import type { CampaignEffect } from '../contract/campaign.ts'
import { type ErrorCode, Refusal } from '../contract/errors.ts'
import type { PullKind, PullReport, PullStatus } from '../contract/pull-report.ts'
import type { Db } from '../database/connect.ts'
import { inWinery } from '../database/tenant-session.ts'

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
  campaigns: CampaignEffect[] | null
  started_at: Date
  finished_at: Date
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
  if (!row) throw new Refusal('not_found', `There is no pull ${pullId}.`, 'Look at the list of pulls.')
  return { report: reportOf(row), wineryId: row.winery_id, businessId: row.business_id }
}

export type ListedPull = PullReport & { startedAt: Date; finishedAt: Date }

/** A winery's pulls, the newest first. */
export async function pageOfPulls(
  db: Db,
  wineryId: string,
  part: {
    /** Of these brands; null: of all. */
    brandIds: string[] | null
    /** Nothing but this one. */
    pullId?: string | undefined
    kind?: PullKind | undefined
    status?: PullStatus | undefined
    /** The number that the page before ended with. */
    before: string | null
    limit: number
  },
): Promise<ListedPull[]> {
  const { brandIds, pullId = null, kind = null, status = null, before, limit } = part
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<Row>`
      select p.*, w.slug as winery, b.code as brand
      from ecellar.pulls p
      join ecellar.wineries w on w.winery_id = p.winery_id
      join ecellar.brands b on b.winery_id = p.winery_id and b.brand_id = p.brand_id
      where p.winery_id = ${wineryId}
        and (${brandIds}::bigint[] is null or p.brand_id = any(${brandIds}::bigint[]))
        and (${pullId}::bigint is null or p.pull_id = ${pullId})
        and (${kind}::text is null or p.kind = ${kind})
        and (${status}::text is null or p.status = ${status})
        and (${before}::bigint is null or p.pull_id < ${before})
      order by p.pull_id desc
      limit ${limit}`.execute(trx)
    return rows.map((row) => ({
      ...reportOf(row),
      startedAt: row.started_at,
      finishedAt: row.finished_at,
    }))
  })
}

function reportOf(row: Row): PullReport {
  const figure = (name: string) => row[name] ?? 0
  return {
    pullId: row.pull_id,
    winery: row.winery,
    brand: row.brand,
    kind: row.kind,
    status: row.status,
    ...(row.error_code
      ? { error: { code: row.error_code, message: row.error_message ?? '', nextStep: row.next_step ?? '' } }
      : {}),
    ...(row.waiting_for ? { waitingFor: row.waiting_for } : {}),
    ...(row.campaigns ? { campaigns: row.campaigns } : {}),
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
}
