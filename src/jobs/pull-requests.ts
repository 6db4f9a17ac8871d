/** Requests for pulls in the table: what becomes of one from asking to its end. */

import { sql } from 'kysely'
import { fromKysely } from 'pg-boss'
import type { Actor } from '../contract/access.ts'
import type { PullKind } from '../contract/pull-report.ts'
import type { PullRequestError, PullRequestState } from '../contract/pull-request.ts'
import type { Db } from '../database/connect.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import { type PullJob, type Queue, queues } from './queue.ts'

/** Whoever waits for an answer comes before the night's pulls. */
const personsPriority = 10

export type NewRequest = {
  wineryId: string
  brandId: string
  kind: PullKind
  /** For nightly ones. */
  slot: Date | null
  requestedBy: Actor
  mustMatchPullId: string | null
  requestedAt: Date
}

/** Puts them into table and queue, in one transaction; a time of a schedule that was asked for before is left out. */
export async function addRequests(
  queue: Queue,
  trx: WineryTransaction,
  requests: NewRequest[],
): Promise<{ requestId: string; brandId: string }[]> {
  if (requests.length === 0) return []
  const rows = requests.map((one) => ({
    winery_id: one.wineryId,
    brand_id: one.brandId,
    kind: one.kind,
    slot: one.slot,
    actor_kind: one.requestedBy.kind,
    actor_id: one.requestedBy.id,
    actor_name: one.requestedBy.name,
    must_match_pull_id: one.mustMatchPullId,
    requested_at: one.requestedAt,
  }))
  const added = await trx
    .insertInto('pull_requests')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['winery_id', 'brand_id', 'slot']).where('slot', 'is not', null).doNothing(),
    )
    .returning(['winery_id', 'request_id', 'brand_id', 'kind', 'attempt'])
    .execute()
  await sendJobs(queue, trx, added)
  return added.map((row) => ({ requestId: row.request_id, brandId: row.brand_id }))
}

/** Hands those to the queue whose time to be tried again has come. */
export async function sendAgain(queue: Queue, now: Date): Promise<number> {
  return queue.database.db.transaction().execute(async (trx) => {
    const due = await trx
      .updateTable('pull_requests')
      .set({ again_at: null })
      .where('state', '=', 'queued')
      .where('again_at', '<=', now)
      .returning(['winery_id', 'request_id', 'brand_id', 'kind', 'attempt'])
      .execute()
    await sendJobs(queue, trx, due)
    return due.length
  })
}

async function sendJobs(
  queue: Queue,
  trx: WineryTransaction,
  requests: { winery_id: string; request_id: string; brand_id: string; kind: PullKind; attempt: number }[],
): Promise<void> {
  if (requests.length === 0) return
  const jobs = requests.map((one) => ({
    data: { wineryId: one.winery_id, requestId: one.request_id, attempt: one.attempt } satisfies PullJob,
    singletonKey: one.brand_id,
    priority: one.kind === 'nightly' ? 0 : personsPriority,
  }))
  await queue.boss.insert(queues.pull, jobs, { db: fromKysely(trx) })
}

export type BegunRequest = {
  wineryId: string
  requestId: string
  winery: string
  brand: string
  kind: PullKind
  attempt: number
  mustMatchPullId: string | null
  requestedAt: Date
  /** When a worker that was lost since began this very attempt; null: nobody did. */
  lostSince: Date | null
}

