/** Which programs take part in the service now: they give a sign of life to the queue, on whichever machine they run. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'

export type RunningProgram = {
  host: string
  pid: number
  /** Gives the minute tick: a `start` or a `worker`. */
  isClockwork: boolean
  /** How many pulls it runs at a time; 0: it is no worker. */
  pulls: number
  startedAt: Date
}

/** As pg-boss's register of its instances has them; one that is silent for three of its heartbeats is gone. */
export async function readRunningPrograms(db: Db): Promise<RunningProgram[]> {
  // Nobody has made the queue before the first "start".
  const made = await sql<{ made: boolean }>`
    select to_regclass('queue.instance') is not null as made`.execute(db)
  if (!made.rows[0]?.made) return []
  const { rows } = await sql<RunningProgram>`
    select host, pid, schedule as "isClockwork", started_on as "startedAt",
      (select count(*)::int from jsonb_array_elements(workers) w where w->>'queue' = 'pull') as pulls
    from queue.instance
    where stopped_on is null and heartbeat_on > now() - make_interval(secs => 3 * heartbeat_seconds)
    order by started_on`.execute(db)
  return rows
}
