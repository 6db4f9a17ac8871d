/** What the queue holds: pulls that were asked for and are not over, and how many wait. */

import { sql } from 'kysely'
import type { PullKind } from '../contract/pull-report.ts'
import type { Db } from '../database/connect.ts'

export type OpenRequest = {
  requestId: string
  winery: string
  brand: string
  kind: PullKind
  state: 'queued' | 'running'
  attempt: number
  /** Waits to be tried again, after an attempt that did not succeed. */
  againAt: Date | null
  requestedAt: Date
  startedAt: Date | null
}

/** The oldest first. */
export async function readOpenRequests(
  db: Db,
  of: {
    wineryId?: string | undefined
    /** Nothing but these; null: all. */
    brandIds: string[] | null
    /** The number that the page before ended with. */
    after: string | null
    limit: number
  },
): Promise<OpenRequest[]> {
  const { wineryId = null, brandIds, after, limit } = of
  const { rows } = await sql<OpenRequest>`
    select
      r.request_id as "requestId", w.slug as winery, b.code as brand, r.kind, r.state, r.attempt,
      r.again_at as "againAt", r.requested_at as "requestedAt", r.started_at as "startedAt"
    from ecellar.pull_requests r
    join ecellar.wineries w on w.winery_id = r.winery_id
    join ecellar.brands b on b.winery_id = r.winery_id and b.brand_id = r.brand_id
    where r.state in ('queued', 'running')
      and (${wineryId}::bigint is null or r.winery_id = ${wineryId})
      and (${brandIds}::bigint[] is null or r.brand_id = any(${brandIds}::bigint[]))
      and (${after}::bigint is null or r.request_id > ${after})
    order by r.request_id
    limit ${limit}`.execute(db)
  return rows
}

export type QueueState = {
  queued: number
  running: number
  /** Of the queued: those that wait to be tried again. */
  againLater: number
  oldestQueuedAt: Date | null
  failedLastDay: number
}

export async function readQueueState(db: Db, now: Date): Promise<QueueState> {
  const { rows } = await sql<QueueState>`
    select
      count(*) filter (where state = 'queued')::int as queued,
      count(*) filter (where state = 'running')::int as running,
      count(*) filter (where state = 'queued' and again_at is not null)::int as "againLater",
      min(requested_at) filter (where state = 'queued' and again_at is null) as "oldestQueuedAt",
      (select count(*)::int from ecellar.pull_requests f
        where f.state = 'failed' and f.finished_at > ${now}::timestamptz - interval '1 day') as "failedLastDay"
    from ecellar.pull_requests
    where state in ('queued', 'running')`.execute(db)
  const [state] = rows
  if (!state) throw new Error('A count has no row')
  return state
}
