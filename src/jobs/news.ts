/**
 * What is news at an instant: a question to stored facts, the same for every kind of pull, wherever it was run. Nothing
 * is remembered here; watch-over.ts sees what has begun and what is over.
 */

import { sql } from 'kysely'
import type { AlertCode } from '../contract/alert.ts'
import type { Db } from '../database/connect.ts'

export type News = {
  winery_id: string
  brand_id: string
  code: AlertCode
  message: string
  next_step: string
}

const nothingCameHours = 30
const exceptionDays = 7
/** Below so many reservations, half of them is chance. */
const fewReservations = 20
/** A pull is measured against the usual time for its bytes, where that can be measured: */
const usualOf = { pulls: 10, atLeast: 3, expectedMs: 5_000, timesFaster: 10 }

export async function readNews(db: Db, now: Date): Promise<News[]> {
  const all = [nothingCame, pullsFail, zeroRows, muchSmaller, suspiciouslyFast, oldExceptions]
  const found = await Promise.all(all.map((question) => question(now).execute(db)))
  return found.flatMap(({ rows }) => rows)
}

const instant = (column: string) =>
  sql.raw<string>(`to_char(${column} at time zone 'UTC', 'FMDD FMMonth YYYY HH24:MI "UTC"')`)

const theBrand = sql`
  ecellar.brands b
  join ecellar.wineries w on w.winery_id = b.winery_id
  join ecellar.brand_businesses bb
    on bb.winery_id = b.winery_id and bb.brand_id = b.brand_id and bb.business_id = b.business_id`

/** Applied, on a snapshot that is no older either: Tock may go on offering an old one. */
function nothingCame(now: Date) {
  const limit = new Date(now.getTime() - nothingCameHours * 3_600_000)
  return sql<News>`
    select b.winery_id, b.brand_id, 'nothing_came' as code,
      case
        when good.finished_at is null then 'No pull has been applied since the nightly pulls were switched on.'
        when good.finished_at < ${limit} then 'The last pull that was applied ended on ' || ${instant('good.finished_at')} || '.'
        else 'Pulls are applied, but Tock offers nothing newer than its snapshot of ' || ${instant('bb.last_snapshot_at')} || '.'
      end as message,
      case
        when good.finished_at < ${limit} or good.finished_at is null
          then 'See how its pulls ended: pulls list --winery ' || w.slug || ' --brand ' || b.code || '. Whether a worker runs at all: doctor'
        else 'Ask Tock why it makes no new export.'
      end as next_step
    from ${theBrand}
    left join lateral (
      select p.finished_at
      from ecellar.pulls p
      where p.winery_id = b.winery_id and p.brand_id = b.brand_id and p.business_id = b.business_id and p.status = 'applied'
      order by p.pull_id desc
      limit 1
    ) good on true
    where b.enabled_at < ${limit}
      and (good.finished_at is null or good.finished_at < ${limit} or bb.last_snapshot_at < ${limit})`
}

/**
 * A nightly pull that was given up after all its tries, or two pulls in a row that came to nothing. While a request is
 * open, its tries are not counted.
 */
function pullsFail(_now: Date) {
  return sql<News>`
    select b.winery_id, b.brand_id, 'pulls_fail' as code,
      coalesce(night.message, 'Two pulls in a row came to nothing: ' || pulls.message) as message,
      coalesce(night.next_step, pulls.next_step, '') as next_step
    from ${theBrand}
    left join lateral (
      select p.finished_at
      from ecellar.pulls p
      where p.winery_id = b.winery_id and p.brand_id = b.brand_id and p.business_id = b.business_id and p.status = 'applied'
      order by p.pull_id desc
      limit 1
    ) good on true
    left join lateral (
      select 'The nightly pull failed: ' || r.error_message as message, r.next_step
      from ecellar.pull_requests r
      where r.winery_id = b.winery_id and r.brand_id = b.brand_id and r.slot is not null and b.enabled_at is not null
        and r.state = 'failed' and r.finished_at > coalesce(good.finished_at, '-infinity')
        and r.requested_at >= b.enabled_at
      order by r.slot desc
      limit 1
    ) night on true
    left join lateral (
      select
        coalesce((array_agg(l.error_message order by l.pull_id desc))[1], 'a fault in the program or its database.') as message,
        coalesce((array_agg(l.next_step order by l.pull_id desc))[1], 'It is in the log; ask eCELLAR Support.') as next_step
      from (
        select p.*
        from ecellar.pulls p
        where p.winery_id = b.winery_id and p.brand_id = b.brand_id and p.business_id = b.business_id
          and p.kind <> 'preview'
        order by p.pull_id desc
        limit 2
      ) l
      -- "invalid" is a pull that was not wanted as it was, and no failure
      where l.status in ('refused', 'failed') and l.error_code is distinct from 'invalid'
        and not exists (
          select from ecellar.pull_requests r
          where r.winery_id = b.winery_id and r.brand_id = b.brand_id and r.state in ('queued', 'running')
        )
      having count(*) = 2
    ) pulls on true
    where night.message is not null or pulls.message is not null`
}

