/** Old mails go: what they told is history, and their recipients' addresses are people's. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'

const keptDays = 90

/** @returns how many went */
export async function purgeOutbox(db: Db, now: Date): Promise<number> {
  const oldest = new Date(now.getTime() - keptDays * 86_400_000)
  const gone = await sql`delete from ecellar.outbox where put_at < ${oldest}`.execute(db)
  return Number(gone.numAffectedRows ?? 0n)
}
