/** One night passing: yesterday's visits end, bookings come and change, and Tock exports all of it anew. */

import { publishSnapshot } from './editor.ts'
import { nightOfGuests } from './guest-nights.ts'
import { lastSnapshotTime } from './local-time.ts'
import { bookNight } from './new-bookings.ts'
import type { Night } from './night-edit.ts'
import { seededRandom } from './random.ts'
import { editNight } from './reservation-nights.ts'
import { type Business, emptyNight, type World } from './world.ts'

export function passNights(world: World, nights: number): void {
  for (let done = 0; done < nights; done++) passNight(world)
}

function passNight(world: World): void {
  world.nights++
  world.nowMs += 86_400_000
  const toMs = lastSnapshotTime(world.nowMs)
  for (const group of world.groups) {
    for (const business of group.businesses) business.lastNight = emptyNight()
    nightOfGuests(group, nightFor(world.nights, toMs))
    for (const business of group.businesses) passNightAt(world, business, toMs)
  }
}

function passNightAt(world: World, business: Business, toMs: number): void {
  const takenMs = Math.max(toMs, business.snapshot.takenMs + 43_200_000)
  const night = { number: world.nights, fromMs: business.snapshot.takenMs, toMs: takenMs }
  const random = seededRandom(world.seed, business.venue.number, 51, night.number)
  editNight(business, night, random)
  bookNight(business, night, random)
  publishSnapshot(world, business, { takenMs, spreadSeconds: 20 })
}

function nightFor(number: number, toMs: number): Night {
  return { number, fromMs: toMs - 86_400_000, toMs }
}
