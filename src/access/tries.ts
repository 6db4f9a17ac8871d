/**
 * Against guessing: at one address, known here or not, ten sign-ins may go wrong in a quarter of an hour, from wherever
 * they come; and three password resets may be asked for in an hour. What comes on top is turned away unread.
 */

import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { emailKey } from '../contract/email-address.ts'
import type { Db } from '../database/connect.ts'

const limits = {
  'sign-in': { most: 10, minutes: 15 },
  'password-reset': { most: 3, minutes: 60 },
} as const
export type TryPurpose = keyof typeof limits

/**
 * Counts a try before it is made, so that many at once do not all get through.
 * @returns `locked` when it is one too many; `just locked` for the first such
 */
export async function claimTry(
  db: Db,
  purpose: TryPurpose,
  address: string,
  now: Date,
): Promise<'allowed' | 'just locked' | 'locked'> {
  const { most, minutes } = limits[purpose]
  const windowStart = new Date(now.getTime() - minutes * 60_000)
  const { rows } = await sql<{ tries: number }>`
    insert into access.tries as t (purpose, address_hash, tries, since)
    values (${purpose}, ${addressHash(address)}, 1, ${now})
    on conflict (purpose, address_hash) do update set
      tries = case when t.since <= ${windowStart} then 1 else t.tries + 1 end,
      since = case when t.since <= ${windowStart} then ${now} else t.since end
    returning tries`.execute(db)
  const tries = rows[0]?.tries ?? 1
  if (tries === 1) await forgetOld(db, now)
  if (tries <= most) return 'allowed'
  return tries === most + 1 ? 'just locked' : 'locked'
}

export async function forgetTries(db: Db, purpose: TryPurpose, address: string): Promise<void> {
  await sql`
    delete from access.tries
    where purpose = ${purpose}
      and address_hash = ${addressHash(address)}`.execute(db)
}

async function forgetOld(db: Db, now: Date): Promise<void> {
  const longestMs = Math.max(...Object.values(limits).map(({ minutes }) => minutes)) * 60_000
  await sql`delete from access.tries where since <= ${new Date(now.getTime() - longestMs)}`.execute(db)
}

/** What is typed where an address belongs may be anybody's, or a password: it is not stored in clear. */
function addressHash(address: string): string {
  const key = emailKey(address) ?? address.trim().toLowerCase()
  return createHash('sha256').update(key).digest('base64url')
}
