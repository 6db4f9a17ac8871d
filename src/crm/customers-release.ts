/** Releases customers for marketing (rule 21): a person's decision. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { emailKey } from '../contract/email-address.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, lockWinery, type WineryTransaction } from '../database/tenant-session.ts'

export type WhomToRelease = { all: true } | { pullId: string } | { email: string }

export type ReleaseResult = { released: number; mayBeMailed: number; note: string }

/** @throws Refusal `not_found` for an unknown pull or address, `invalid` for what is neither */
export async function releaseCustomers(
  options: { db: Db; wineryId: Id; actor: Actor },
  whom: WhomToRelease,
): Promise<ReleaseResult> {
  return inWinery(options.db, options.wineryId, async (trx) => {
    await lockWinery(trx, options.wineryId)
    const chosen = await choose(trx, options.wineryId, whom)
    // One statement: the history sees the customers as they were, the count as they become.
    const { rows } = await sql<{ released: number; may_be_mailed: number }>`
      with released as (
        update ecellar.customers c
        set released_at = now(), release_due_at = null
        from ecellar.wineries w
        where c.winery_id = ${options.wineryId}
          and w.winery_id = c.winery_id
          and c.released_at is null
          and ${chosen}
        returning
          c.customer_id,
          -- Rule 20, as in reporting.customers.
          c.email_key is not null
            and not c.bounced
            and c.active
            and (c.email_consent = 'in'
              or (c.email_consent = 'unknown' and w.mail_policy = 'not-opted-out' and c.created_by <> 'tock'))
            as may_mail
      ),
      remembered as (
        insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by)
        select ${options.wineryId}, 'customer', customer_id, 'released_at', null, now()::text, 'staff'
        from released
      )
      select count(*)::int as released, count(*) filter (where may_mail)::int as may_be_mailed
      from released`.execute(trx)
    const { released = 0, may_be_mailed: mayBeMailed = 0 } = rows[0] ?? {}
    if (released > 0) {
      await recordAudit(trx, {
        wineryId: options.wineryId,
        actor: options.actor,
        action: 'customers.release',
        subject: 'pullId' in whom ? `pull ${whom.pullId}` : null,
        details: { released, mayBeMailed },
      })
    }
    return { released, mayBeMailed, note: released === 0 ? nothingNote : newCustomersNote }
  })
}

const nothingNote = 'There was nobody to release: all of them were released before, or there are none.'
const newCustomersNote =
  'From now on they count as New customers: scheduled e-mail campaigns for New customers will include those who may be mailed.'

async function choose(trx: WineryTransaction, wineryId: Id, whom: WhomToRelease) {
  if ('all' in whom) return sql<boolean>`true`
  if ('pullId' in whom) {
    const id = /^\d{1,18}$/.test(whom.pullId) ? whom.pullId : null
    const known =
      id !== null &&
      (await sql`select from ecellar.pulls where winery_id = ${wineryId} and pull_id = ${id}`.execute(trx))
        .rows.length > 0
    if (!known) {
      throw new Refusal(
        'not_found',
        `This winery has no pull "${whom.pullId}".`,
        'See "ecellar-tock pulls list".',
      )
    }
    return sql<boolean>`c.created_in_pull = ${id}`
  }
  const key = emailKey(whom.email)
  if (key === null) {
    throw new Refusal('invalid', 'That is not an e-mail address.', 'Check its spelling.')
  }
  const known = await sql`
    select from ecellar.customers where winery_id = ${wineryId} and email_key = ${key} limit 1`.execute(trx)
  if (known.rows.length === 0) {
    throw new Refusal(
      'not_found',
      'No customer of this winery has that e-mail address.',
      'Check its spelling.',
    )
  }
  return sql<boolean>`c.email_key = ${key}`
}