/** The last pull that saw a whole snapshot. */
const lastSeen = sql`
  join lateral (
    select p.*
    from ecellar.pulls p
    where p.winery_id = b.winery_id and p.brand_id = b.brand_id and p.business_id = b.business_id
      and p.status not in ('refused', 'failed')
    order by p.pull_id desc
    limit 1
  ) seen on true`

function zeroRows(_now: Date) {
  return sql<News>`
    select b.winery_id, b.brand_id, 'zero_rows' as code,
      'Pull ' || seen.pull_id || ' found no reservation at all in Tock''s export.' as message,
      'Check the Business ID with the winery; if it is right, ask Tock.' as next_step
    from ${theBrand} ${lastSeen}
    where seen.reservations_in_snapshot = 0`
}

function muchSmaller(_now: Date) {
  return sql<News>`
    select b.winery_id, b.brand_id, 'much_smaller' as code,
      'Pull ' || seen.pull_id || ' found ' || seen.reservations_in_snapshot || ' reservations; the pull applied before it had '
        || before.reservations_in_snapshot || '.' as message,
      'Look at it (pulls show ' || seen.pull_id || ') and ask the winery whether so much was taken away in Tock.' as next_step
    from ${theBrand} ${lastSeen}
    join lateral (
      select p.reservations_in_snapshot
      from ecellar.pulls p
      where p.winery_id = b.winery_id and p.brand_id = b.brand_id and p.business_id = b.business_id
        and p.status = 'applied' and p.pull_id < seen.pull_id
      order by p.pull_id desc
      limit 1
    ) before on true
    where seen.reservations_in_snapshot > 0
      and before.reservations_in_snapshot >= ${fewReservations}
      and seen.reservations_in_snapshot * 2 < before.reservations_in_snapshot`
}

/** Only pulls that transferred something: one whose files are unchanged is fast by right. */
function suspiciouslyFast(_now: Date) {
  return sql<News>`
    select b.winery_id, b.brand_id, 'suspiciously_fast' as code,
      'Pull ' || seen.pull_id || ' took ' || seen.duration_ms || ' ms; as much data usually takes '
        || round(seen.snapshot_bytes * usual.ms_per_byte) || ' ms.' as message,
      'Look at it (pulls show ' || seen.pull_id || ') and compare its figures with Tock.' as next_step
    from ${theBrand} ${lastSeen}
    join lateral (
      select percentile_cont(0.5) within group (order by l.duration_ms::float8 / l.snapshot_bytes)::numeric as ms_per_byte,
        count(*) as pulls
      from (
        select p.duration_ms, p.snapshot_bytes
        from ecellar.pulls p
        where p.winery_id = b.winery_id and p.brand_id = b.brand_id and p.business_id = b.business_id
          and p.status = 'applied' and p.snapshot_bytes > 0 and p.pull_id < seen.pull_id
        order by p.pull_id desc
        limit ${usualOf.pulls}
      ) l
    ) usual on usual.pulls >= ${usualOf.atLeast}
    where seen.snapshot_bytes > 0
      and seen.snapshot_bytes * usual.ms_per_byte >= ${usualOf.expectedMs}
      and seen.duration_ms * ${usualOf.timesFaster} < seen.snapshot_bytes * usual.ms_per_byte`
}

function oldExceptions(now: Date) {
  const limit = new Date(now.getTime() - exceptionDays * 86_400_000)
  return sql<News>`
    select b.winery_id, b.brand_id, 'old_exceptions' as code,
      case count(*)
        when 1 then '1 exception has'
        else count(*) || ' exceptions have'
      end || ' been waiting for somebody to decide for over a week.' as message,
      'Decide on them: exceptions list --winery ' || w.slug as next_step
    from ecellar.exceptions e
    join ecellar.brands b on b.winery_id = e.winery_id and b.brand_id = e.brand_id
    join ecellar.wineries w on w.winery_id = b.winery_id
    where e.resolved_at is null and e.first_seen_at < ${limit}
    group by b.winery_id, b.brand_id, w.slug`
}
