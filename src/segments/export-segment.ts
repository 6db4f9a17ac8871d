/**
 * A segment leaves as a file: only those who may be mailed, unless a person with the right says why the others as well.
 * What leaves is remembered before the first row is out, for an erasure has to find it, whatever becomes of the stream.
 */

import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { type RawBuilder, sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { SegmentDefinition } from '../contract/segment.ts'
import type { ExportColumn, ExportFormat } from '../contract/segment-export.ts'
import { guestsOf, visitsOf } from '../crm/customer-visits.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { columnsOf, type ExportRow, exportHead, exportLines } from './export-rows.ts'
import { mayMail } from './may-mail.ts'
import { findSegment } from './saved-segments.ts'
import { segmentSql } from './segment-sql.ts'
import { readSegmentWorld, type SegmentWorld } from './segment-world.ts'

export type ExportWish = {
  of: { name: string } | { segmentId: string } | { definition: SegmentDefinition }
  format: ExportFormat
  columns: ExportColumn[]
  /** Those too who may not be mailed; whether whoever asks has the right (`exports.not-for-mailing`) is asked before. */
  notForMailing?: { why: string } | undefined
  /** A schedule's: entries that wait for a person's confirmation stay out. */
  scheduleId?: Id | undefined
  /** Nobody but the customers of this table. */
  among?: RawBuilder<unknown> | undefined
}

export type RememberedExport = {
  exportId: Id
  fileName: string
  notForMailing: boolean
  rows: number
  /** Entries that wait for a confirmation, and stayed out. */
  waiting: number
}

type Options = { db: Db; winery: { winery_id: Id; slug: string }; actor: Actor; now: Date }

const rowsAtOnce = 1_000

/** Decides who leaves, and remembers it. @throws Refusal not_found, invalid */
export async function prepareExport(options: Options, wish: ExportWish): Promise<RememberedExport> {
  return inWinery(options.db, options.winery.winery_id, (trx) => prepareExportIn(trx, options, wish))
}

/** The same in a transaction that is there. */
export async function prepareExportIn(
  trx: WineryTransaction,
  { winery, actor, now }: Omit<Options, 'db'>,
  wish: ExportWish,
): Promise<RememberedExport> {
  const wineryId = winery.winery_id
  const why = wish.notForMailing?.why.trim()
  if (why === '')
    throw new Refusal('invalid', 'An export not for mailing needs its reason.', 'Say why it is needed.')
  const world = await readSegmentWorld(trx, wineryId, now)
  await assertMayLeave(trx, wineryId, wish.columns)
  const segment = 'definition' in wish.of ? null : await findSegment(trx, wineryId, wish.of)
  const members = segmentSql(
    world,
    segment ?? {
      segmentId: '0',
      kind: 'dynamic',
      definition: 'definition' in wish.of ? wish.of.definition : null,
    },
  )
  const waits = sql<boolean>`exists (
    select from ecellar.segment_moves m
    where m.winery_id = ${wineryId} and m.segment_id = ${segment?.segmentId ?? '0'} and m.customer_id = c.customer_id
      and m.confirmed_at is null)`
  const name = segment?.name ?? 'Unnamed segment'
  const { rows } = await sql<{ export_id: Id; rows: number; waiting: number }>`
    with made as (
      insert into ecellar.exports (winery_id, name, made_at, made_by, segment_id, format, columns, not_for_mailing,
        reason, schedule_id)
      values (${wineryId}, ${name}, ${now}, ${actor.name}, ${segment?.segmentId ?? null}, ${wish.format},
        ${wish.columns}::text[], ${why !== undefined}, ${why ?? null}, ${wish.scheduleId ?? null})
      returning export_id
    ), chosen as materialized (
      select c.customer_id, ${wish.scheduleId === undefined ? sql`false` : waits} as waits
      from ${members.from}
      where ${members.where} and ${why === undefined ? members.mayMail : sql`true`}
        and ${wish.among === undefined ? sql`true` : sql`c.customer_id in (select customer_id from ${wish.among})`}
    ), carried as (
      insert into ecellar.export_customers (winery_id, export_id, customer_id)
      select ${wineryId}, made.export_id, chosen.customer_id
      from chosen cross join made
      where not chosen.waits
      returning 1
    )
    select made.export_id, (select count(*)::int from carried) as rows,
      (select count(*)::int from chosen where waits) as waiting
    from made`.execute(trx)
  const made = rows[0]
  if (!made) throw new Error('An export is always remembered')
  await sql`
    update ecellar.exports set rows = ${made.rows}
    where winery_id = ${wineryId} and export_id = ${made.export_id}`.execute(trx)
  await recordAudit(trx, {
    wineryId,
    actor,
    action: why === undefined ? 'exports.make' : 'exports.not-for-mailing',
    subject: `export ${made.export_id}`,
    details: {
      segmentId: segment?.segmentId ?? null,
      format: wish.format,
      columns: wish.columns,
      rows: made.rows,
      ...(wish.scheduleId === undefined ? {} : { scheduleId: wish.scheduleId }),
    },
  })
  return {
    exportId: made.export_id,
    fileName: exportFileName({
      name,
      day: now.toISOString().slice(0, 10),
      format: wish.format,
      notForMailing: why !== undefined,
    }),
    notForMailing: why !== undefined,
    rows: made.rows,
    waiting: made.waiting,
  }
}

/**
 * Writes what was decided, through a cursor of the server: memory stays flat. Who may no longer be mailed by now, or was
 * erased, is left out. Ends `out`. @returns how many rows it wrote
 */
export async function writeExport(options: Options, exportId: Id, out: Writable): Promise<number> {
  const { db, winery, now } = options
  const wineryId = winery.winery_id
  return inWinery(db, wineryId, async (trx) => {
    const found = await sql<{ format: ExportFormat; columns: ExportColumn[]; not_for_mailing: boolean }>`
      select format, columns, not_for_mailing from ecellar.exports
      where winery_id = ${wineryId} and export_id = ${exportId}`.execute(trx)
    const made = found.rows[0]
    if (!made) throw new Error('The export is not remembered')
    const world = await readSegmentWorld(trx, wineryId, now)
    const columns = columnsOf(made.columns, made.not_for_mailing)
    await sql`declare leaving no scroll cursor for ${rowsOf(world, exportId, made)}`.execute(trx)
    let written = 0
    await put(out, exportHead(made.format, columns))
    for (;;) {
      const { rows } = await sql<ExportRow>`fetch ${sql.lit(rowsAtOnce)} from leaving`.execute(trx)
      await put(out, exportLines(made.format, columns, rows))
      written += rows.length
      if (rows.length < rowsAtOnce) break
    }
    out.end()
    return written
  })
}

function rowsOf(
  world: SegmentWorld,
  exportId: Id,
  made: { columns: ExportColumn[]; not_for_mailing: boolean },
): RawBuilder<unknown> {
  const { wineryId } = world
  const needsVisits = made.columns.some((name) => name.includes('visit'))
  const notes = made.columns.includes('notes')
    ? sql`(
        select r.notes from ecellar.reservations r
        where r.winery_id = ${wineryId} and r.customer_id = c.customer_id
          and r.guest_patron_id = any(${guestsOf(wineryId, sql.ref('c.customer_id'))}) and r.notes is not null
        order by r.starts_at desc
        limit 1)`
    : sql`null`
  return sql`
    select
      case when ${mayMail(world)} then '' else 'not for mailing' end as mailing,
      ${mayMail(world)} as may_mail,
      c.customer_id, c.ecellar_customer_id, c.email, c.first_name, c.last_name,
      source.name as customer_source, type.name as customer_type, tier.name as allocation_tier,
      c.email_consent, c.club_member, c.tags, c.created_at, c.created_by, c.released_at,
      ${needsVisits ? sql`v.visits, v."firstVisitOn" as first_visit_on, v."lastVisitOn" as last_visit_on, v."nextVisitOn" as next_visit_on,` : sql``}
      ${notes} as notes
    from ecellar.export_customers chosen
    join ecellar.customers c on c.winery_id = ${wineryId} and c.customer_id = chosen.customer_id
    left join ecellar.list_entries source on source.winery_id = c.winery_id and source.entry_id = c.customer_source_id
    left join ecellar.list_entries type on type.winery_id = c.winery_id and type.entry_id = c.customer_type_id
    left join ecellar.list_entries tier on tier.winery_id = c.winery_id and tier.entry_id = c.allocation_tier_id
    ${needsVisits ? sql`cross join lateral (${visitsOf(wineryId, sql.ref('c.customer_id'), null)}) v` : sql``}
    where chosen.winery_id = ${wineryId} and chosen.export_id = ${exportId}
      and ${made.not_for_mailing ? sql`true` : mayMail(world)}
    order by chosen.customer_id`
}

async function assertMayLeave(trx: WineryTransaction, wineryId: Id, columns: ExportColumn[]): Promise<void> {
  if (!columns.includes('notes')) return
  const { rows } = await sql<{ export_notes: boolean }>`
    select export_notes from ecellar.wineries where winery_id = ${wineryId}`.execute(trx)
  if (rows[0]?.export_notes) return
  throw new Refusal(
    'invalid',
    'Notes stay out of exports: they hold what guests said about their health and diet.',
    "Leave the column out. A winery admin can allow it in the winery's settings.",
  )
}

async function put(out: Writable, text: string): Promise<void> {
  if (out.destroyed) throw new Error('Whoever reads the export is gone')
  if (text !== '' && !out.write(text)) await Promise.race([once(out, 'drain'), once(out, 'close')])
}

/** Of an export on a schedule: its number goes first, so that the one of before is found. */
export function scheduledFileName(of: {
  scheduleId: Id
  name: string
  day: string
  format: ExportFormat
}): string {
  return `${of.scheduleId}-${exportFileName({ ...of, notForMailing: false })}`
}

function exportFileName(of: {
  name: string
  day: string
  format: ExportFormat
  notForMailing: boolean
}): string {
  return `${of.notForMailing ? 'NOT-FOR-MAILING-' : ''}${slugOf(of.name)}-${of.day}.${of.format}`
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return slug.slice(0, 60) || 'segment'
}
