/**
 * The conditions of a definition that are decided by reservations, as SQL over `ecellar.customers c` and what is joined to
 * it. Reservations come as one row per customer, which the planner reads in the order of an index. They are asked for one
 * by one only where they are few (what is to come), or another condition leaves few customers (a first visit within 30 days).
 */

import { type RawBuilder, sql } from 'kysely'
import { type Condition, isOnReservations, type Leaf, leavesOf } from '../contract/segment.ts'
import {
  type Measure,
  type Measured,
  measureCount,
  measuredReservations,
  measureVisit,
  rowOf,
} from './measures.ts'
import { hasStart } from './period-days.ts'
import { both } from './reservation-condition.ts'
import type { SegmentWorld } from './segment-world.ts'

type Sql = RawBuilder<boolean>

/** One customer, whose reservations are found through his guests; or those from a number up to before another. */
export type Only = { customerId: string } | { from: string; before: string } | null

export type ReservationLeaves = {
  joins: RawBuilder<unknown>[]
  holdsOf: Map<Leaf, { holds: Sql; measures: Measure[] }>
}

/** @throws Refusal invalid for names that the winery does not have */
export function reservationLeaves(world: SegmentWorld, where: Condition, only: Only): ReservationLeaves {
  const top = only !== null && 'customerId' in only ? [] : leavesOnTop(where)
  const areFew = top.some(({ leaf, isDenied }) => !isDenied && leavesFew(leaf))
  const among = amongReservations(world, only)
  const inOrder = only !== null && 'from' in only
  const holdsOf: ReservationLeaves['holdsOf'] = new Map()
  const joined: Measure[] = []
  const needed = new Set<string>()
  let number = 0
  for (const leaf of leavesOf(where)) {
    if (!isOnReservations(leaf)) continue
    const measured =
      leaf.kind === 'count' ? measureCount(world, leaf, number) : measureVisit(world, leaf, number)
    const { measures } = measured
    number += measures.length
    const place = top.find((one) => one.leaf === leaf)
    const isAsked = areFew || (leaf.kind === 'count' && leaf.of === 'upcoming')
    const asked = isAsked && place ? askedOf(measured, among, place.isDenied) : null
    holdsOf.set(leaf, { holds: asked ?? measured.holds, measures })
    if (asked) continue
    joined.push(...measures)
    if (place && !place.isDenied && measured.needsSome) needed.add(measures[0]?.kind ?? '')
  }
  const joins = [...Map.groupBy(joined, (one) => one.kind)].map(([kind, measures]) => {
    const row = sql.ref(rowOf(kind))
    const join = needed.has(kind) ? sql`join` : sql`left join`
    const counted = measuredReservations(world, kind, measures, { among, inOrder })
    return sql`${join} (${counted}) ${row} on ${row}.customer_id = c.customer_id`
  })
  return { joins, holdsOf }
}

/** Whether a definition's conditions are asked of everybody's whole history: worth doing in several parts at once. */
export function readsAllHistory(where: Condition): boolean {
  if (leavesOnTop(where).some(({ leaf, isDenied }) => !isDenied && leavesFew(leaf))) return false
  return leavesOf(where).some((leaf) => {
    if (!isOnReservations(leaf) || leavesFew(leaf)) return false
    // What is to come is little, and what fell through has an index of its own.
    return leaf.kind !== 'count' || ['visits', 'attendedVisits', 'reservations'].includes(leaf.of)
  })
}

/** These alone, each a customer's. */
function amongReservations(world: SegmentWorld, only: Only): Sql {
  return both([
    sql`r.winery_id = ${world.wineryId}`,
    sql`r.customer_id is not null`,
    world.withoutPull !== undefined && sql`r.first_seen_pull <> ${world.withoutPull}`,
    only !== null && 'from' in only && isFromTo('r.customer_id', only),
    only !== null && 'customerId' in only && isOnlyOf(world, only.customerId),
  ])
}

export function isFromTo(column: string, { from, before }: { from: string; before: string }): Sql {
  return sql<boolean>`(${sql.ref(column)} >= ${from}::bigint and ${sql.ref(column)} < ${before}::bigint)`
}

/** One customer's reservations are found through his guests: not every one of them is in the index of customers. */
export function isOnlyOf(world: SegmentWorld, customerId: string): Sql {
  return sql<boolean>`(r.customer_id = ${customerId} and r.guest_patron_id = any(array(
    select p.patron_id from ecellar.patrons p
    where p.winery_id = ${world.wineryId} and p.customer_id = ${customerId})))`
}

function askedOf({ asks }: Measured, among: Sql, isDenied: boolean): Sql | null {
  if (asks === null || (isDenied && asks.none.length > 0)) return null
  const exists = ({ of }: Measure) =>
    sql`exists (select from ecellar.reservations r where ${among} and ${of} and r.customer_id = c.customer_id)`
  return both([...asks.some.map(exists), ...asks.none.map((one) => sql`not ${exists(one)}`)])
}

/** Those that must hold, or must not, whatever else does. */
function leavesOnTop(condition: Condition): { leaf: Leaf; isDenied: boolean }[] {
  switch (condition.kind) {
    case 'all':
      return condition.of.flatMap(leavesOnTop)
    case 'any':
      return []
    case 'not': {
      const { of } = condition
      return of.kind === 'all' || of.kind === 'any' || of.kind === 'not' ? [] : [{ leaf: of, isDenied: true }]
    }
    default:
      return [{ leaf: condition, isDenied: false }]
  }
}

/** It takes a reservation of some days, or one to come. */
function leavesFew(leaf: Leaf): boolean {
  if (leaf.kind === 'firstVisit' || leaf.kind === 'lastVisit') return hasStart(leaf.in)
  if (leaf.kind !== 'count' || leaf.times.n === 0 || leaf.times.is === 'atMost') return false
  return leaf.of === 'upcoming' || (leaf.in !== undefined && hasStart(leaf.in))
}
