/** What happens on one reservation, in few numbers: enough to tell its day and state without writing its row. */

import type { CaseName } from './case-names.ts'
import { type Random, whole } from './random.ts'
import type { RawId } from './raw-row.ts'
import type { Venue } from './venue.ts'

export type Plan = {
  slot: number
  isWalkIn: boolean
  createdMs: number
  startsMs: number
  /** Position in the venue's experiences. */
  experience: number
  state: string
  isCancelled: boolean
  transferredOut: boolean
  partySize: number
  /** Patron numbers; null where the row has none. */
  diner: number | null
  owner: number | null
  /** Edits so far. */
  sequence: number
  updatedMs: number
  oddity: CaseName | null
  /** Instead of the notes it was booked with: another note, or none (null). */
  note?: string | null
  /** Payments taken later; nothing of them is ever kept. */
  laterPayments?: number
}

/** What later nights changed of a reservation, lying on top of its plan. */
export type PlanEdit = Partial<Plan>

/** The id that a slot's row goes by. Every two hundredth, and the two after it, lie beyond 2^53. */
export function rowId(venue: Venue, plan: Pick<Plan, 'slot' | 'isWalkIn'>): RawId {
  const base = 400_000_000 + (venue.number % 500) * 10_000_000
  // A walk-in's number is also the number of the booking before it: two number spaces, as at Tock.
  if (plan.isWalkIn) return base + (plan.slot - 1) * 7
  const place = plan.slot % 200
  if (place >= 60 && place <= 62) return 9_007_199_254_740_992n + BigInt(base) + BigInt(plan.slot)
  return base + plan.slot * 7
}

export function planKey(venue: Venue, plan: Plan): string {
  return `${plan.isWalkIn ? 'w' : 'r'}:${rowId(venue, plan)}`
}

/** Some half hour of a local day's opening hours. */
export function visitStart(venue: Venue, day: number, random: Random): number {
  return venue.time.instant(day, 600 + 30 * whole(random, 0, 15))
}

export function isOrder(venue: Venue, plan: Plan): boolean {
  const variety = plan.isWalkIn ? '' : venue.experiences[plan.experience]?.variety
  return variety === 'PICKUP' || variety === 'DELIVERY'
}
