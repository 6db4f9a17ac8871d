/** What a night changes of the reservations that there are: about one in a hundred. */

import { editPlan, type Night } from './night-edit.ts'
import { anyDiner } from './patrons.ts'
import { pick, pickWeighted, type Random, whole } from './random.ts'
import { anyNote } from './reservation-notes.ts'
import { type Plan, type PlanEdit, visitStart } from './reservation-plan.ts'
import { slotsOfDays } from './reservation-timeline.ts'
import { addExperience } from './venue.ts'
import { type Business, currentPlan, planCount } from './world.ts'

const share = 0.01
const dayMs = 86_400_000

export function editNight(business: Business, night: Night, random: Random): void {
  if (business.venue.spec.reservations === 0) return
  renameExperiences(business, night, random)
  const touched = new Set<number>()
  for (const slot of startedIn(business, night)) {
    if (endVisit(business, slot, night, random)) touched.add(slot)
  }
  const goal = Math.round(planCount(business) * share)
  // Bounded: a small or mostly cancelled business may not have enough left to change.
  for (let tries = 0; touched.size < goal && tries < goal * 20; tries++) {
    const slot = recentSlot(business, night, random)
    if (!touched.has(slot) && changeSomething(business, slot, night, random)) touched.add(slot)
  }
}

/** The reservations whose visit began between the two snapshots. */
function startedIn(business: Business, night: Night): number[] {
  const { venue, edits } = business
  const [from, to] = slotsOfDays(venue, venue.time.day(night.fromMs), venue.time.day(night.toMs))
  const slots = new Set(edits.keys())
  for (let slot = from; slot < to; slot++) slots.add(slot)
  for (let slot = venue.spec.reservations; slot < planCount(business); slot++) slots.add(slot)
  return [...slots]
    .filter((slot) => {
      const { startsMs } = currentPlan(business, slot)
      return startsMs > night.fromMs && startsMs <= night.toMs
    })
    .sort((a, b) => a - b)
}

function endVisit(business: Business, slot: number, night: Night, random: Random): boolean {
  const plan = currentPlan(business, slot)
  const state = pickWeighted(random, endings)
  if (plan.isCancelled || plan.isWalkIn || state === null) return false
  editPlan(business, slot, { what: `became ${state}`, change: { state }, night, random })
  return true
}

/** Mostly what lies ahead or just behind; older files stay as they are. */
function recentSlot(business: Business, night: Night, random: Random): number {
  const today = business.venue.time.day(night.toMs)
  const [from] = slotsOfDays(business.venue, today - 30, today)
  return whole(random, Math.min(from, planCount(business) - 1), planCount(business) - 1)
}

function changeSomething(business: Business, slot: number, night: Night, random: Random): boolean {
  const plan = currentPlan(business, slot)
  // No modification can happen to a cancelled reservation.
  if (plan.isCancelled) return false
  const { what, change } = isAhead(plan, night)
    ? aheadChange(business, plan, night, random)
    : pastChange(plan, random)
  editPlan(business, slot, { what, change, night, random })
  return true
}

type NamedChange = { what: string; change: PlanEdit }

function isAhead(plan: Plan, night: Night): boolean {
  return plan.startsMs > night.toMs
}

function aheadChange({ venue }: Business, plan: Plan, night: Night, random: Random): NamedChange {
  const what = pickWeighted(random, aheadChanges)
  switch (what) {
    case 'cancelled':
      return { what, change: { isCancelled: true, state: 'CANCELLED' } }
    case 'rescheduled': {
      const day = venue.time.day(night.toMs) + whole(random, 2, 60)
      return { what, change: { startsMs: visitStart(venue, day, random) } }
    }
    case 'party size':
      return { what, change: { partySize: plan.partySize + (plan.partySize > 2 && random() < 0.5 ? -1 : 1) } }
    case 'confirmed':
      return { what, change: { state: pick(random, ['CONFIRMED_VIA_TEXT', 'CONFIRMED_VIA_EMAIL']) } }
    case 'other diner':
      return { what, change: { diner: anyDiner(venue.people, random) } }
    default:
      return noteOrPayment(what, plan, random)
  }
}

function pastChange(plan: Plan, random: Random): NamedChange {
  if (plan.state === 'NO_SHOW' && random() < 0.5) {
    return { what: 'no show came back', change: { state: 'EXPECTED' } }
  }
  return noteOrPayment(pickWeighted(random, pastChanges), plan, random)
}

function noteOrPayment(
  what: 'note added' | 'note cleared' | 'payment',
  plan: Plan,
  random: Random,
): NamedChange {
  if (what === 'note added') return { what, change: { note: anyNote(random) } }
  if (what === 'note cleared') return { what, change: { note: null } }
  return { what: 'payment', change: { laterPayments: (plan.laterPayments ?? 0) + 1 } }
}

function renameExperiences(business: Business, night: Night, random: Random): void {
  const { venue, lastNight } = business
  if (random() < 0.15) {
    const { id, name } = pick(random, venue.experiences)
    const renamed = `${name.replace(/ \(.*\)$/, '')} (${pick(random, ['Signature', 'Reserve', 'Spring', 'Autumn'])})`
    venue.renamings.push({ experienceId: id, name: renamed, atMs: night.toMs - dayMs })
    lastNight.experiences.push({ id: String(id), what: 'renamed', name: renamed })
  }
  if (random() < 0.1) {
    const { id, name } = addExperience(venue, `Sparkling Breakfast ${venue.experiences.length}`)
    lastNight.experiences.push({ id: String(id), what: 'new', name })
  }
}

const endings = [
  [66, 'LEFT'],
  [14, 'FINISHED'],
  [4, 'SEATED'],
  [8, 'NO_SHOW'],
  // Nobody touched it: it stays as expected.
  [8, null],
] as const

const aheadChanges = [
  [15, 'cancelled'],
  [15, 'rescheduled'],
  [20, 'party size'],
  [15, 'note added'],
  [8, 'note cleared'],
  [4, 'other diner'],
  [10, 'confirmed'],
  [13, 'payment'],
] as const

const pastChanges = [
  [20, 'note added'],
  [10, 'note cleared'],
  [70, 'payment'],
] as const
