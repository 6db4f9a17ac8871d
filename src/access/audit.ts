/** Who did what when: append-only, written in the transaction of what was done. */

import { sql } from 'kysely'
import type pg from 'pg'
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
  /**
   * Numbers, before and after; never a guest's data, never a secret. Reasons that somebody typed about a guest stay
   * with the guest, where an erasure finds them: nothing takes them out of here again.
   */
  details?: Record<string, unknown>
}

export async function recordAudit(db: Db | WineryTransaction, entry: AuditEntry): Promise<void> {
  const [wineryId, kind, id, name, action, subject, details] = valuesOf(entry)
  await sql`
    insert into ecellar.audit (winery_id, actor_kind, actor_id, actor_name, action, subject, details)
    values (${wineryId}, ${kind}, ${id}, ${name}, ${action}, ${subject}, ${details}::jsonb)`.execute(db)
}

/** The same in a session of the driver, inside the transaction that the caller has begun. */
export async function recordAuditInSession(client: pg.Client, entry: AuditEntry): Promise<void> {
  await client.query(
    `insert into ecellar.audit (winery_id, actor_kind, actor_id, actor_name, action, subject, details)
    values ($1, $2, $3, $4, $5, $6, $7::jsonb)`,
    [...valuesOf(entry)],
  )
}

function valuesOf({ wineryId, actor, action, subject = null, details = {} }: AuditEntry) {
  return [wineryId, actor.kind, actor.id, actor.name, action, subject, JSON.stringify(details)] as const
}
