/** Segments that people keep: dynamic ones are asked anew each time, static ones are a list. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import { readDefinition, type SegmentDefinition } from '../contract/segment.ts'
import { didYouMean } from '../crm/near-names.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { definitionSql } from './definition-sql.ts'
import { recordMembership } from './record-membership.ts'
import { segmentSql } from './segment-sql.ts'
import { readSegmentWorld, type SegmentWorld } from './segment-world.ts'

export type SavedSegment = {
  segmentId: Id
  name: string
  kind: 'dynamic' | 'static'
  definition: SegmentDefinition | null
  createdAt: Date
  createdBy: string
  changedAt: Date
  changedBy: string
  campaignName: string | null
  campaignAt: Date | null
  recordedAt: Date
}
/** With its size when it was recorded last, and what was made of it. */
export type ListedSegment = SavedSegment & {
  matching: number | null
  mayMail: number | null
  lastExportedAt: Date | null
  /** Exports of it on a schedule. */
  schedules: number
}

const columns = sql`s.segment_id as "segmentId", s.name, s.kind, s.definition, s.created_at as "createdAt",
  s.created_by as "createdBy", s.changed_at as "changedAt", s.changed_by as "changedBy",
  s.campaign_name as "campaignName", s.campaign_at as "campaignAt", s.recorded_at as "recordedAt"`

export async function listSegments(db: Db, wineryId: Id): Promise<ListedSegment[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ListedSegment>`
      select ${columns}, z.matching, z.may_mail as "mayMail",
        (
          select max(x.made_at) from ecellar.exports x
          where x.winery_id = s.winery_id and x.segment_id = s.segment_id
        ) as "lastExportedAt",
        (
          select count(*)::int from ecellar.export_schedules x
          where x.winery_id = s.winery_id and x.segment_id = s.segment_id
        ) as schedules
      from ecellar.segments s
      left join lateral (
        select matching, may_mail from ecellar.segment_sizes z
        where z.winery_id = s.winery_id and z.segment_id = s.segment_id
        order by recorded_at desc
        limit 1
      ) z on true
      where s.winery_id = ${wineryId}
      order by lower(s.name)`.execute(trx)
    return rows
  })
}

/** @param which its name, however it is capitalised, or its number. @throws Refusal not_found, with near names */
export async function findSegment(
  trx: WineryTransaction,
  wineryId: Id,
  which: { name: string } | { segmentId: string },
): Promise<SavedSegment> {
  const rows = await allSegments(trx, wineryId)
  const found =
    'name' in which
      ? rows.find((one) => one.name.toLowerCase() === which.name.trim().toLowerCase())
      : rows.find((one) => one.segmentId === which.segmentId)
  if (found) return found
  const asked = 'name' in which ? which.name : which.segmentId
  const near = didYouMean(
    asked,
    rows.map((one) => one.name),
  )
  throw new Refusal(
    'not_found',
    `There is no segment "${asked}" at this winery.${near}`,
    'See: segments list',
  )
}

export async function allSegments(trx: WineryTransaction, wineryId: Id): Promise<SavedSegment[]> {
  const { rows } = await sql<SavedSegment>`
    select ${columns} from ecellar.segments s
    where s.winery_id = ${wineryId}
    order by lower(s.name)`.execute(trx)
  return rows
}

export async function campaignSegments(trx: WineryTransaction, wineryId: Id): Promise<SavedSegment[]> {
  const { rows } = await sql<SavedSegment>`
    select ${columns} from ecellar.segments s
    where s.winery_id = ${wineryId} and s.campaign_name is not null
    order by s.campaign_at nulls last, lower(s.name)`.execute(trx)
  return rows
}

export type SegmentToSave = {
  name: string
  /** A static one is the list of the moment. */
  kind: 'dynamic' | 'static'
  definition?: SegmentDefinition | undefined
  /** A static one's customers, instead of a definition. */
  customerIds?: Id[] | undefined
  /** To change the segment of that name; without, a name that is taken is refused. */
  replace?: boolean | undefined
}

