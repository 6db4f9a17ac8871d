/**
 * One pull of one brand: ask Tock, stage, check, apply in one transaction, report. Everything before the transaction
 * touches temporary tables only, so a pull that is killed, refused or incomplete leaves the data as it was.
 */

import type pg from 'pg'
import type { Secrets } from '../access/secrets.ts'
import { readTockKey } from '../access/tock-keys.ts'
import { Refusal } from '../contract/errors.ts'
import type { PreviewFindings } from '../contract/pull-details.ts'
import { emptyReport, type PullKind, type PullReport } from '../contract/pull-report.ts'
import type { Database } from '../database/connect.ts'
import { kyselyOn } from '../database/kysely-on.ts'
import { brandLockSpace } from '../database/tenant-session.ts'
import { effectsOfPull } from '../segments/campaign-effects.ts'
import type { Progress, TockConnection } from '../tock/read-snapshot.ts'
import { applySnapshot, type Sweep } from './apply/apply-snapshot.ts'
import { clearStage, createStage, dropKeptStage, keepStage } from './apply/stage-tables.ts'
import type { ErasedPeople } from './erased-people.ts'
import { whyWait } from './guard.ts'
import { assertSameFigures, readConfirmedPreview } from './must-match.ts'
import { assertReady, type BrandToPull, findBrandToPull } from './prepare.ts'
import { dropPreviewPeople, keepPreviewPeople } from './preview-people.ts'
import { previewFindings, storeDetails } from './pull-details.ts'
import { beginInWinery, pullFacts } from './pull-facts.ts'
import { storeReport } from './pull-row.ts'
import { purgeHistory } from './purge-history.ts'
import { nothingToMatch, repeatCounts } from './repeat-counts.ts'
import { type KnownFile, type StagedSnapshot, stageSnapshot } from './stage-snapshot.ts'

export type PullOptions = {
  database: Database
  secrets: Secrets
  winery: string
  brand: string
  kind: PullKind
  /** Read every file again, whatever its ETag says. */
  reread?: boolean
  tock: { apiUrl: string; allowLoopbackHttp: boolean; retry?: { tries: number; totalMs: number } }
  /** Applied only with the figures of this preview, which somebody has confirmed; otherwise refused as `invalid`. */
  mustMatch?: { pullId: string } | undefined
  onProgress?: ((progress: Progress & { rows: number }) => void) | undefined
  /** Aborted: the pull ends at once, whatever it is doing, and the data is as before. */
  signal?: AbortSignal | undefined
}

/**
 * Runs a pull and reports on it; a report with status `refused` carries its error.
 * @throws Refusal when there is no pull to report on: not_found, no_key, settings_missing, initial_pull_first,
 *   pull_running, invalid
 */
export async function runPull(options: PullOptions): Promise<PullReport> {
  const { database, secrets, kind } = options
  const brand = await findBrandToPull(database.db, options.winery, options.brand)
  const apiKey = await readTockKey(database.db, secrets, { wineryId: brand.wineryId, brandId: brand.brandId })
  if (apiKey === null) {
    throw new Refusal(
      'no_key',
      'No Tock API key is stored for this brand.',
      `An account owner asks Tock for it (PRO plan, sold today as Premium or Premium Unlimited). Then it is handed over by a one-time link (key ask --winery ${brand.winery}).`,
    )
  }
  assertReady(brand, kind)
  const connection: TockConnection = {
    ...options.tock,
    apiKey,
    businessId: brand.businessId,
    businessGroupId: brand.businessGroupId,
  }
  return withBrandLock(database, brand, async (client) => {
    // Another pull may have been applied while this one waited to begin.
    const current = await findBrandToPull(database.db, options.winery, options.brand)
    assertReady(current, kind)
    const { mustMatch, signal } = options
    const confirmed = mustMatch ? await readConfirmedPreview(database.db, current, mustMatch.pullId) : null
    signal?.throwIfAborted()
    // Ends a statement that is under way, too: the server rolls back what is left without its session.
    const interrupt = () => void client.end().catch(() => {})
    signal?.addEventListener('abort', interrupt, { once: true })
    try {
      return await pullOnce(client, current, connection, confirmed, options)
    } finally {
      signal?.removeEventListener('abort', interrupt)
    }
  })
}

