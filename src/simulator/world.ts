/** Everything that a running simulator knows: groups, their people, their businesses, what time it is there. */

import { createHmac } from 'node:crypto'
import { type Delivery, usualDelivery } from './delivery.ts'
import { firstGuestSlots, type GuestPlan, guestPlanAt, guestRow } from './guest-row.ts'
import { lastSnapshotTime } from './local-time.ts'
import { type People, patronId } from './patrons.ts'
import { guestKey, type RawRow, reservationKey } from './raw-row.ts'
import { type Plan, type PlanEdit, planKey } from './reservation-plan.ts'
import { reservationRow } from './reservation-row.ts'
import { planAt } from './reservation-timeline.ts'
import { type RowTable, rowTable } from './row-table.ts'
import { makeVenue, type Venue } from './venue.ts'
import { checkWineries, type WinerySpec } from './winery-spec.ts'

export type World = {
  seed: number
  /** The simulated present; links expire by it. */
  nowMs: number
  nights: number
  groups: Group[]
  businesses: Business[]
}

export type Group = {
  businessGroupId: string
  name: string
  apiKey: string
  /** How many keys it has had. */
  keys: number
  people: People
  /** Profiles that came after the first ones: of new guests, and versions that edits archived. */
  addedGuests: GuestPlan[]
  businesses: Business[]
}

export type Business = {
  businessId: string
  group: Group
  venue: Venue
  edits: Map<number, PlanEdit>
  addedPlans: Plan[]
  rows: { reservations: RowTable; guests: RowTable }
  snapshot: Snapshot
  delivery: Delivery
  /** Asked for, and shown by the next snapshot. */
  pendingEdits: (() => void)[]
  /** What the last night did here, for tests. */
  lastNight: NightLog
}

export type Snapshot = {
  number: number
  takenMs: number
  /** How far apart the files' Last-Modified lie. */
  spreadSeconds: number
}

export type NightLog = {
  edits: { key: string; what: string }[]
  added: string[]
  newGuests: string[]
  guestEdits: { patronId: string; what: string }[]
  experiences: { id: string; what: 'renamed' | 'new'; name: string }[]
}

export function makeWorld(given: { seed: number; nowMs: number; wineries: readonly WinerySpec[] }): World {
  checkWineries(given.wineries)
  const groups = given.wineries.map((winery) => makeGroup(winery, given.seed, lastSnapshotTime(given.nowMs)))
  const businesses = groups.flatMap((group) => group.businesses)
  return { seed: given.seed, nowMs: given.nowMs, nights: 0, groups, businesses }
}

export function businessOf(world: World, businessId: string): Business {
  const business = world.businesses.find((one) => one.businessId === businessId)
  if (!business) throw new Error(`The simulator has no business ${businessId}.`)
  return business
}

/** Signed links that were given out stay good: they are the storage's. @returns the new key */
export function renewKey(world: World, businessGroupId: string): string {
  const group = world.groups.find((one) => one.businessGroupId === businessGroupId)
  if (!group) throw new Error(`The simulator has no business group ${businessGroupId}.`)
  group.keys++
  group.apiKey = keyOf(businessGroupId, group.keys, world.seed)
  return group.apiKey
}

/** A reservation as of now: how it began, and what later nights changed. */
export function currentPlan(business: Business, slot: number): Plan {
  const { venue, edits, addedPlans } = business
  const plan = addedPlans[slot - venue.spec.reservations] ?? planAt(venue, slot)
  const edit = edits.get(slot)
  return edit ? { ...plan, ...edit } : plan
}

export function planCount(business: Business): number {
  return business.venue.spec.reservations + business.addedPlans.length
}

export function emptyNight(): NightLog {
  return { edits: [], added: [], newGuests: [], guestEdits: [], experiences: [] }
}

function makeGroup(winery: WinerySpec, seed: number, startedMs: number): Group {
  const { businessGroupId, name, guests } = winery
  const people = { seed, businessGroupId, initialCount: guests, count: guests, edits: new Map() }
  const group: Group = {
    businessGroupId,
    name,
    apiKey: keyOf(businessGroupId, 1, seed),
    keys: 1,
    people,
    addedGuests: [],
    businesses: [],
  }
  for (const spec of winery.businesses) {
    const venue = makeVenue(spec, people, { seed, startedMs, withCases: !winery.withoutCases })
    group.businesses.push(makeBusiness(group, venue))
  }
  return group
}

function makeBusiness(group: Group, venue: Venue): Business {
  const business: Business = {
    businessId: venue.spec.businessId,
    group,
    venue,
    edits: new Map(),
    addedPlans: [],
    rows: { reservations: reservationsOf(() => business), guests: guestsOf(group, venue.startedMs) },
    snapshot: { number: 1, takenMs: venue.startedMs, spreadSeconds: 20 },
    delivery: usualDelivery(),
    pendingEdits: [],
    lastNight: emptyNight(),
  }
  return business
}

function reservationsOf(business: () => Business): RowTable {
  return rowTable(
    {
      count: () => planCount(business()),
      row: (slot) => reservationRow(business().venue, currentPlan(business(), slot)),
      key: (slot) => planKey(business().venue, currentPlan(business(), slot)),
    },
    reservationKey,
  )
}

function guestsOf(group: Group, startedMs: number): RowTable {
  const first = firstGuestSlots(group.people.initialCount)
  const plan = (slot: number): GuestPlan => group.addedGuests[slot - first] ?? guestPlanAt(slot)
  const row = (slot: number): RawRow => {
    const venues = group.businesses.map((business) => business.venue)
    return guestRow({ people: group.people, venues, startedMs }, plan(slot))
  }
  const key = (slot: number) => String(patronId(group.people, plan(slot).patron))
  return rowTable({ count: () => first + group.addedGuests.length, row, key }, guestKey)
}

/** JWT-shaped, as Tock's are; opens all businesses of its group. */
function keyOf(businessGroupId: string, number: number, seed: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const renewed = number === 1 ? {} : { jti: number }
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: `group-${businessGroupId}`, ...renewed })}`
  return `${body}.${createHmac('sha256', `simulator ${seed}`).update(body).digest('base64url')}`
}
