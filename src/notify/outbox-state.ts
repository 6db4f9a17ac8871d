/** How the outbox stands, for whoever watches over the program. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'

export type OutboxState = {
  waiting: number
  /** null: none waits. */
  waitingSince: Date | null
  /** Of the last seven days. */
  givenUp: number
}

export async function readOutboxState(db: Db, now: Date): Promise<OutboxState> {
  const lately = new Date(now.getTime() - 7 * 86_400_000)
  const { rows } = await sql<OutboxState>`
    select
      (count(*) filter (where state = 'waiting'))::int as waiting,
      min(put_at) filter (where state = 'waiting') as "waitingSince",
      (count(*) filter (where state = 'given up' and tries > 0 and finished_at >= ${lately}))::int as "givenUp"
    from ecellar.outbox`.execute(db)
  return rows[0] ?? { waiting: 0, waitingSince: null, givenUp: 0 }
}