/** @returns null when the job has nothing to do: it is over, another attempt's turn, or its brand was switched off */
export async function beginRequest(db: Db, job: PullJob, now: Date): Promise<BegunRequest | null> {
  const { rows } = await sql<BegunRequest & { state: PullRequestState }>`
    with open as (
      select winery_id, request_id, case when state = 'running' then started_at end as lost_since
      from ecellar.pull_requests
      where winery_id = ${job.wineryId} and request_id = ${job.requestId}
        and attempt = ${job.attempt} and again_at is null and state in ('queued', 'running')
      for update
    )
    update ecellar.pull_requests r
    set state = case when r.kind = 'nightly' and b.enabled_at is null then 'dropped' else 'running' end,
      started_at = ${now},
      finished_at = case when r.kind = 'nightly' and b.enabled_at is null then ${now}::timestamptz end
    from open, ecellar.brands b, ecellar.wineries w
    where r.winery_id = open.winery_id and r.request_id = open.request_id
      and b.winery_id = r.winery_id and b.brand_id = r.brand_id and w.winery_id = r.winery_id
    returning r.winery_id as "wineryId", r.request_id as "requestId", w.slug as winery, b.code as brand, r.kind,
      r.attempt, r.must_match_pull_id as "mustMatchPullId", r.requested_at as "requestedAt",
      open.lost_since as "lostSince", r.state`.execute(db)
  const row = rows[0]
  return row && row.state === 'running' ? row : null
}

/**
 * A worker may be lost in the moment between its pull's commit and the end of the request: then the pull is done, and
 * is not to be done again. @returns its number
 */
export async function findPullOfLost(db: Db, request: BegunRequest): Promise<string | null> {
  if (request.lostSince === null) return null
  const { rows } = await sql<{ pull_id: string }>`
    select p.pull_id
    from ecellar.pulls p
    join ecellar.pull_requests r on r.winery_id = p.winery_id and r.brand_id = p.brand_id
    where r.winery_id = ${request.wineryId} and r.request_id = ${request.requestId}
      and p.kind = r.kind and p.started_at >= ${request.lostSince}
      and p.status in ('applied', 'previewed', 'waiting')
    order by p.pull_id desc
    limit 1`.execute(db)
  return rows[0]?.pull_id ?? null
}

/** What the queue has forgotten (it keeps a job for some days) would wait for ever. @returns how many */
export async function failForgotten(db: Db, before: Date, now: Date): Promise<number> {
  const forgotten = await sql`
    update ecellar.pull_requests r
    set state = 'failed', finished_at = ${now}, error_code = 'failed',
      error_message = 'No worker took the pull for days.',
      next_step = 'Look with "doctor" whether a worker runs, then ask for the pull again.'
    where r.state in ('queued', 'running') and r.again_at is null and r.requested_at < ${before}
      and not exists (
        select from queue.job j
        where j.name = ${queues.pull} and j.state in ('created', 'retry', 'active')
          and j.data->>'requestId' = r.request_id::text
      )`.execute(db)
  return Number(forgotten.numAffectedRows ?? 0n)
}

export type Ending = {
  state: 'done' | 'failed'
  pullId: string | null
  error: PullRequestError | null
  finishedAt: Date
}

export async function finishRequest(
  db: Db,
  of: { wineryId: string; requestId: string },
  end: Ending,
): Promise<void> {
  await db
    .updateTable('pull_requests')
    .set({ state: end.state, again_at: null, finished_at: end.finishedAt, ...outcomeColumns(end) })
    .where('winery_id', '=', of.wineryId)
    .where('request_id', '=', of.requestId)
    .where('state', 'in', ['queued', 'running'])
    .execute()
}

/** Only while this attempt is the one that runs: whoever lost it to another worker decides nothing. */
export async function tryAgainAt(
  db: Db,
  of: { wineryId: string; requestId: string; attempt: number },
  end: { againAt: Date; pullId: string | null; error: PullRequestError },
): Promise<void> {
  await db
    .updateTable('pull_requests')
    .set({ state: 'queued', attempt: of.attempt + 1, again_at: end.againAt, ...outcomeColumns(end) })
    .where('winery_id', '=', of.wineryId)
    .where('request_id', '=', of.requestId)
    .where('attempt', '=', of.attempt)
    .where('state', '=', 'running')
    .execute()
}

function outcomeColumns(end: { pullId: string | null; error: PullRequestError | null }) {
  return {
    ...(end.pullId === null ? {} : { pull_id: end.pullId }),
    error_code: end.error?.code ?? null,
    error_message: end.error?.message ?? null,
    next_step: end.error?.nextStep ?? null,
  }
}
