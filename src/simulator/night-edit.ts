/** How a reservation is edited: one more in the sequence, a later time stamp, and a line in the night's log. */

import type { Random } from './random.ts'
import { type PlanEdit, planKey } from './reservation-plan.ts'
import { type Business, currentPlan } from './world.ts'

/** What a night's doings need to know. */
export type Night = {
  number: number
  /** Between the snapshot before and this one. */
  fromMs: number
  toMs: number
}

export function editPlan(
  business: Business,
  slot: number,
  how: { what: string; change: PlanEdit; night: Night; random: Random },
): void {
  const plan = currentPlan(business, slot)
  const { fromMs, toMs } = how.night
  const updatedMs = Math.floor(fromMs + (toMs - fromMs) * how.random())
  const edit = {
    ...how.change,
    sequence: plan.sequence + 1,
    updatedMs: Math.max(updatedMs, plan.updatedMs + 1),
  }
  business.edits.set(slot, { ...business.edits.get(slot), ...edit })
  business.lastNight.edits.push({ key: planKey(business.venue, plan), what: how.what })
}
