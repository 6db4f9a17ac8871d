/** Who did what when: append-only, written in the transaction of what was done. */

import { sql } from 'kysely'
import type { Actor } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'

export type AuditEntry = {
  /** null: the installation's, not a winery's. */
  wineryId: string | null
  actor: Actor
  /** An action of `contract/access.ts`, or one of access itself (`sign-in`). */
  action: string
  /** A brand code, a pull, a customer's number; never a guest's name or address. */
  subject?: string | null
  /** Numbers, a reason, before and after; never a guest's data, never a secret. */
  details?: Record<string, unknown>
}

export async function recordAudit(db: Db | WineryTransaction, entry: AuditEntry): Promise<void> {
  const { wineryId, actor, action, subject = null, details = {} } = entry
  await sql`
    insert into ecellar.audit (winery_id, actor_kind, actor_id, actor_name, action, subject, details)
    values (${wineryId}, ${actor.kind}, ${actor.id}, ${actor.name}, ${action}, ${subject}, ${JSON.stringify(details)}::jsonb)`.execute(
    db,
  )
}
