/** The audit, newest first, by actor, action, text, time and winery. */

import type { Actor } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'

export type AuditQuery = {
  /** A winery's, or (null) the installation's own; left out: all, for Support. */
  wineryId?: string | null
  /** Part of the actor's name, or his id. */
  actor?: string
  action?: string
  /** In the subject, however capitalised. */
  subject?: string
  from?: Date
  before?: Date
}

export type AuditRecord = {
  auditId: string
  /** The winery's slug. */
  winery: string | null
  at: Date
  actor: Actor
  action: string
  subject: string | null
  details: Record<string, unknown>
}

/** @param cursor `next` of the page before */
export async function searchAudit(
  _db: Db,
  _query: AuditQuery,
  _page: { limit: number; cursor?: string | undefined },
): Promise<{ records: AuditRecord[]; next: string | null }> {
  throw new Error('to come')
}
