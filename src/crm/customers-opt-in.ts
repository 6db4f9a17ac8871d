/**
 * Opts a customer in to e-mail again: the winery admin's, with a reason, for one customer at a time (rule 19). It is the
 * only way back from an "out".
 */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, lockWinery } from '../database/tenant-session.ts'

/**
 * Again: nothing changes. `why` is kept with the customer's consent, where an erasure finds it.
 * @throws Refusal not_found, invalid (no reason)
 */
export async function optInCustomer(
  options: { db: Db; wineryId: Id; actor: Actor; why: string },
  customerId: string,
): Promise<{ optedIn: boolean }> {
  const { wineryId, actor } = options
  const why = options.why.trim()
  if (why === '') {
    throw new Refusal('invalid', 'An opt-in needs its reason.', 'Say who asked for it, and how.')
  }
  return inWinery(options.db, wineryId, async (trx) => {
    await lockWinery(trx, wineryId)
    const { rows } = await sql<{ email_consent: string }>`
      select email_consent from ecellar.customers
      where winery_id = ${wineryId} and customer_id = ${/^\d{1,18}$/.test(customerId) ? customerId : null}
      for update`.execute(trx)
    const before = rows[0]?.email_consent
    if (before === undefined) {
      throw new Refusal(
        'not_found',
        `This winery has no customer ${customerId}.`,
        'Take customer_id of reporting.customers; eCELLAR’s own number is another.',
      )
    }
    if (before === 'in') return { optedIn: false }
    await sql`
      update ecellar.customers
      set email_consent = 'in', consent_source = 'staff', asks_mail_again_at = null
      where winery_id = ${wineryId} and customer_id = ${customerId}`.execute(trx)
    await sql`
      insert into ecellar.consent_changes (winery_id, customer_id, before, after, source, reason)
      values (${wineryId}, ${customerId}, ${before}, 'in', 'staff', ${why})`.execute(trx)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'customers.opt-in',
      subject: `customer ${customerId}`,
      details: { before },
    })
    return { optedIn: true }
  })
}
