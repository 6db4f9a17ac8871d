/** After each night: who entered a segment and who left it since the last time, and why; and its size. */

import { type RawBuilder, sql } from 'kysely'
import { isOnReservations, leavesOf } from '../contract/segment.ts'
import type { Id } from '../database/rows.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import type { SavedSegment } from './saved-segments.ts'
import { segmentSql } from './segment-sql.ts'
import { readSegmentWorld } from './segment-world.ts'

/**
 * Leaves `members_now`, a temporary table of the members.
 * A static list stays as it is; only its size is recorded: who may be mailed changes.
 */
export async function recordMembership(
  trx: WineryTransaction,
  wineryId: Id,
  segment: SavedSegment,
  now: Date,
): Promise<{ entered: number; left: number; waiting: number }> {
  // Two that record at once would both see the same newcomers.
  await sql`
    select from ecellar.segments
    where winery_id = ${wineryId} and segment_id = ${segment.segmentId}
    for update`.execute(trx)
  // Before the members: a pull that is applied meanwhile is looked at again, never overlooked.
  const pulls = await sql<{ seen: string }>`
    select coalesce(max(applied_order), 0) as seen from ecellar.pulls where winery_id = ${wineryId}`.execute(
    trx,
  )
  const world = await readSegmentWorld(trx, wineryId, now)
  const members = segmentSql(world, segment)
  await sql`drop table if exists pg_temp.members_now`.execute(trx)
  await sql`
    create temp table members_now on commit drop as
    select c.customer_id, ${members.mayMail} as may_mail
    from ${members.from}
    where ${members.where}`.execute(trx)
  const because = reasonOf(segment)
  const { rows } = await sql<{ entered: number; left: number; waiting: number }>`
    with last as (
      select recorded_at, recorded_order, changed_at
      from ecellar.segments
      where winery_id = ${wineryId} and segment_id = ${segment.segmentId}
    ), moved as (
      select n.customer_id, true as entered
      from pg_temp.members_now n
      where not exists (
        select from ecellar.segment_members m
        where m.winery_id = ${wineryId} and m.segment_id = ${segment.segmentId} and m.customer_id = n.customer_id
      )
      union all
      select m.customer_id, false
      from ecellar.segment_members m
      where m.winery_id = ${wineryId} and m.segment_id = ${segment.segmentId}
        and not exists (select from pg_temp.members_now n where n.customer_id = m.customer_id)
    ), explained as (
      select moved.customer_id, moved.entered, ${because} as because
      from moved
      cross join last
      left join ecellar.customers c on c.winery_id = ${wineryId} and c.customer_id = moved.customer_id
    ), remembered as (
      insert into ecellar.segment_moves (winery_id, segment_id, customer_id, entered, because, moved_at, confirmed_at)
      select ${wineryId}::bigint, ${segment.segmentId}::bigint, customer_id, entered, because, ${now}::timestamptz,
        case when entered and because in ('initial pull', 'decision', 'mapping') then null else ${now}::timestamptz end
      from explained
      returning entered, confirmed_at
    )
    select count(*) filter (where entered)::int as entered, count(*) filter (where not entered)::int as left,
      count(*) filter (where confirmed_at is null)::int as waiting
    from remembered`.execute(trx)
  await sql`
    delete from ecellar.segment_members m
    where m.winery_id = ${wineryId} and m.segment_id = ${segment.segmentId}
      and ${segment.kind === 'dynamic'}
      and not exists (select from pg_temp.members_now n where n.customer_id = m.customer_id)`.execute(trx)
  await sql`
    insert into ecellar.segment_members (winery_id, segment_id, customer_id)
    select ${wineryId}, ${segment.segmentId}, customer_id from pg_temp.members_now
    on conflict do nothing`.execute(trx)
  await sql`
    insert into ecellar.segment_sizes (winery_id, segment_id, recorded_at, matching, may_mail)
    select ${wineryId}, ${segment.segmentId}, ${now}, count(*), count(*) filter (where may_mail) from pg_temp.members_now
    on conflict (winery_id, segment_id, recorded_at) do update
      set matching = excluded.matching, may_mail = excluded.may_mail`.execute(trx)
  await sql`
    update ecellar.segments
    set recorded_at = ${now}, try_again_at = null,
      recorded_order = ${pulls.rows[0]?.seen ?? 0}
    where winery_id = ${wineryId} and segment_id = ${segment.segmentId}`.execute(trx)
  return rows[0] ?? { entered: 0, left: 0, waiting: 0 }
}

/**
 * A mapping leaves no mark on customers: it is the reason wherever the segment goes by what is mapped. What somebody
 * decided bears the time when it began; it may have waited for a long pull and come later than the last recording, so
 * an hour more is looked at: rather one entry too many waits for a person than one too few.
 */
function reasonOf(segment: SavedSegment): RawBuilder<string> {
  const isMapped = segment.definition !== null && leavesOf(segment.definition.where).some(isOnReservations)
  const since = (kinds: RawBuilder<boolean>) => sql`(
    c.created_in_pull in (select pull_id from news where ${kinds})
    or exists (
      select from ecellar.reservations r
      where r.winery_id = c.winery_id and r.customer_id = c.customer_id
        and r.guest_patron_id = any(array(
          select p.patron_id from ecellar.patrons p where p.winery_id = c.winery_id and p.customer_id = c.customer_id))
        and r.changed_in_pull in (select pull_id from news where ${kinds})))`
  const changed = (by: 'import' | 'staff') => sql`exists (
    select from ecellar.changes x
    where x.winery_id = c.winery_id and x.entity = 'customer' and x.entity_id = c.customer_id
      and x.changed_at >= last.recorded_at and x.made_by = ${by} and x.field <> 'released_at')`
  return sql<string>`(
    with news as (
      select p.pull_id, p.kind from ecellar.pulls p
      where p.winery_id = ${sql.ref('c.winery_id')} and p.applied_order > last.recorded_order
    )
    select case
      when ${since(sql<boolean>`kind = 'initial'`)} then 'initial pull'
      when exists (
        select from ecellar.changes x
        where x.winery_id = c.winery_id and x.entity = 'reservation' and x.field = 'customer_id' and x.made_by = 'staff'
          and x.changed_at >= last.recorded_at - interval '1 hour' and c.customer_id::text in (x.before, x.after)
      ) then 'decision'
      when ${isMapped} and exists (
        select from ecellar.audit a
        where a.winery_id = c.winery_id and a.action = 'mapping.write' and a.at >= last.recorded_at - interval '1 hour'
      ) then 'mapping'
      when ${since(sql<boolean>`true`)} then 'pull'
      when c.created_in_import is not null and c.created_at >= last.recorded_at or ${changed('import')} then 'import'
      when c.released_at >= last.recorded_at then 'release'
      when ${changed('staff')} then 'edit'
      when last.changed_at > last.recorded_at then 'definition'
      else 'time'
    end)`
}
