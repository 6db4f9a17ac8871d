/** What happens on one reservation, in few numbers: enough to tell its day and state without writing its row. */

import { type CaseName, caseAt, playCase } from './reservation-cases.ts'
import { anyDiner, roles } from './patrons.ts'
import { type Random, seededRandom, whole } from './random.ts'
import type { RawId } from './raw-row.ts'
import { bookedParty, bookedState } from './reservation-habits.ts'
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
}

export const daysBack = 730
export const daysAhead = 90
const dayMs = 86_400_000
const hourMs = 3_600_000

/** The plan of one of the venue's first rows. */
export function planAt(venue: Venue, slot: number): Plan {
  const random = seededRandom(venue.seed, venue.number, 21, slot)
  const plan = usualPlan(venue, slot, startOf(venue, slot, random), venue.startedMs, random)
  const oddity = venue.withCases ? caseAt(venue, slot) : null
  return oddity ? playCase(venue, plan, oddity, random) : plan
}

/** A booking as most are: made some time before, for somebody, in the state that fits its day. */
export function usualPlan(venue: Venue, slot: number, startsMs: number, nowMs: number, random: Random): Plan {
  const isPast = startsMs < nowMs
  const isWalkIn = isPast && random() < 0.06
  const leadMs = Math.min(85, -Math.log(1 - random()) * 14) * dayMs
  const latestMs = nowMs - random() * 20 * dayMs
  const createdMs = Math.floor(isWalkIn ? startsMs : Math.min(startsMs - leadMs, latestMs))
  const { state, isCancelled } = bookedState(isPast, isWalkIn, random)
  const sequence = isCancelled ? whole(random, 1, 3) : Math.floor(random() ** 3 * 5)
  const lastMs = Math.min(isPast ? startsMs + 3 * hourMs : nowMs, nowMs)
  return {
    slot,
    isWalkIn,
    createdMs,
    startsMs,
    ...bookedParty(venue, isWalkIn, random),
    state,
    isCancelled,
    transferredOut: false,
    sequence,
    updatedMs: sequence === 0 ? createdMs : Math.floor(createdMs + (lastMs - createdMs) * (0.5 + random() / 2)),
    oddity: null,
  }
}

/** The id that a slot's row goes by. Every two hundredth, and the two after it, lie beyond 2^53. */
export function rowId(venue: Venue, plan: Pick<Plan, 'slot' | 'isWalkIn'>): RawId {
  const base = 400_000_000 + (venue.number % 500) * 1_000_000
  // A walk-in's number is also the number of the booking before it: two number spaces, as at Tock.
  if (plan.isWalkIn) return base + (plan.slot - 1) * 7
  const place = plan.slot % 200
  if (place >= 60 && place <= 62) return 9_007_199_254_740_992n + BigInt(base) + BigInt(plan.slot)
  return base + plan.slot * 7
}

export function planKey(venue: Venue, plan: Plan): string {
  return `${plan.isWalkIn ? 'w' : 'r'}:${rowId(venue, plan)}`
}

/** The slots among which a local day's first rows lie, as [from, to); rows are roughly in the order of their days. */
export function slotsOfDays(venue: Venue, fromDay: number, toDay: number): [from: number, to: number] {
  const count = venue.spec.reservations
  const perDay = count / (daysBack + daysAhead)
  const first = venue.time.day(venue.startedMs) - daysBack
  const from = Math.floor((fromDay - first) * perDay) - disorder(count) - 1
  const to = Math.ceil((toDay + 1 - first) * perDay) + 1
  return [Math.min(count, Math.max(0, from)), Math.min(count, Math.max(0, to))]
}

export function visitStart(venue: Venue, day: number, random: Random): number {
  return venue.time.instant(day, 600 + 30 * whole(random, 0, 15))
}

/** Who books for guests: one of the concierges. */
export function anyConcierge(random: Random): number {
  return roles.concierges[whole(random, 0, roles.concierges.length - 1)] ?? 0
}

export { anyDiner }

function startOf(venue: Venue, slot: number, random: Random): number {
  const count = venue.spec.reservations
  const place = (slot + random() * disorder(count)) / count
  const days = daysBack + daysAhead
  const day = Math.min(days - 1, Math.floor(place * days)) - daysBack
  return visitStart(venue, venue.time.day(venue.startedMs) + day, random)
}

function disorder(count: number): number {
  return Math.min(50, Math.floor(count / 40))
}
