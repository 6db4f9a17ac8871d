/** What a user changes about himself, besides password and second factor, which are better-auth's. */

import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { recordAudit } from './audit.ts'
import { checkedName, findMembership } from './membership.ts'

export type OwnAccount = {
  /** The name that others know him by; what was recorded before keeps the name of then. @throws Refusal invalid, not_found */
  rename(of: { userId: string; name: string }): Promise<{ name: string }>
}

export function openOwnAccount({ db, now }: { db: Db; now(): Date }): OwnAccount {
  return {
    rename: ({ userId, name: given }) =>
      db.transaction().execute(async (trx) => {
        const name = checkedName(given)
        await sql`select from access.users where id = ${userId} for update`.execute(trx)
        const member = await findMembership(trx, userId)
        if (!member) {
          throw new Refusal('not_found', 'This user was removed.', 'Ask whoever manages the users.')
        }
        if (member.name === name) return { name }
        await sql`update access.users set name = ${name}, updated_at = ${now()} where id = ${userId}`.execute(
          trx,
        )
        await recordAudit(trx, {
          wineryId: member.wineryId,
          actor: { kind: 'user', id: userId, name },
          action: 'users.rename',
          subject: member.name,
          details: { before: { name: member.name }, after: { name } },
        })
        return { name }
      }),
  }
}