/** Runs `work` in a session that holds the brand, or is told that somebody else does. @throws Refusal pull_running */
export async function withBrandLock<T>(
  database: Database,
  brand: BrandToPull,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await database.session()
  try {
    const lock = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2::int) as got', [
      brandLockSpace,
      brand.brandId,
    ])
    if (!lock.rows[0]?.got) {
      throw new Refusal(
        'pull_running',
        'A pull of this brand is running.',
        'Wait until it is done, then look at the list of pulls.',
      )
    }
    return await work(client)
  } finally {
    await client.end()
  }
}

async function pullOnce(
  client: pg.Client,
  brand: BrandToPull,
  connection: TockConnection,
  confirmed: PullReport | null,
  options: PullOptions,
): Promise<PullReport> {
  const startedAt = new Date()
  const next = await client.query<{ id: string }>(
    `select nextval(pg_get_serial_sequence('ecellar.pulls', 'pull_id')) as id`,
  )
  const pullId = next.rows[0]?.id ?? ''
  const report = emptyReport({
    pullId,
    winery: brand.winery,
    brand: brand.brand,
    kind: options.kind,
    status: 'failed',
  })
  const place = { wineryId: brand.wineryId, brandId: brand.brandId, businessId: brand.businessId, startedAt }
  try {
    const known = await client.query<KnownFile>(
      `select kind, file_id, etag, reader_version, rows_read
      from ecellar.snapshot_files where winery_id = $1 and brand_id = $2 and business_id = $3`,
      [brand.wineryId, brand.brandId, brand.businessId],
    )
    // A small sample tells the planner enough, at a tenth of the time.
    await client.query('set default_statistics_target = 10')
    // What is staged stays in memory while it is held against what is stored; has to be said before the first table.
    await client.query(`set temp_buffers = '64MB'`)
    await createStage(client)
    for (;;) {
      const erased = await erasedPeople(client, brand, options.secrets)
      const snapshot = await stageSnapshot({
        client,
        connection,
        place: brand,
        known: known.rows,
        reread: options.reread ?? false,
        erased,
        onProgress: options.onProgress,
        signal: options.signal,
      })
      report.snapshot = {
        takenAt: snapshot.takenAt.toISOString(),
        files: snapshot.files,
        filesUnchanged: snapshot.filesUnchanged,
        bytes: snapshot.bytes,
      }
      if (brand.lastSnapshotAt !== null && snapshot.takenAt < brand.lastSnapshotAt) {
        throw new Refusal(
          'older_snapshot',
          `Tock offers a snapshot taken at ${snapshot.takenAt.toISOString()}, older than the last one that was applied (${brand.lastSnapshotAt.toISOString()}).`,
          'Nothing was changed. Tock makes a new snapshot twice a day; pull again later.',
        )
      }
      if (await decide(client, brand, snapshot, erased, report, place, confirmed, options)) break
      // Somebody was erased while the snapshot was read, and may stand in what is staged: read it again.
      await clearStage(client)
    }
  } catch (error) {
    await client.query('rollback').catch(() => {})
    if (!(error instanceof Refusal)) {
      // Listed as failed where the database still answers; what went wrong is told by whoever catches it.
      report.durationMs = Date.now() - startedAt.getTime()
      await storeReport(client, place, { ...report, status: 'failed' }).catch(() => {})
      throw error
    }
    report.status = 'refused'
    report.error = error.toShape()
    report.durationMs = Date.now() - startedAt.getTime()
    await storeReport(client, place, report)
  }
  await purgeHistory(client, brand.wineryId)
  // The embedded server may be stopped before it gets to it by itself.
  if (report.kind === 'initial' && report.status === 'applied') {
    await client.query('analyze ecellar.reservations, ecellar.customers, ecellar.patrons')
  }
  return report
}

type Place = { wineryId: string; brandId: string; businessId: string; startedAt: Date }

/**
 * Applies, or rolls back and keeps the snapshot (rule 8), or rolls back because only a preview was wanted.
 * @returns false when what was staged has to be read again
 */
