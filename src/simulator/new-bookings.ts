/** What a night adds: bookings made since the last snapshot, yesterday's walk-ins, now and then a transfer. */

import { editPlan, type Night } from './night-edit.ts'
import { anyDiner } from './patrons.ts'
import { pick, type Random, whole } from './random.ts'
import { usualPlan } from './reservation-habits.ts'
import { type Plan, planKey, visitStart } from './reservation-plan.ts'
import { bookingsPerDay } from './reservation-timeline.ts'
import { type Business, currentPlan, planCount } from './world.ts'

export function bookNight(business: Business, night: Night, random: Random): void {
  if (business.venue.spec.reservations === 0) return
  const count = Math.max(1, Math.round(bookingsPerDay(business.venue)))
  for (let made = 0; made < count; made++) add(business, booking(business, night, random))
  if (random() < 0.3) add(business, walkIn(business, night, random))
  if (random() < 0.2) transfer(business, night, random)
}

function booking(business: Business, night: Night, random: Random): Plan {
  const { venue, group } = business
  const day = venue.time.day(night.toMs) + 1 + Math.floor(random() ** 2 * 89)
  const createdMs = Math.floor(night.fromMs + (night.toMs - night.fromMs) * random())
  const plan = usualPlan(venue, planCount(business), visitStart(venue, day, random), night.toMs, random)
  const isNewGuest = group.people.count > group.people.initialCount && random() < 0.4
  const newest = whole(random, group.people.initialCount, group.people.count - 1)
  const later = venue.experiences.length - venue.offers.length
  const experience = later > 0 && random() < 0.15 ? venue.offers.length + whole(random, 0, later - 1) : null
  return {
    ...plan,
    createdMs,
    updatedMs: createdMs,
    sequence: 0,
    isCancelled: false,
    state: 'EXPECTED',
    ...(experience !== null && { experience }),
    ...(isNewGuest && { diner: newest, owner: newest }),
  }
}

function walkIn(business: Business, night: Night, random: Random): Plan {
  const { venue } = business
  const startsMs = Math.floor(night.fromMs + (night.toMs - night.fromMs) * random())
  const plan = usualPlan(venue, planCount(business), startsMs, night.toMs, random)
  const diner = random() < 0.5 ? anyDiner(venue.people, random) : null
  const stamps = { createdMs: startsMs, updatedMs: startsMs, sequence: 0 }
  return { ...plan, ...stamps, isWalkIn: true, diner, owner: diner, state: 'LEFT', isCancelled: false }
}

/** The original is cancelled, somebody else has a new reservation for the same hour. */
function transfer(business: Business, night: Night, random: Random): void {
  const last = planCount(business) - 1
  const slot = Math.max(0, last - whole(random, 5, 40))
  const original = currentPlan(business, slot)
  if (original.isCancelled || original.isWalkIn || original.startsMs <= night.toMs) return
  const change = { isCancelled: true, transferredOut: true, state: 'CANCELLED' }
  editPlan(business, slot, { what: 'transferred', change, night, random })
  const { updatedMs } = currentPlan(business, slot)
  const diner = pick(random, [anyDiner(business.venue.people, random)])
  const stamps = { createdMs: updatedMs, updatedMs, sequence: 0 }
  add(business, { ...original, ...stamps, slot: planCount(business), diner, owner: diner, oddity: null })
}

function add(business: Business, plan: Plan): void {
  business.addedPlans.push(plan)
  business.lastNight.added.push(planKey(business.venue, plan))
}
