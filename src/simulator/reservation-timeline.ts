/** Two years of reservations and ninety days ahead: which of a venue's first rows falls on which day. */

import { caseAt, caseStep } from './case-names.ts'
import { type Random, seededRandom } from './random.ts'
import { playCase } from './reservation-cases.ts'
import { usualPlan } from './reservation-habits.ts'
import { type Plan, visitStart } from './reservation-plan.ts'
import type { Venue } from './venue.ts'

const daysBack = 730
const daysAhead = 90

/** The plan of one of the venue's first rows. */
export function planAt(venue: Venue, slot: number): Plan {
  const random = seededRandom(venue.seed, venue.number, 21, slot)
  const plan = usualPlan(venue, slot, startOf(venue, slot, random), venue.startedMs, random)
  const count = venue.spec.reservations
  const oddity = venue.withCases ? caseAt(slot, count) : null
  if (!oddity) return plan
  return playCase(oddity, { venue, plan, random, before: () => planAt(venue, slot - caseStep(count)) })
}

/**
 * The slots among which the first rows of these local days lie, as [from, to): rows are roughly in the order of
 * their days. A few cases stand elsewhere (days on which clocks changed), and edits move some.
 */
export function slotsOfDays(venue: Venue, fromDay: number, toDay: number): [from: number, to: number] {
  const count = venue.spec.reservations
  const perDay = count / (daysBack + daysAhead)
  const first = venue.time.day(venue.startedMs) - daysBack
  const from = Math.floor((fromDay - first) * perDay - disorder(count)) - 1
  const to = Math.ceil((toDay + 1 - first) * perDay) + 1
  return [Math.min(count, Math.max(0, from)), Math.min(count, Math.max(0, to))]
}

/** How many bookings a day brings on average. */
export function bookingsPerDay(venue: Venue): number {
  return venue.spec.reservations / (daysBack + daysAhead)
}

function startOf(venue: Venue, slot: number, random: Random): number {
  const count = venue.spec.reservations
  const place = (slot + random() * disorder(count)) / count
  const days = daysBack + daysAhead
  const day = Math.min(days - 1, Math.floor(place * days)) - daysBack
  return visitStart(venue, venue.time.day(venue.startedMs) + day, random)
}

function disorder(count: number): number {
  return Math.min(50, count / 40)
}
