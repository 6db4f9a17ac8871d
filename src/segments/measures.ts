/**
 * What is counted of each customer's reservations: every count of a definition in one pass over them, one row per
 * customer. A pass of its own for each condition would read millions of rows once more.
 */

import { type RawBuilder, sql } from 'kysely'
import type { CountLeaf, VisitLeaf } from '../contract/segment.ts'
import { earliest, latest } from './period-days.ts'
import { both, either, isCounted, isIn } from './reservation-condition.ts'
import type { SegmentWorld } from './segment-world.ts'

type Sql = RawBuilder<boolean>

/** Reservations that are counted under one name, for one condition. */
export type Measure = { name: string; of: Sql; by: 'reservations' | 'days' }

export type Measured = {
  measures: Measure[]
  /** Of the row `f`, which is absent for who has no such reservation: never null. */
  holds: Sql
}

/** @param first the number of the first measure */
export function measureCount(world: SegmentWorld, leaf: CountLeaf, first: number): Measured {
  const of = both([isCounted(world, leaf.of, leaf), leaf.in && isIn(world, leaf.brands, leaf.in)])
  const { is, n } = leaf.times
  const name = `m${first}`
  const byDays = leaf.of === 'visits' || leaf.of === 'attendedVisits'
  const compare = { atLeast: sql`>=`, atMost: sql`<=`, exactly: sql`=` }[is]
  // One visit or none needs no days told apart.
  const needsDays = byDays && !(n === 0 || (n === 1 && is === 'atLeast'))
  return {
    measures: [{ name, of, by: needsDays ? 'days' : 'reservations' }],
    holds: sql<boolean>`(coalesce(f.${sql.ref(name)}, 0) ${compare} ${n}::int)`,
  }
}

/** The first visit lies in the period: one does, and none lies before it. The last one likewise. */
export function measureVisit(world: SegmentWorld, leaf: VisitLeaf, first: number): Measured {
  const visit = isCounted(world, 'visits', { brands: leaf.brands })
  const within = isIn(world, leaf.brands, leaf.in)
  const beyond = isIn(world, leaf.brands, leaf.in, ({ from, to }) =>
    leaf.kind === 'firstVisit'
      ? { from: null, to: from?.subtract({ days: 1 }) ?? earliest }
      : { from: to?.add({ days: 1 }) ?? latest, to: null },
  )
  const names = [`m${first}`, `m${first + 1}`] as const
  return {
    measures: [
      { name: names[0], of: both([visit, within]), by: 'reservations' },
      { name: names[1], of: both([visit, beyond]), by: 'reservations' },
    ],
    holds: sql<boolean>`(coalesce(f.${sql.ref(names[0])}, 0) > 0 and coalesce(f.${sql.ref(names[1])}, 0) = 0)`,
  }
}

/** A row per customer with the measures as columns. `only`: of these reservations `r`. */
export function measuredReservations(
  world: SegmentWorld,
  measures: Measure[],
  only: Sql,
): RawBuilder<unknown> {
  const wanted = sql`r.winery_id = ${world.wineryId} and r.customer_id is not null and ${only}
    ${world.withoutPull === undefined ? sql`` : sql`and r.first_seen_pull <> ${world.withoutPull}`}
    and ${either(measures.map((one) => one.of))}`
  const columns = (column: (one: Measure) => RawBuilder<unknown>) =>
    sql.join(measures.map((one) => sql`${column(one)} as ${sql.ref(one.name)}`))
  if (!measures.some((one) => one.by === 'days')) {
    return sql`
      select r.customer_id, ${columns((one) => sql`count(*) filter (where ${one.of})`)}
      from ecellar.reservations r
      where ${wanted}
      group by r.customer_id`
  }
  // Day by day first: grouping twice by hashing beats sorting for count(distinct …).
  return sql`
    select d.customer_id,
      ${columns((one) => {
        const name = sql.ref(`d.${one.name}`)
        return one.by === 'days' ? sql`count(*) filter (where ${name} > 0)` : sql`sum(${name})`
      })}
    from (
      select r.customer_id, r.brand_id, r.local_start::date as local_day,
        ${columns((one) => sql`count(*) filter (where ${one.of})`)}
      from ecellar.reservations r
      where ${wanted}
      group by r.customer_id, r.brand_id, r.local_start::date
    ) d
    group by d.customer_id`
}
