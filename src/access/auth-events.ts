/** Sign-ins and what belongs to them, in the audit: by users' names; never the address that somebody typed. */

import { sql } from 'kysely'
import type { Actor } from '../contract/access.ts'
import { emailKey } from '../contract/email-address.ts'
import type { Db } from '../database/connect.ts'
import { recordAudit } from './audit.ts'
import { findMembership, type Membership } from './membership.ts'

export type AuthEvent = { action: string; details?: Record<string, unknown> } & (
  | { userId: string }
  /** Done to this user's account, by somebody of whom nothing else is known. */
  | { subjectId: string }
  | { address: string }
)

const somebody: Actor = { kind: 'program', id: 'sign-in', name: 'somebody who is not signed in' }

/** @param signedInAt kept with the user for an event `sign-in` */
export async function recordAuthEvent(db: Db, event: AuthEvent, signedInAt?: Date): Promise<void> {
  const member = await memberOf(db, event)
  // What is tried at addresses that nobody has here is no event of anybody's, and would be a way to fill the audit.
  if (!member) return
  const isHis = 'userId' in event
  await recordAudit(db, {
    wineryId: member.wineryId,
    actor: isHis ? { kind: 'user', id: member.userId, name: member.name } : somebody,
    action: event.action,
    subject: isHis ? null : member.name,
    ...(event.details ? { details: event.details } : {}),
  })
  if (isHis && event.action === 'sign-in' && signedInAt) {
    await sql`
      update access.memberships set last_signed_in_at = ${signedInAt}
      where user_id = ${event.userId}`.execute(db)
  }
}

async function memberOf(db: Db, event: AuthEvent): Promise<Membership | undefined> {
  if ('userId' in event) return findMembership(db, event.userId)
  if ('subjectId' in event) return findMembership(db, event.subjectId)
  const { rows } = await sql<{ id: string }>`
    select id from access.users where email = ${emailKey(event.address)}`.execute(db)
  return rows[0] ? findMembership(db, rows[0].id) : undefined
}
