/** Support sees guests masked, unless it gives a reason: then in full, one winery, one hour, recorded. */

import { sql } from 'kysely'
import type { Principal } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { recordAudit } from './audit.ts'

export type GuestAccess = {
  /** @throws Refusal invalid (no reason) */
  give(of: { principal: Principal; wineryId: string; reason: string }): Promise<{ until: Date }>
  /** Until when this principal sees that winery's guests in full; null: masked. */
  until(of: { principal: Principal; wineryId: string }): Promise<Date | null>
}

export const guestAccessMinutes = 60

export function openGuestAccess({ db, now }: { db: Db; now(): Date }): GuestAccess {
  return {
    give: ({ principal, wineryId, reason }) =>
      db.transaction().execute(async (trx) => {
        const text = checkedReason(reason)
        const until = new Date(now().getTime() + guestAccessMinutes * 60_000)
        await sql`
          insert into access.guest_access (user_id, winery_id, until)
          values (${principal.id}, ${wineryId}, ${until})`.execute(trx)
        await recordAudit(trx, {
          wineryId,
          actor: { kind: principal.kind, id: principal.id, name: principal.name },
          action: 'guests.ask',
          details: { reason: text, until },
        })
        return { until }
      }),
    until: async ({ principal, wineryId }) => {
      const { rows } = await sql<{ until: Date | null }>`
        select max(until) as until from access.guest_access
        where user_id = ${principal.id}
          and winery_id = ${wineryId}
          and until > ${now()}`.execute(db)
      return rows[0]?.until ?? null
    },
  }
}

/** The wineries whose guests this Support user sees in full now. */
export async function guestsOf(db: Db, userId: string, at: Date): Promise<string[]> {
  const { rows } = await sql<{ wineryId: string }>`
    select distinct winery_id as "wineryId" from access.guest_access
    where user_id = ${userId}
      and until > ${at}`.execute(db)
  return rows.map(({ wineryId }) => wineryId)
}

function checkedReason(given: string): string {
  const text = given.trim()
  // It goes into the audit, out of which nothing can be erased.
  if (text.length >= 10 && text.length <= 500 && !text.includes('@')) return text
  throw new Refusal(
    'invalid',
    'A reason is needed, of 10 to 500 characters, without an e-mail address.',
    "Say what the guests' data is needed for, or the number of the request; no guest's name or address.",
  )
}
