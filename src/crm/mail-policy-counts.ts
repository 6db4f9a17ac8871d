/** How many may be mailed under which policy: shown before somebody changes it (rule 20). */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'
import { inWinery } from '../database/tenant-session.ts'

export async function mailPolicyCounts(
  db: Db,
  wineryId: string,
): Promise<{ optedIn: number; notOptedOut: number }> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<{ optedIn: number; notOptedOut: number }>`
      select
        count(*) filter (where email_consent = 'in')::int as "optedIn",
        count(*) filter (
          where email_consent = 'in' or (email_consent = 'unknown' and created_by <> 'tock')
        )::int as "notOptedOut"
      from ecellar.customers
      where winery_id = ${wineryId}
        and email_key is not null
        and not bounced
        and active
        and released_at is not null`.execute(trx)
    return rows[0] ?? { optedIn: 0, notOptedOut: 0 }
  })
}