/** @throws Refusal invalid */
export async function saveSegment(
  options: { db: Db; wineryId: Id; actor: Actor; now: Date },
  given: SegmentToSave,
): Promise<SavedSegment> {
  const { db, wineryId, actor, now } = options
  const name = given.name.trim()
  if (name === '' || name.length > 100) {
    throw new Refusal('invalid', 'A segment needs a name of at most 100 letters.', 'Give it a name.')
  }
  if ((given.definition === undefined) === (given.customerIds === undefined)) {
    throw new Refusal('invalid', 'A segment is a definition, or a list of customers.', 'Give one of them.')
  }
  if (given.kind === 'dynamic' && given.definition === undefined) {
    throw new Refusal(
      'invalid',
      'A dynamic segment needs a definition.',
      'Give it, or save the list as static.',
    )
  }
  const definition = given.definition === undefined ? null : readDefinition(given.definition)
  return inWinery(db, wineryId, async (trx) => {
    const world = await readSegmentWorld(trx, wineryId, now)
    const { rows } = await sql<{ segment_id: Id; is_new: boolean }>`
      insert into ecellar.segments as s (winery_id, name, kind, definition, created_at, created_by, changed_at, changed_by,
        recorded_at, recorded_order)
      select ${wineryId}, ${name}, ${given.kind}, ${definition === null ? null : JSON.stringify(definition)}::jsonb,
        ${now}, ${actor.name}, ${now}, ${actor.name}, ${now},
        coalesce((select max(applied_order) from ecellar.pulls where winery_id = ${wineryId}), 0)
      on conflict (winery_id, lower(name)) do update
        set name = excluded.name, kind = excluded.kind, definition = excluded.definition,
          changed_at = excluded.changed_at, changed_by = excluded.changed_by,
          recorded_at = case when excluded.kind = 'static' then excluded.recorded_at else s.recorded_at end
        where ${given.replace === true}
      returning s.segment_id, s.created_at = s.changed_at as is_new`.execute(trx)
    const saved = rows[0]
    if (!saved) {
      throw new Refusal(
        'invalid',
        `There is a segment "${name}" already.`,
        'Choose another name, or say that it is to be replaced.',
      )
    }
    const segment = await findSegment(trx, wineryId, { segmentId: saved.segment_id })
    // Who enters by another definition is told so; who entered by an initial pull just before still waits.
    if (given.kind === 'dynamic' && !saved.is_new) await recordMembership(trx, wineryId, segment, now)
    else await putMembers(trx, world, saved.segment_id, definition, given.customerIds ?? [])
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'segments.write',
      subject: `segment ${saved.segment_id}`,
      details: { kind: given.kind, replaced: !saved.is_new },
    })
    return findSegment(trx, wineryId, { segmentId: saved.segment_id })
  })
}

/** @throws Refusal not_found, invalid (a schedule exports it) */
export async function removeSegment(
  options: { db: Db; wineryId: Id; actor: Actor },
  which: { name: string } | { segmentId: string },
): Promise<SavedSegment> {
  const { db, wineryId, actor } = options
  return inWinery(db, wineryId, async (trx) => {
    const segment = await findSegment(trx, wineryId, which)
    for (const table of [
      'export_schedules',
      'segment_members',
      'segment_moves',
      'segment_sizes',
      'segments',
    ]) {
      await sql`
        delete from ${sql.table(`ecellar.${table}`)}
        where winery_id = ${wineryId} and segment_id = ${segment.segmentId}`.execute(trx)
    }
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'segments.write',
      subject: `segment ${segment.segmentId}`,
      details: { removed: true },
    })
    return segment
  })
}

/** Marks it as the audience of a campaign that is scheduled elsewhere; null: of none any more. @throws Refusal not_found */
export async function markCampaign(
  options: { db: Db; wineryId: Id; actor: Actor },
  which: { name: string } | { segmentId: string },
  campaign: { name: string; at: Date | null } | null,
): Promise<SavedSegment> {
  const { db, wineryId, actor } = options
  return inWinery(db, wineryId, async (trx) => {
    const segment = await findSegment(trx, wineryId, which)
    await sql`
      update ecellar.segments
      set campaign_name = ${campaign?.name.trim() ?? null}, campaign_at = ${campaign?.at ?? null}
      where winery_id = ${wineryId} and segment_id = ${segment.segmentId}`.execute(trx)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'segments.write',
      subject: `segment ${segment.segmentId}`,
      details: { campaign: campaign?.name ?? null, at: campaign?.at ?? null },
    })
    return findSegment(trx, wineryId, { segmentId: segment.segmentId })
  })
}

async function putMembers(
  trx: WineryTransaction,
  world: SegmentWorld,
  segmentId: Id,
  definition: SegmentDefinition | null,
  customerIds: Id[],
): Promise<void> {
  const { wineryId } = world
  await sql`
    delete from ecellar.segment_members where winery_id = ${wineryId} and segment_id = ${segmentId}`.execute(
    trx,
  )
  const members =
    definition === null
      ? {
          from: sql`ecellar.customers c`,
          where: sql`c.winery_id = ${wineryId} and c.customer_id = any(${customerIds}::bigint[])`,
        }
      : definitionSql(world, definition)
  await sql`
    insert into ecellar.segment_members (winery_id, segment_id, customer_id)
    select ${wineryId}, ${segmentId}, c.customer_id
    from ${members.from}
    where ${members.where}`.execute(trx)
  const all = segmentSql(world, { segmentId, kind: 'static', definition: null })
  await sql`
    insert into ecellar.segment_sizes (winery_id, segment_id, recorded_at, matching, may_mail)
    select ${wineryId}, ${segmentId}, ${world.now}, count(*), count(*) filter (where ${all.mayMail})
    from ${all.from}
    where ${all.where}
    on conflict (winery_id, segment_id, recorded_at) do update
      set matching = excluded.matching, may_mail = excluded.may_mail`.execute(trx)
}
