/** The stages of release plans whose time has come: one a day, none made up for. */

import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import { chooseToRelease, releaseCustomersIn } from '../crm/customers-release.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, tryLockWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { today } from './period-days.ts'
import { whomToReleaseIn } from './release-effects.ts'
import { nextStageAt, readPlans, type StoredPlan } from './release-plans.ts'

/** Over all wineries, one after another. @returns how many were released */
export async function releaseStages(db: Db, now: Date): Promise<number> {
  const wineries = await sql<{ winery_id: Id }>`
    select distinct winery_id from ecellar.release_plans where ended_at is null`.execute(db)
  let released = 0
  for (const { winery_id: wineryId } of wineries.rows) {
    released += await inWinery(db, wineryId, async (trx) => {
      // A long pull holds it; the next minute will do.
      if (!(await tryLockWinery(trx, wineryId))) return 0
      let done = 0
      for (const plan of await readPlans(trx, wineryId)) {
        if (plan.endedAt === null && nextStageAt(plan, now) <= now) {
          done += await releaseStage(trx, wineryId, plan, now)
        }
      }
      return done
    })
  }
  return released
}

async function releaseStage(
  trx: WineryTransaction,
  wineryId: Id,
  plan: StoredPlan,
  now: Date,
): Promise<number> {
  const { planId, aDay, madeAt, madeBy } = plan
  const actor = { kind: 'program' as const, id: `release plan ${planId}`, name: `release plan of ${madeBy}` }
  try {
    const whom = await whomToReleaseIn(trx, { wineryId, now }, plan.whom)
    const stage = { atMost: aDay, createdUntil: madeAt }
    const { released } = await releaseCustomersIn(trx, { wineryId, actor, planId, ...stage }, whom)
    const isLast =
      released < aDay || (await chooseToRelease(trx, wineryId, whom, { createdUntil: madeAt })).released === 0
    await sql`
      update ecellar.release_plans
      set last_on = case when ${released > 0} then ${today(now, plan.timeZone).toString()}::date else last_on end,
        ended_at = case when ${isLast} then ${now}::timestamptz end,
        ended_because = case when ${isLast} then 'All are released.' end
      where winery_id = ${wineryId} and plan_id = ${planId}`.execute(trx)
    return released
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await sql`
      update ecellar.release_plans set ended_at = ${now}, ended_because = ${error.message}
      where winery_id = ${wineryId} and plan_id = ${planId}`.execute(trx)
    return 0
  }
}
