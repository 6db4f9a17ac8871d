/** Once a day: what is kept for a time only goes, also for wineries that are not pulled. */

import { sql } from 'kysely'
import { purgeOutbox } from '../notify/purge-outbox.ts'
import { purgeHistory } from '../pull/purge-history.ts'
import { failForgotten } from './pull-requests.ts'
import type { Queue } from './queue.ts'

const requestDays = 90
const alertDays = 400
/** Longer than a job may wait in the queue (see queue.ts). */
const forgottenDays = 8

export async function keepHouse(queue: Queue, now: Date): Promise<void> {
  const { db } = queue.database
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000)
  await purgeOutbox(db, now)
  const forgotten = await failForgotten(db, before(forgottenDays), now)
  if (forgotten > 0) queue.log.error({ requests: forgotten }, 'Pulls that no worker took are given up')
  await sql`delete from ecellar.pull_requests where finished_at < ${before(requestDays)}`.execute(db)
  await sql`delete from ecellar.night_reports where decided_at < ${before(requestDays)}`.execute(db)
  await sql`delete from ecellar.alerts where recovered_at < ${before(alertDays)}`.execute(db)
  const session = await queue.database.session()
  try {
    const wineries = await db.selectFrom('wineries').select('winery_id').execute()
    for (const { winery_id } of wineries) await purgeHistory(session, winery_id)
  } finally {
    await session.end()
  }
}
