/** How a winery stands: its brands' last pulls, what waits for a person and since when, what comes. */

import { sql } from 'kysely'
import type { ErrorCode } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'

/** @param brandIds those that the reader may see; null: all */
export function readHomeFigures(db: Db, wineryId: Id, brandIds: Id[] | null, now: Date) {
  return inWinery(db, wineryId, async (trx) => ({
    brands: await brandStates(trx, wineryId, brandIds),
    waiting: await waitingForPeople(trx, wineryId, brandIds),
    upcoming: await upcomingDays(trx, wineryId, brandIds, now),
  }))
}

type LastPull = {
  pullId: string
  kind: 'initial' | 'manual' | 'nightly'
  status: 'applied' | 'waiting' | 'refused' | 'failed' | 'rejected' | 'superseded'
  errorCode: ErrorCode | 'failed' | null
  message: string | null
  nextStep: string | null
  finishedAt: string
  snapshotTakenAt: string | null
  added: number
  changed: number
  missing: number
  customersCreated: number
  exceptions: number
}

async function brandStates(trx: WineryTransaction, wineryId: Id, brandIds: Id[] | null) {
  const { rows } = await sql<{
    brand: string
    name: string
    timeZone: string | null
    enabledAt: Date | null
    hadInitialPull: boolean
    lastPull: LastPull | null
  }>`
    select
      b.code as brand,
      b.name,
      bb.time_zone as "timeZone",
      b.enabled_at as "enabledAt",
      bb.initial_pull_id is not null as "hadInitialPull",
      case when p.pull_id is not null then jsonb_build_object(
        'pullId', p.pull_id::text,
        'kind', p.kind,
        'status', p.status,
        'errorCode', p.error_code,
        'message', coalesce(p.waiting_for, p.error_message),
        'nextStep', p.next_step,
        'finishedAt', p.finished_at,
        'snapshotTakenAt', p.snapshot_taken_at,
        'added', p.reservations_added,
        'changed', p.reservations_changed,
        'missing', p.reservations_missing,
        'customersCreated', p.customers_created,
        'exceptions', p.reservations_exceptions
      ) end as "lastPull"
    from ecellar.brands b
    left join ecellar.brand_businesses bb
      on bb.winery_id = b.winery_id and bb.brand_id = b.brand_id and bb.business_id = b.business_id
    left join lateral (
      select *
      from ecellar.pulls
      where winery_id = b.winery_id and brand_id = b.brand_id and kind <> 'preview'
      order by pull_id desc
      limit 1
    ) p on true
    where b.winery_id = ${wineryId} and ${seen('b', brandIds)}
    order by b.code`.execute(trx)
  return rows.map(({ lastPull, ...brand }) => ({
    ...brand,
    lastPull: lastPull && {
      ...lastPull,
      finishedAt: new Date(lastPull.finishedAt),
      snapshotTakenAt: lastPull.snapshotTakenAt === null ? null : new Date(lastPull.snapshotTakenAt),
    },
  }))
}

type Waits = { count: number; oldestAt: Date | null }
const kindsOfWaiting = ['pulls', 'experiences', 'seatingAreas', 'exceptions', 'unreleased'] as const

async function waitingForPeople(trx: WineryTransaction, wineryId: Id, brandIds: Id[] | null) {
  const { rows } = await sql<Waits & { kind: (typeof kindsOfWaiting)[number] }>`
    select 'pulls' as kind, count(*)::int as count, min(p.started_at) as "oldestAt"
    from ecellar.pulls p
    where p.winery_id = ${wineryId} and p.status = 'waiting' and ${seen('p', brandIds)}
    union all
    select 'experiences', count(*)::int, min(e.first_seen_at)
    from ecellar.experiences e
    where e.winery_id = ${wineryId}
      and e.reservation_type_id is null
      and not e.ignored
      and ${seen('e', brandIds)}
    union all
    select 'seatingAreas', count(*)::int, min(a.first_seen_at)
    from ecellar.seating_areas a
    join ecellar.brands b on b.winery_id = a.winery_id and b.brand_id = a.brand_id
    where a.winery_id = ${wineryId}
      and coalesce(a.location_id, b.default_location_id) is null
      and ${seen('a', brandIds)}
    union all
    select 'exceptions', count(*)::int, min(x.first_seen_at)
    from ecellar.exceptions x
    where x.winery_id = ${wineryId} and x.resolved_at is null and ${seen('x', brandIds)}
    union all
    select 'unreleased', count(*)::int, min(c.created_at)
    from ecellar.customers c
    where c.winery_id = ${wineryId}
      and c.released_at is null
      and (${brandIds}::bigint[] is null or exists (
        select from ecellar.reservations r
        where r.winery_id = c.winery_id and r.customer_id = c.customer_id and ${seen('r', brandIds)}))`.execute(
    trx,
  )
  const of = (kind: (typeof kindsOfWaiting)[number]): Waits => {
    const { count = 0, oldestAt = null } = rows.find((row) => row.kind === kind) ?? {}
    return { count, oldestAt }
  }
  return {
    pulls: of('pulls'),
    experiences: of('experiences'),
    seatingAreas: of('seatingAreas'),
    exceptions: of('exceptions'),
    unreleased: of('unreleased'),
  }
}

const daysAhead = 7

async function upcomingDays(trx: WineryTransaction, wineryId: Id, brandIds: Id[] | null, now: Date) {
  const { rows } = await sql<{ day: string; brand: string; reservations: number; guests: number }>`
    select
      d.day::date::text as day,
      b.code as brand,
      count(r.reservation_id)::int as reservations,
      coalesce(sum(r.party_size), 0)::int as guests
    from ecellar.brands b
    join ecellar.brand_businesses bb
      on bb.winery_id = b.winery_id and bb.brand_id = b.brand_id and bb.business_id = b.business_id
    cross join lateral generate_series(
      date_trunc('day', ${now}::timestamptz at time zone bb.time_zone),
      date_trunc('day', ${now}::timestamptz at time zone bb.time_zone) + make_interval(days => ${daysAhead - 1}::int),
      interval '1 day') as d (day)
    left join ecellar.reservations r
      on r.winery_id = b.winery_id
      and r.brand_id = b.brand_id
      and r.local_start >= d.day
      and r.local_start < d.day + interval '1 day'
      and r.status not in ('Cancelled', 'Transferred')
      and r.missing_since is null
    where b.winery_id = ${wineryId} and bb.time_zone is not null and ${seen('b', brandIds)}
    group by d.day, b.code
    order by d.day, b.code`.execute(trx)
  return rows
}

/** Of the brands that the reader may see. */
function seen(table: string, brandIds: Id[] | null) {
  return sql<boolean>`(${brandIds}::bigint[] is null or ${sql.ref(`${table}.brand_id`)} = any(${brandIds}::bigint[]))`
}
