/** The audit, newest first, by actor, action, text, time and winery. */

import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'

export type AuditQuery = {
  /** A winery's, or (null) the installation's own; left out: all, for Support. */
  wineryId?: string | null
  /** Part of the actor's name, or his id. */
  actor?: string | undefined
  /** The whole word, or with a dot at the end all that begin with it: `users.` */
  action?: string | undefined
  /** In the subject, however capitalised. */
  subject?: string | undefined
  from?: Date | undefined
  before?: Date | undefined
}

export type AuditRecord = {
  auditId: string
  /** The winery's slug; null: the installation's, or of a winery that is gone. */
  winery: string | null
  at: Date
  actor: Actor
  action: string
  subject: string | null
  details: Record<string, unknown>
}

/**
 * @param page.cursor `next` of the page before
 * @throws Refusal invalid when the cursor is none
 */
export async function searchAudit(
  db: Db,
  query: AuditQuery,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ records: AuditRecord[]; next: string | null }> {
  if (page.cursor !== undefined && !/^\d{1,18}$/.test(page.cursor)) {
    throw new Refusal('invalid', 'This is no cursor of a page.', 'Begin again without it.')
  }
  // One more than asked for tells whether there is a next page.
  const found = await read(db, query, page.cursor, page.limit + 1)
  const records = found.slice(0, page.limit)
  return { records, next: found.length > page.limit ? (records.at(-1)?.auditId ?? null) : null }
}

async function read(
  db: Db,
  query: AuditQuery,
  cursor: string | undefined,
  limit: number,
): Promise<AuditRecord[]> {
  const { wineryId } = query
  // A winery's readers go through row-level security besides.
  if (typeof wineryId === 'string') return inWinery(db, wineryId, (trx) => select(trx, query, cursor, limit))
  return select(db, query, cursor, limit)
}

async function select(
  db: Db | WineryTransaction,
  query: AuditQuery,
  cursor: string | undefined,
  limit: number,
): Promise<AuditRecord[]> {
  const conditions = sql.join([sql`true`, ...conditionsOf(query, cursor)], sql` and `)
  const { rows } = await sql<Omit<AuditRecord, 'actor'> & ActorColumns>`
    select
      a.audit_id as "auditId",
      w.slug as winery,
      a.at,
      a.actor_kind as "actorKind",
      a.actor_id as "actorId",
      a.actor_name as "actorName",
      a.action,
      a.subject,
      a.details
    from ecellar.audit a
    left join ecellar.wineries w on w.winery_id = a.winery_id
    where ${conditions}
    order by a.audit_id desc
    limit ${limit}`.execute(db)
  return rows.map(({ auditId, winery, at, action, subject, details, actorKind, actorId, actorName }) => ({
    auditId,
    winery,
    at,
    actor: { kind: actorKind, id: actorId, name: actorName },
    action,
    subject,
    details,
  }))
}

type ActorColumns = { actorKind: Actor['kind']; actorId: string; actorName: string }

function conditionsOf(query: AuditQuery, cursor: string | undefined): RawBuilder<unknown>[] {
  const { wineryId, actor, action, subject, from, before } = query
  return [
    wineryId === undefined ? undefined : sql`a.winery_id is not distinct from ${wineryId}::bigint`,
    cursor === undefined ? undefined : sql`a.audit_id < ${cursor}`,
    actor === undefined ? undefined : sql`(a.actor_id = ${actor} or ${contains('actor_name', actor)})`,
    action === undefined
      ? undefined
      : action.endsWith('.')
        ? sql`starts_with(a.action, ${action})`
        : sql`a.action = ${action}`,
    subject === undefined ? undefined : contains('subject', subject),
    from === undefined ? undefined : sql`a.at >= ${from}`,
    before === undefined ? undefined : sql`a.at < ${before}`,
  ].filter((condition) => condition !== undefined)
}

/** Not `like`: what somebody searches for may hold its signs. */
function contains(column: 'actor_name' | 'subject', text: string): RawBuilder<unknown> {
  return sql`strpos(lower(${sql.ref(`a.${column}`)}), lower(${text})) > 0`
}
