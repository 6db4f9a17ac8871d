/**
 * The figures of `/metrics`, asked of the database each time, so that all processes tell the same and none has to
 * remember. Counts, codes, slugs and Brand Codes; nothing of a guest.
 */

import { sql } from 'kysely'
import type { PullKind, PullStatus } from '../contract/pull-report.ts'
import type { Db } from '../database/connect.ts'
import { type OutboxState, readOutboxState } from '../notify/outbox-state.ts'

export type Figures = {
  pulls: PullFigures[]
  /** Per brand that is enabled. */
  lastGoodPulls: { winery: string; brand: string; ageSeconds: number }[]
  requests: { state: 'queued' | 'running' | 'again later'; requests: number }[]
  jobs: { queue: string; state: string; jobs: number }[]
  exceptions: { code: string; exceptions: number }[]
  alerts: { code: string; alerts: number }[]
  outbox: OutboxState
}

export type PullFigures = {
  kind: PullKind
  status: PullStatus
  code: string | null
  pulls: number
  seconds: number
  /** How many took no longer than each of `durationSteps`. */
  upTo: number[]
  added: number
  changed: number
  unchanged: number
  excluded: number
  stale: number
  exceptions: number
  missing: number
  customersCreated: number
}

/** Seconds. From a night without news to a million reservations. */
export const durationSteps = [1, 5, 15, 60, 300, 900, 3_600]

export async function readFigures(db: Db, now: Date): Promise<Figures> {
  // One after another: whoever looks must not take the connections of those who work.
  const pulls = await sql<PullFigures>`
    select kind, status, error_code as code, count(*)::int as pulls,
      sum(duration_ms)::float8 / 1000 as seconds,
      array[${sql.join(durationSteps.map((step) => sql`count(*) filter (where duration_ms <= ${sql.lit(step * 1_000)})`))}]::int[] as "upTo",
      sum(reservations_added)::float8 as added,
      sum(reservations_changed)::float8 as changed,
      sum(reservations_unchanged)::float8 as unchanged,
      sum(reservations_excluded)::float8 as excluded,
      sum(reservations_stale)::float8 as stale,
      sum(reservations_exceptions)::float8 as exceptions,
      sum(reservations_missing)::float8 as missing,
      sum(customers_created)::float8 as "customersCreated"
    from ecellar.pulls
    group by kind, status, error_code`.execute(db)
  const lastGoodPulls = await sql<Figures['lastGoodPulls'][number]>`
    select w.slug as winery, b.code as brand,
      greatest(0, extract(epoch from ${now}::timestamptz - coalesce(good.finished_at, b.enabled_at)))::float8 as "ageSeconds"
    from ecellar.brands b
    join ecellar.wineries w on w.winery_id = b.winery_id
    left join lateral (
      select p.finished_at
      from ecellar.pulls p
      where p.winery_id = b.winery_id and p.brand_id = b.brand_id and p.business_id = b.business_id and p.status = 'applied'
      order by p.pull_id desc
      limit 1
    ) good on true
    where b.enabled_at is not null
    order by w.slug, b.code`.execute(db)
  const requests = await sql<Figures['requests'][number]>`
    select case when again_at is not null then 'again later' else state end as state, count(*)::int as requests
    from ecellar.pull_requests
    where state in ('queued', 'running')
    group by 1`.execute(db)
  // What is over is the request's to tell; a job of it stays for a day.
  const jobs = await sql<Figures['jobs'][number]>`
    select name as queue, state::text as state, count(*)::int as jobs
    from queue.job
    where state in ('created', 'retry', 'active', 'failed')
    group by 1, 2`.execute(db)
  const exceptions = await sql<Figures['exceptions'][number]>`
    select code, count(*)::int as exceptions from ecellar.exceptions where resolved_at is null group by code`.execute(
    db,
  )
  const alerts = await sql<Figures['alerts'][number]>`
    select code, count(*)::int as alerts from ecellar.alerts where recovered_at is null group by code`.execute(
    db,
  )
  return {
    pulls: pulls.rows,
    lastGoodPulls: lastGoodPulls.rows,
    requests: requests.rows,
    jobs: jobs.rows,
    exceptions: exceptions.rows,
    alerts: alerts.rows,
    outbox: await readOutboxState(db, now),
  }
}
