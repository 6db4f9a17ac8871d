/** How each odd case differs from a usual reservation. What shows in the row's texts alone is in its own files. */

import type { CaseName } from './case-names.ts'
import { lastClockChange } from './local-time.ts'
import { anyConcierge, anyDiner, roles } from './patrons.ts'
import type { Random } from './random.ts'
import { type Plan, visitStart } from './reservation-plan.ts'
import type { Venue } from './venue.ts'

/** What a case may ask for beside the plan that it changes. */
export type CaseSetting = {
  venue: Venue
  plan: Plan
  random: Random
  /** The plan of the case strewn before this one. */
  before: () => Plan
}

export function playCase(oddity: CaseName, setting: CaseSetting): Plan {
  const booked = { ...asBooked(setting), oddity }
  const change = changes[oddity]?.({ ...setting, plan: booked })
  const played = { ...booked, ...change }
  const wasEdited = played.sequence > 0 && played.updatedMs <= played.createdMs
  return wasEdited ? { ...played, updatedMs: played.createdMs + 1_800_000 } : played
}

/** Cases are bookings by the diner unless they say otherwise, so that one case does not hide another. */
function asBooked({ venue, plan, random }: CaseSetting): Plan {
  const diner = anyDiner(venue.people, random)
  const isPast = plan.startsMs < venue.startedMs
  const state = isPast ? 'LEFT' : 'EXPECTED'
  const createdMs = Math.min(plan.createdMs, plan.startsMs - 3_600_000)
  const common = { diner, owner: diner, experience: 0, isWalkIn: false, isCancelled: false, state }
  return { ...plan, ...common, createdMs, sequence: 0, updatedMs: createdMs }
}

type Change = (setting: CaseSetting) => Partial<Plan>

const changes: Partial<Record<CaseName, Change>> = {
  'walk in without patron': (s) => ({ ...walkIn(s), diner: null, owner: null }),
  'walk in with patron': walkIn,
  'walk in under a placeholder name': walkIn,
  cancelled: () => ({ isCancelled: true, state: 'CANCELLED', sequence: 1 }),
  'cancelled, state says expected': () => ({ isCancelled: true, state: 'EXPECTED', sequence: 1 }),
  'no show': (s) => (isPast(s) ? { state: 'NO_SHOW', sequence: 2 } : {}),
  'transferred out': () => ({
    isCancelled: true,
    transferredOut: true,
    state: 'CANCELLED',
    sequence: 1,
  }),
  'transferred in': ({ before }) => {
    const { startsMs, createdMs, partySize } = before()
    return { startsMs, createdMs: createdMs + 60_000, updatedMs: createdMs + 60_000, partySize }
  },
  'diner without e-mail': () => ({ diner: roles.withoutEmail, owner: roles.withoutEmail }),
  'booked by a concierge': ({ random }) => ({ owner: anyConcierge(random), partySize: 6 }),
  'booked by a concierge for nobody known': ({ random }) => ({
    diner: roles.withoutEmail,
    owner: anyConcierge(random),
  }),
  'a gift': ({ venue, random }) => ({ owner: anyDiner(venue.people, random) }),
  'front desk address': () => ({ diner: roles.frontDesk, owner: roles.frontDesk }),
  'front desk address, other party': () => ({ diner: roles.frontDesk, owner: roles.frontDesk }),
  'invalid e-mail': () => ({ diner: roles.invalidEmail, owner: roles.invalidEmail }),
  'owner only': () => ({ diner: null }),
  'no patron at all': () => ({ diner: null, owner: null }),
  'pickup order': ({ venue }) => offering(venue, 'PICKUP'),
  'delivery order': ({ venue }) => offering(venue, 'DELIVERY'),
  'unknown state': () => ({ state: 'RUNNING_LATE' }),
  'day the clocks went forward': (s) => onClockChange(s, 'forward'),
  'day the clocks went back': (s) => onClockChange(s, 'back'),
  'hour that happened twice, first': (s) => inRepeatedHour(s, -1_800_000),
  'hour that happened twice, second': (s) => inRepeatedHour(s, 1_800_000),
  'virtual tasting': ({ venue }) => named(venue, 'Virtual Tasting'),
  staff: ({ venue }) => named(venue, 'Industry / Staff'),
  'awaiting response': () => ({ state: 'AWAITING_RESPONSE' }),
  'partially seated': () => ({ state: 'PARTIALLY_SEATED' }),
  'partially arrived': () => ({ state: 'PARTIALLY_ARRIVED' }),
}

function isPast({ venue, plan }: CaseSetting): boolean {
  return plan.startsMs < venue.startedMs
}

/** Nobody walks in tomorrow: there the case is a booking like others. */
function walkIn(setting: CaseSetting): Partial<Plan> {
  const { startsMs } = setting.plan
  return isPast(setting) ? { isWalkIn: true, createdMs: startsMs, updatedMs: startsMs } : {}
}

function offering(venue: Venue, variety: string): Partial<Plan> {
  return { experience: venue.experiences.findIndex((one) => one.variety === variety) }
}

function named(venue: Venue, name: string): Partial<Plan> {
  return { experience: venue.experiences.findIndex((one) => one.name === name) }
}

function onClockChange({ venue, random }: CaseSetting, direction: 'forward' | 'back'): Partial<Plan> {
  const changedMs = lastClockChange(venue.spec.timeZone, venue.startedMs, direction)
  if (changedMs === null) return {}
  return happened(visitStart(venue, venue.time.day(changedMs), random), venue)
}

function inRepeatedHour({ venue }: CaseSetting, sinceChangeMs: number): Partial<Plan> {
  const changedMs = lastClockChange(venue.spec.timeZone, venue.startedMs, 'back')
  return changedMs === null ? {} : happened(changedMs + sinceChangeMs, venue)
}

function happened(startsMs: number, venue: Venue): Partial<Plan> {
  const createdMs = startsMs - 9 * 86_400_000
  return {
    startsMs,
    createdMs,
    updatedMs: createdMs,
    state: startsMs < venue.startedMs ? 'LEFT' : 'EXPECTED',
  }
}
