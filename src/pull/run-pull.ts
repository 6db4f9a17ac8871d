/**
 * One pull of one brand: ask Tock, stage, check, apply in one transaction, report. Everything before the transaction
 * touches temporary tables only, so a pull that is killed, refused or incomplete leaves the data as it was.
 */

import type pg from 'pg'
import type { Secrets } from '../access/secrets.ts'
import { readTockKey } from '../access/tock-keys.ts'
import { Refusal } from '../contract/errors.ts'
import { emptyReport, type PullKind, type PullReport } from '../contract/pull-report.ts'
import type { Database } from '../database/connect.ts'
import { becomeTenant, wineryLockSpace } from '../database/tenant-session.ts'
import type { Progress, TockConnection } from '../tock/read-snapshot.ts'
import { applySnapshot, countFiles, countState } from './apply/apply-snapshot.ts'
import { createStage, dropKeptStage, keepStage } from './apply/stage-tables.ts'
import type { ErasedPeople } from './erased-people.ts'
import { whyWait } from './guard.ts'
import { type PullFacts, run } from './named-sql.ts'
import { assertReady, type BrandToPull, findBrandToPull } from './prepare.ts'
import { storeReport } from './pull-row.ts'
import { purgeHistory } from './purge-history.ts'
import { type KnownFile, type StagedSnapshot, stageSnapshot } from './stage-snapshot.ts'

/** Second half of the lock on one brand's pulls; see `wineryLockSpace` for the winery's. */
const brandLockSpace = 7_002

export type PullOptions = {
  database: Database
  secrets: Secrets
  winery: string
  brand: string
  kind: PullKind
  /** Read every file again, whatever its ETag says. */
  reread?: boolean
  tock: { apiUrl: string; allowLoopbackHttp: boolean; retry?: { tries: number; totalMs: number } }
  onProgress?: ((progress: Progress & { rows: number }) => void) | undefined
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
      `An account owner asks Tock for it (PRO plan, sold today as Premium or Premium Unlimited). Store it: key set --winery ${brand.winery} --brand ${brand.brand}`,
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
    return pullOnce(client, current, connection, options)
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
        'Wait until it is done, then look at "pulls list".',
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
      `select kind, file_id, etag, reader_version, rows_read, archived, without_email, excluded, kept_keys, other_keys, row_exceptions
      from ecellar.snapshot_files where winery_id = $1 and brand_id = $2 and business_id = $3`,
      [brand.wineryId, brand.brandId, brand.businessId],
    )
    await createStage(client)
    const snapshot = await stageSnapshot({
      client,
      connection,
      known: known.rows,
      reread: options.reread ?? false,
      erased: await erasedPeople(client, brand, options.secrets),
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
    await decide(client, brand, snapshot, report, place, options)
  } catch (error) {
    await client.query('rollback').catch(() => {})
    if (!(error instanceof Refusal)) throw error
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

/** Applies, or rolls back and keeps the snapshot (rule 8), or rolls back because only a preview was wanted. */
async function decide(
  client: pg.Client,
  brand: BrandToPull,
  snapshot: StagedSnapshot,
  report: PullReport,
  place: Place,
  options: PullOptions,
): Promise<void> {
  const isInitial = brand.initialPullId === null
  await beginInWinery(client, brand.wineryId)
  const facts = await pullFacts(client, brand, {
    pullId: report.pullId,
    takenAt: snapshot.takenAt,
    isInitial,
  })
  const finish = async () => {
    report.durationMs = Date.now() - place.startedAt.getTime()
    await storeReport(client, place, report)
  }
  if (snapshot.sameFiles && (await nothingToMatch(client, facts, brand))) {
    await repeatCounts(client, facts, brand, report)
    report.status = options.kind === 'preview' ? 'previewed' : 'applied'
    if (options.kind !== 'preview') await supersedeWaiting(client, brand, report.pullId)
    await finish()
    await client.query('commit')
    return
  }
  const { counts, sweep } = await applySnapshot(client, facts)
  Object.assign(report, counts)
  if (options.kind === 'preview') {
    report.status = 'previewed'
    await client.query('rollback')
    await finish()
    return
  }
  const reason = isInitial ? null : whyWait(sweep, brand.guardPercent)
  if (reason !== null) {
    await client.query('rollback; begin')
    report.status = 'waiting'
    report.waitingFor = reason
    await keepStage(client, brand.wineryId, report.pullId)
    await finish()
    await client.query('commit')
    return
  }
  report.status = 'applied'
  await supersedeWaiting(client, brand, report.pullId)
  await finish()
  await client.query('commit')
}

/** Everything that touches a winery's customers runs one after another (rule 3). */
export async function beginInWinery(client: pg.Client, wineryId: string): Promise<void> {
  await client.query('begin')
  await client.query('select pg_advisory_xact_lock($1, $2::int)', [wineryLockSpace, wineryId])
  await becomeTenant(client, wineryId)
}

/** The facts that the statements of a pull name; read under the winery's lock. */
export async function pullFacts(
  client: pg.Client,
  brand: BrandToPull,
  pull: { pullId: string; takenAt: Date; isInitial: boolean },
): Promise<PullFacts> {
  const now = new Date()
  // Guests without a reservation wait until every brand of their group has been pulled (rule 17).
  const groups = await client.query<{ business_group_id: string }>(
    `select b.business_group_id
    from ecellar.brands b
    join ecellar.wineries w on w.winery_id = b.winery_id
    left join ecellar.brand_businesses bb
      on bb.winery_id = b.winery_id and bb.brand_id = b.brand_id and bb.business_id = b.business_id
    where b.winery_id = $1 and w.guests_without_reservation
    group by b.business_group_id
    having bool_and(bb.initial_pull_id is not null or b.brand_id = $2)`,
    [brand.wineryId, brand.brandId],
  )
  const days = /^after:(\d+)$/.exec(brand.nightlyRelease)?.[1]
  return {
    winery: brand.wineryId,
    brand: brand.brandId,
    business: brand.businessId,
    group: brand.businessGroupId,
    pull: pull.pullId,
    taken_at: pull.takenAt,
    now,
    created_released_at: !pull.isInitial && brand.nightlyRelease === 'with-pull' ? now : null,
    created_due_at:
      !pull.isInitial && days !== undefined ? new Date(now.getTime() + Number(days) * 86_400_000) : null,
    guest_groups: groups.rows.map((row) => row.business_group_id),
  }
}

async function nothingToMatch(client: pg.Client, facts: PullFacts, brand: BrandToPull): Promise<boolean> {
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
async function repeatCounts(
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
  const hashes = await client.query<{ hash: string }>(
    'select hash from ecellar.erasures where winery_id = $1',
    [brand.wineryId],
  )
  return {
    hashes: new Set(hashes.rows.map((row) => row.hash)),
    key: hashes.rows.length > 0 ? await secrets.erasureKey() : new Uint8Array(),
    businessGroupId: brand.businessGroupId,
  }
}