async function decide(
  client: pg.Client,
  brand: BrandToPull,
  snapshot: StagedSnapshot,
  erased: ErasedPeople,
  report: PullReport,
  place: Place,
  confirmed: PullReport | null,
  options: PullOptions,
): Promise<boolean> {
  const isInitial = brand.initialPullId === null
  await beginInWinery(client, brand.wineryId)
  await assertSameBusiness(client, brand)
  if ((await erasedHashes(client, brand)).length !== erased.hashes.size) {
    await client.query('rollback')
    return false
  }
  const facts = await pullFacts(client, brand, {
    pullId: report.pullId,
    takenAt: snapshot.takenAt,
    isInitial,
  })
  const finish = async (guard: Sweep | null = null, preview: PreviewFindings | null = null) => {
    report.durationMs = Date.now() - place.startedAt.getTime()
    await storeReport(client, place, report)
    await storeDetails(client, { wineryId: brand.wineryId, pullId: report.pullId }, { guard, preview })
  }
  if (snapshot.sameFiles && (await nothingToMatch(client, facts, brand))) {
    await repeatCounts(client, facts, brand, report)
    if (confirmed) assertSameFigures(report, confirmed)
    report.status = options.kind === 'preview' ? 'previewed' : 'applied'
    if (options.kind !== 'preview') await supersedeWaiting(client, brand, report.pullId)
    await finish()
    await client.query('commit')
    return true
  }
  const { counts, sweep } = await applySnapshot(client, facts)
  Object.assign(report, counts)
  if (confirmed) assertSameFigures(report, confirmed)
  if (options.kind === 'preview' || isInitial) {
    const campaigns = await effectsOfPull(kyselyOn(client), brand.wineryId, report.pullId, new Date())
    if (campaigns.length > 0) report.campaigns = campaigns
  }
  if (options.kind === 'preview') {
    report.status = 'previewed'
    const findings = await previewFindings(client, facts)
    await keepPreviewPeople(client, options.database, { ...brand, pullId: report.pullId })
    await client.query('rollback')
    await finish(isInitial ? null : sweep, findings)
    return true
  }
  const reason = isInitial ? null : whyWait(sweep, brand.guardPercent)
  if (reason !== null) {
    await client.query('rollback; begin')
    report.status = 'waiting'
    report.waitingFor = reason
    await keepStage(client, brand.wineryId, report.pullId)
    await finish(sweep)
    await client.query('commit')
    return true
  }
  report.status = 'applied'
  await supersedeWaiting(client, brand, report.pullId)
  await dropPreviewPeople(client, brand)
  await finish(isInitial ? null : sweep)
  await client.query('commit')
  return true
}

/** An applied pull leaves nothing for older waiting ones to decide (rule 8). */
export async function supersedeWaiting(client: pg.Client, brand: BrandToPull, pullId: string): Promise<void> {
  const superseded = await client.query<{ pull_id: string }>(
    `update ecellar.pulls set status = 'superseded'
    where winery_id = $1 and brand_id = $2 and status = 'waiting' and pull_id <> $3
    returning pull_id`,
    [brand.wineryId, brand.brandId, pullId],
  )
  if (superseded.rows.length === 0) return
  await dropKeptStage(
    client,
    brand.wineryId,
    superseded.rows.map((row) => row.pull_id),
  )
}

async function erasedPeople(client: pg.Client, brand: BrandToPull, secrets: Secrets): Promise<ErasedPeople> {
  const hashes = await erasedHashes(client, brand)
  return {
    hashes: new Set(hashes),
    key: hashes.length > 0 ? await secrets.erasureKey() : new Uint8Array(),
    businessGroupId: brand.businessGroupId,
  }
}

async function erasedHashes(client: pg.Client, brand: BrandToPull): Promise<string[]> {
  const found = await client.query<{ hash: string }>(
    'select hash from ecellar.erasures where winery_id = $1',
    [brand.wineryId],
  )
  return found.rows.map((row) => row.hash)
}

/** @throws Refusal wrong_business when the brand was given other ids since the snapshot was asked for */
async function assertSameBusiness(client: pg.Client, brand: BrandToPull): Promise<void> {
  const same = await client.query(
    'select from ecellar.brands where winery_id = $1 and brand_id = $2 and business_id = $3 and business_group_id = $4',
    [brand.wineryId, brand.brandId, brand.businessId, brand.businessGroupId],
  )
  if (same.rowCount === 1) return
  throw new Refusal(
    'wrong_business',
    'The brand was given another Business ID while the pull was running. Nothing was changed.',
    'Pull again, with the initial pull of the new business.',
  )
}
