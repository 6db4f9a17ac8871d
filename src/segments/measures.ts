/**
 * What is counted of each customer's reservations: every count of one kind of thing (visits, cancelled …) in one pass over
 * them, one row per customer. A pass for each condition would read millions of rows once more; one for all of them would
 * use none of the indexes, which know kinds.
 */

import { type RawBuilder, sql } from 'kysely'
import type { Counted, CountLeaf, VisitLeaf } from '../contract/segment.ts'
import { earliest, hasStart, latest } from './period-days.ts'
import { both, either, hasFacts, isAtBrand, isIn, isOfKind, isWithinDays } from './reservation-condition.ts'
import type { SegmentWorld } from './segment-world.ts'

type Sql = RawBuilder<boolean>

/** Reservations that are counted under one name, for one condition. */
export type Measure = {
  name: string
  kind: Counted
  /** All that must hold of a reservation `r`; `rest`: beside its kind. */
  of: Sql
  rest: Sql
  /** The rest but the period, where that has no beginning. */
  wide: Sql
  by: 'reservations' | 'days'
  /** The rest, where it speaks of nothing but the brand and the day of `r`. */
  onDay: Sql | null
}

export type Measured = {
  measures: Measure[]
  /** Of the row of its kind, which is absent for who has no such reservation: never null. */
  holds: Sql
  /** Whether it only asks that there are such reservations, and that there are no others. */
  asks: { some: Measure[]; none: Measure[] } | null
  /** Never holds without such a reservation. */
  needsSome: boolean
}

/** @param first the number of the first measure */
export function measureCount(world: SegmentWorld, leaf: CountLeaf, first: number): Measured {
  const { of, times, in: period, brands, kind: _, ...facts } = leaf
  const hasOnlyDay = Object.values(facts).every((fact) => fact === undefined)
  const byDays = of === 'visits' || of === 'attendedVisits'
  // One visit or none needs no days told apart.
  const isOneOrNone = times.n === 0 || (times.n === 1 && times.is === 'atLeast')
  const rest = both([hasFacts(world, leaf), period && isIn(world, brands, period)])
  const measure = newMeasure(world, of, first, {
    rest,
    wide: period === undefined || hasStart(period) ? rest : hasFacts(world, leaf),
    onDay: hasOnlyDay
      ? both([isAtBrand(world, brands), period && isIn(world, brands, period, (days) => days, isWithinDays)])
      : null,
    by: byDays && !isOneOrNone ? 'days' : 'reservations',
  })
  const compare = { atLeast: sql`>=`, atMost: sql`<=`, exactly: sql`=` }[times.is]
  const asks = { some: times.n === 0 ? [] : [measure], none: times.n === 0 ? [measure] : [] }
  return {
    measures: [measure],
    holds: sql<boolean>`(${counted(measure)} ${compare} ${times.n}::int)`,
    asks: isOneOrNone && !(times.n === 0 && times.is === 'atLeast') ? asks : null,
    needsSome: times.n > 0 && times.is !== 'atMost',
  }
}

/** The first visit lies in the period: one does, and none lies before it. The last one likewise. */
export function measureVisit(world: SegmentWorld, leaf: VisitLeaf, first: number): Measured {
  const at = isAtBrand(world, leaf.brands)
  const visits = (number: number, part?: Parameters<typeof isIn>[3]) =>
    newMeasure(world, 'visits', number, {
      rest: both([at, isIn(world, leaf.brands, leaf.in, part)]),
      wide: both([at, number === first && hasStart(leaf.in) && isIn(world, leaf.brands, leaf.in, part)]),
      onDay: both([at, isIn(world, leaf.brands, leaf.in, part, isWithinDays)]),
      by: 'reservations',
    })
  const within = visits(first)
  const beyond = visits(first + 1, ({ from, to }) =>
    leaf.kind === 'firstVisit'
      ? { from: null, to: from?.subtract({ days: 1 }) ?? earliest }
      : { from: to?.add({ days: 1 }) ?? latest, to: null },
  )
  return {
    measures: [within, beyond],
    holds: sql<boolean>`(${counted(within)} > 0 and ${counted(beyond)} = 0)`,
    asks: { some: [within], none: [beyond] },
    needsSome: true,
  }
}

function newMeasure(
  world: SegmentWorld,
  kind: Counted,
  number: number,
  said: Pick<Measure, 'rest' | 'wide' | 'onDay' | 'by'>,
): Measure {
  return { name: `m${number}`, kind, of: both([isOfKind(world, kind), said.rest]), ...said }
}

/** The name of the row that a kind is counted in. */
export function rowOf(kind: Counted): string {
  return `f_${kind}`
}

function counted({ kind, name }: Measure): RawBuilder<number> {
  return sql<number>`coalesce(${sql.ref(`${rowOf(kind)}.${name}`)}, 0)`
}

/**
 * A row per customer with the measures of one kind as columns.
 * @param among of these reservations `r`
 * @param inOrder whether they are to be read customer by customer, whatever else may seem quicker
 */
export function measuredReservations(
  world: SegmentWorld,
  kind: Counted,
  measures: Measure[],
  { among, inOrder }: { among: Sql; inOrder: boolean },
): RawBuilder<unknown> {
  const where = (said: (one: Measure) => Sql) => {
    const any = either(measures.map(said))
    // Into a `case` the planner does not look for another index.
    return both([
      among,
      isOfKind(world, kind),
      inOrder ? sql`case when ${any} then true else false end` : any,
    ])
  }
  const columns = (column: (one: Measure) => RawBuilder<unknown>) =>
    sql.join(measures.map((one) => sql`${column(one)} as ${sql.ref(one.name)}`))
  const times = (of: Sql) => (measures.length === 1 ? sql`count(*)` : sql`count(*) filter (where ${of})`)
  if (!measures.some((one) => one.by === 'days')) {
    return sql`
      select r.customer_id, ${columns((one) => times(one.rest))}
      from ecellar.reservations r
      where ${where((one) => one.rest)}
      group by r.customer_id`
  }
  // Day by day first, in the order of the index: that beats count(distinct …), which sorts. Nothing is counted of a day
  // where brand and day decide, which halves the time.
  const days = measures.flatMap((one) => one.onDay ?? [])
  if (days.length === measures.length) {
    return sql`
      select r.customer_id, ${columns((one) =>
        one.wide === one.rest ? times(one.onDay ?? one.rest) : sql`count(*) filter (where ${one.onDay})`,
      )}
      from (
        select r.customer_id, r.brand_id, r.local_start::date as local_day
        from ecellar.reservations r
        where ${where((one) => one.wide)}
        group by r.customer_id, r.brand_id, r.local_start::date
      ) r
      group by r.customer_id`
  }
  return sql`
    select d.customer_id,
      ${columns((one) => {
        const name = sql.ref(`d.${one.name}`)
        return one.by === 'days' ? sql`count(*) filter (where ${name} > 0)` : sql`sum(${name})`
      })}
    from (
      select r.customer_id, r.brand_id, r.local_start::date as local_day,
        ${columns((one) => times(one.rest))}
      from ecellar.reservations r
      where ${where((one) => one.rest)}
      group by r.customer_id, r.brand_id, r.local_start::date
    ) d
    group by d.customer_id`
}
