/** Reservations as most are: who comes, with how many, how long ahead they booked, how it went. */

import { anyConcierge, anyDiner } from './patrons.ts'
import { pickWeighted, type Random, whole } from './random.ts'
import type { Plan } from './reservation-plan.ts'
import type { Venue } from './venue.ts'

const dayMs = 86_400_000

/** A booking made some time before `nowMs`, in the state that fits its day. */
export function usualPlan(venue: Venue, slot: number, startsMs: number, nowMs: number, random: Random): Plan {
  const isPast = startsMs < nowMs
  const isWalkIn = isPast && random() < 0.06
  const leadMs = Math.min(85, -Math.log(1 - random()) * 14) * dayMs
  const latestMs = nowMs - random() * 20 * dayMs
  const createdMs = Math.floor(isWalkIn ? startsMs : Math.min(startsMs - leadMs, latestMs))
  const { state, isCancelled } = usualState(isPast, isWalkIn, random)
  const sequence = isCancelled ? whole(random, 1, 3) : Math.floor(random() ** 3 * 5)
  const lastMs = Math.max(createdMs, isPast ? Math.min(startsMs + dayMs / 8, nowMs) : nowMs)
  const updatedMs = Math.floor(createdMs + (lastMs - createdMs) * (0.5 + random() / 2))
  return {
    slot,
    isWalkIn,
    createdMs,
    startsMs,
    ...usualParty(venue, isWalkIn, random),
    state,
    isCancelled,
    transferredOut: false,
    sequence,
    updatedMs: sequence === 0 ? createdMs : updatedMs,
    oddity: null,
  }
}

type Party = Pick<Plan, 'experience' | 'partySize' | 'diner' | 'owner'>

function usualParty(venue: Venue, isWalkIn: boolean, random: Random): Party {
  const chosen = pickWeighted(random, venue.offers)
  const experience = venue.experiences.indexOf(chosen)
  const partySize = pickWeighted(random, partySizes)
  if (isWalkIn && random() < 0.5) return { experience, partySize, diner: null, owner: null }
  const diner = anyDiner(venue.people, random)
  const bookedBy = random()
  if (bookedBy < 0.03) return { experience, partySize, diner, owner: anyConcierge(random) }
  if (bookedBy < 0.05) return { experience, partySize, diner, owner: anyDiner(venue.people, random) }
  return { experience, partySize, diner, owner: diner }
}

function usualState(isPast: boolean, isWalkIn: boolean, random: Random): Pick<Plan, 'state' | 'isCancelled'> {
  if (isWalkIn) return { state: random() < 0.9 ? 'LEFT' : 'FINISHED', isCancelled: false }
  const state = pickWeighted(random, isPast ? pastStates : upcomingStates)
  if (state !== 'CANCELLED') return { state, isCancelled: false }
  return { state: random() < 0.8 ? 'CANCELLED' : 'EXPECTED', isCancelled: true }
}

const partySizes = [
  [5, 1],
  [50, 2],
  [10, 3],
  [20, 4],
  [6, 6],
  [3, 8],
  [1, 12],
] as const

const pastStates = [
  [62, 'LEFT'],
  [12, 'FINISHED'],
  [2, 'SEATED'],
  [2, 'ARRIVED'],
  [5, 'EXPECTED'],
  [3, 'CONFIRMED_VIA_TEXT'],
  [5, 'NO_SHOW'],
  [9, 'CANCELLED'],
] as const

const upcomingStates = [
  [55, 'EXPECTED'],
  [15, 'CONFIRMED_VIA_EMAIL'],
  [15, 'CONFIRMED_VIA_TEXT'],
  [5, 'AWAITING_RESPONSE'],
  [10, 'CANCELLED'],
] as const
