/** Whether this process can do its work: asked by whatever sends requests to it, every few seconds. */

import { sql } from 'kysely'
import { migrationState } from '../database/migration-state.ts'
import { type Queue, queues } from './queue.ts'

export type Readiness = {
  ready: boolean
  checks: Record<'database' | 'migrations' | 'queue', Check>
}
type Check = { ok: boolean; message: string }

const patienceMs = 3_000

/** Never fails: what cannot be asked is not ready. Nothing of what the database says is passed on. */
export async function readReadiness(queue: Queue): Promise<Readiness> {
  const { db } = queue.database
  const database = await check('The database answers.', 'The database does not answer.', async () => {
    await sql`select 1`.execute(db)
    return undefined
  })
  const unknown = { ok: false, message: 'Not known while the database does not answer.' }
  const [migrations, jobs] = database.ok
    ? await Promise.all([
        check('The tables are up to date.', 'The tables cannot be looked at.', () => tables(queue)),
        check('The queue answers.', 'The queue does not answer.', async () => {
          // Over the queue's own connections.
          return (await queue.boss.getQueue(queues.pull)) ? undefined : fault('The queue has not been made.')
        }),
      ])
    : [unknown, unknown]
  const checks = { database, migrations, queue: jobs }
  return { ready: Object.values(checks).every(({ ok }) => ok), checks }
}

async function tables(queue: Queue): Promise<Check | undefined> {
  const { missing, newer } = await migrationState(queue.database.db)
  if (missing.length > 0) return fault(`The tables lack ${missing.join(', ')}: run "migrate".`)
  // Columns and tables are only added while an older version runs: it goes on working.
  if (newer.length === 0) return undefined
  return { ok: true, message: 'The tables are of a newer version: replace this process soon.' }
}

/** @param ask what else there is to say than that all is well */
async function check(well: string, otherwise: string, ask: () => Promise<Check | undefined>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), patienceMs)
  })
  try {
    return (await Promise.race([ask(), patience])) ?? { ok: true, message: well }
  } catch {
    return fault(otherwise)
  } finally {
    clearTimeout(timer)
  }
}

function fault(message: string): Check {
  return { ok: false, message }
}
