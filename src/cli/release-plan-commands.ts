/** `customers release-plans`, `customers stop-plan`; a plan is made by `customers release --a-day N`. */

import type { Command } from 'commander'
import type { ManyToRelease } from '../contract/api/release.ts'
import { campaignWords } from '../contract/campaign.ts'
import type { ReleasePlanned } from '../segments/release-plans.ts'
import type { Answer, Context, Door } from './door.ts'
import { many, tableText } from './format-table.ts'

export function addReleasePlanCommands(customers: Command, door: Door): void {
  addPlans(customers, door)
  addStop(customers, door)
}

type Wish = {
  winery: string
  segment?: string
  pull?: string
  all?: true
  createdFrom?: string
  createdTo?: string
  at?: string
  dryRun?: true
}

/** `customers release … --a-day N`. */
export async function planFor(
  { database: { db }, actor }: Pick<Context, 'database' | 'actor'>,
  wish: Wish,
  aDay: number,
): Promise<Answer> {
  const { findWinery } = await import('../crm/wineries.ts')
  const { releaseOfSegment } = await import('../segments/release-effects.ts')
  const { planRelease } = await import('../segments/release-plans.ts')
  const { winery_id: wineryId } = await findWinery(db, wish.winery)
  const whom =
    wish.segment === undefined ? whomOf(wish) : await releaseOfSegment({ db, wineryId }, wish.segment)
  const dryRun = wish.dryRun ?? false
  const json = await planRelease(
    { db, wineryId, actor, now: new Date(), dryRun },
    { whom, aDay, atTime: wish.at ?? '06:00' },
  )
  return { json, text: plannedText(json, aDay, dryRun) }
}

function whomOf({ pull, all, createdFrom, createdTo }: Wish): ManyToRelease {
  if (all) return { kind: 'all' }
  if (pull !== undefined) return { kind: 'pull', pullId: pull }
  return { kind: 'created', from: createdFrom, to: createdTo }
}

function plannedText(planned: ReleasePlanned, aDay: number, isDryRun: boolean): string {
  const { planId, customers, mayBeMailed, days, campaigns } = planned
  if (customers === 0) return 'There is nobody to release.'
  const head = isDryRun
    ? `It would release ${many(customers, 'customer')} (${mayBeMailed} may be mailed) in ${many(days, 'day')}, ${aDay} a day. Nothing was planned.`
    : `Release plan ${planId}: ${many(customers, 'customer')} (${mayBeMailed} may be mailed) in ${many(days, 'day')}, ${aDay} a day.`
  return [head, ...campaigns.map(campaignWords)].join('\n')
}

function addPlans(customers: Command, door: Door): void {
  const command = customers
    .command('release-plans')
    .description('releases of so many a day: what is done, and what is to come')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  ecellar-tock customers release-plans --winery juniper-hill')
  command.action((options: { winery: string }) =>
    door.run(command, async ({ database }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { listReleasePlans } = await import('../segments/release-plans.ts')
      const winery = await findWinery(database.db, options.winery)
      const plans = await listReleasePlans(database.db, winery.winery_id, new Date())
      const table = tableText(
        ['id', 'whom', 'a day', 'at', 'released', 'waiting', 'next', 'by'],
        plans.map((one) => [
          one.planId,
          one.whom,
          one.aDay,
          one.atTime,
          one.released,
          one.waiting,
          one.endedBecause ?? one.nextAt,
          one.madeBy,
        ]),
      )
      return { json: plans, text: plans.length === 0 ? 'No release is planned.' : table }
    }),
  )
}

function addStop(customers: Command, door: Door): void {
  const command = customers
    .command('stop-plan <plan>')
    .description('stop a planned release; who was released by it stays released')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  ecellar-tock customers stop-plan 2 --winery juniper-hill')
  command.action((plan: string, options: { winery: string }) =>
    door.run(command, async ({ database, actor }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { stopReleasePlan } = await import('../segments/release-plans.ts')
      const winery = await findWinery(database.db, options.winery)
      const work = { db: database.db, wineryId: winery.winery_id, actor, now: new Date() }
      const stopped = await stopReleasePlan(work, plan)
      return {
        json: stopped,
        text: `Release plan ${plan} is stopped. ${many(stopped.released, 'customer')} were released by it.`,
      }
    }),
  )
}
