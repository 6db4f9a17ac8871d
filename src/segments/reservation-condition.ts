/** A condition on one reservation, as SQL over `ecellar.reservations r`: never null, so that it can be negated. */

import { type RawBuilder, sql } from 'kysely'
import type { Counted, CountLeaf, Period } from '../contract/segment.ts'
import type { Id } from '../database/rows.ts'
import { brandsOf, entryIds, experiencesOf } from './look-up.ts'
import { type Days, periodDays } from './period-days.ts'
import type { SegmentBrand, SegmentWorld } from './segment-world.ts'

type Sql = RawBuilder<boolean>
export type Facts = Pick<CountLeaf, 'brands'> & Partial<Omit<CountLeaf, 'kind' | 'of' | 'times' | 'in'>>

/** What is asked of a reservation beside its kind and its period. */
export function hasFacts(world: SegmentWorld, facts: Facts): Sql {
  const { statuses, partySize, weekdays, timeOfDay, notesContain, bookedAhead } = facts
  return both([
    isAtBrand(world, facts.brands),
    statuses && sql`r.status = any(${statuses}::text[])`,
    partySize && between(sql`r.party_size`, partySize),
    weekdays && sql`extract(isodow from r.local_start)::int = any(${weekdays}::int[])`,
    timeOfDay && isAtTime(timeOfDay),
    notesContain !== undefined &&
      sql`coalesce(strpos(lower(r.notes), lower(${notesContain}::text)) > 0, false)`,
    bookedAhead &&
      between(sql`(r.local_start::date - (r.created_at at time zone r.time_zone)::date)`, bookedAhead),
    facts.locations && isAtLocation(world, facts.locations),
    facts.reservationTypes && isOfType(world, facts.reservationTypes),
    facts.experiences && isExperience(world, facts.experiences),
  ])
}

/** Days as the brand's clock has them; the winery's, where none is named. */
export function isIn(
  world: SegmentWorld,
  codes: string[] | undefined,
  period: Period,
  part: (days: Days) => Days = (days) => days,
  within: (days: Days) => Sql = isWithin,
): Sql {
  const perBrand = brandsOf(world, codes).map((brand) => ({
    brand,
    days: part(periodDays(period, world.now, codes === undefined ? world.timeZone : brand.timeZone)),
  }))
  const spelled = new Map<string, { days: Days; brands: SegmentBrand[] }>()
  for (const { brand, days } of perBrand) {
    const key = `${days.from}..${days.to}`
    const group = spelled.get(key) ?? { days, brands: [] }
    group.brands.push(brand)
    spelled.set(key, group)
  }
  if (spelled.size === 1) return within([...spelled.values()][0]?.days ?? { from: null, to: null })
  return either([...spelled.values()].map(({ days, brands }) => both([isOneOf(brands), within(days)])))
}

function isWithin({ from, to }: Days): Sql {
  const days = both([
    from && sql`r.local_start >= ${`${from} 00:00`}::timestamp`,
    to && sql`r.local_start < ${`${to.add({ days: 1 })} 00:00`}::timestamp`,
  ])
  if (from === null) return days
  // The instant says it first, roughly, because it has the index; clocks are 12 hours behind to 14 ahead. The planner must
  // not take both for two conditions that few meet: of a `case` it expects nothing.
  return both([
    sql`r.starts_at >= ${`${from.subtract({ days: 1 })} 00:00Z`}::timestamptz`,
    to && sql`r.starts_at < ${`${to.add({ days: 2 })} 00:00Z`}::timestamptz`,
    sql`case when ${days} then true else false end`,
  ])
}

/** The same of a day of reservations `r` that has been told apart already. */
export function isWithinDays({ from, to }: Days): Sql {
  return both([
    from && sql`r.local_day >= ${from.toString()}::date`,
    to && sql`r.local_day <= ${to.toString()}::date`,
  ])
}

export function isAtBrand(world: SegmentWorld, codes: string[] | undefined): Sql | false {
  return codes !== undefined && isOneOf(brandsOf(world, codes))
}

function isOneOf(brands: SegmentBrand[]): Sql {
  if (brands.length === 1) return sql<boolean>`r.brand_id = ${brands[0]?.brandId}::bigint`
  return sql<boolean>`r.brand_id = any(${brands.map((brand) => brand.brandId)}::bigint[])`
}

/** Statuses are written as the indexes have them, which are not used otherwise. */
export function isOfKind(world: SegmentWorld, of: Counted): Sql {
  const kept = sql`r.status not in ('Cancelled', 'Transferred', 'No Show')`
  switch (of) {
    case 'visits':
      return both([kept, isPast(world), isAVisit(world)])
    case 'attendedVisits':
      return both([kept, sql`r.status in ('Arrived', 'Seated', 'Completed')`, isPast(world), isAVisit(world)])
    case 'upcoming':
      return both([kept, sql`r.starts_at >= ${world.now}`, sql`r.missing_since is null`, isAVisit(world)])
    case 'cancelled':
      return sql<boolean>`r.status = 'Cancelled'`
    case 'noShows':
      return sql<boolean>`r.status = 'No Show'`
    case 'cancelledOrNoShows':
      return sql<boolean>`r.status in ('Cancelled', 'No Show')`
    case 'reservations':
      return both([])
  }
}

/** Rule 13: seen by a snapshot that was taken after its start. */
function isPast(world: SegmentWorld): Sql {
  const cases = world.brands.flatMap((brand) =>
    brand.businesses.map(({ businessId, snapshotAt }) => {
      const isAt =
        brand.businesses.length === 1
          ? sql`r.brand_id = ${brand.brandId}::bigint`
          : sql`r.brand_id = ${brand.brandId}::bigint and r.business_id = ${businessId}`
      return sql`when ${isAt} then ${snapshotAt}::timestamptz`
    }),
  )
  if (cases.length === 0) return sql<boolean>`coalesce(r.starts_at < r.last_shown_at, false)`
  const snapshotAt = sql`case ${sql.join(cases, sql` `)} end`
  const isPast = sql<boolean>`coalesce(r.starts_at < coalesce(r.last_shown_at, ${snapshotAt}), false)`
  const snapshots = world.brands.flatMap((brand) => brand.businesses.map((one) => one.snapshotAt?.getTime()))
  const known = snapshots.filter((time) => time !== undefined)
  if (known.length < snapshots.length) return isPast
  // Nearly every one lies before all snapshots, which is soon said.
  const before = new Date(Math.min(...known))
  return either([sql`r.last_shown_at is null and r.starts_at < ${before}::timestamptz`, isPast])
}

/** Not of a reservation type that does not count (rule 13). */
function isAVisit(world: SegmentWorld): Sql | false {
  const not = world.experiences.filter((one) => one.notAVisit)
  if (not.length === 0) return false
  // Most are none of these at any brand, which is soon said: a list of nine or more is looked up by its hash.
  const ids = [...new Set(not.map((one) => one.experienceId))]
  const hashed = [...ids, ...Array(Math.max(0, 9 - ids.length)).fill(ids[0])]
  return either([
    sql`coalesce(r.experience_id, '') <> all(${hashed}::text[])`,
    sql`not ${isOneOfExperiences(not)}`,
  ])
}

function isOfType(world: SegmentWorld, names: (string | null)[]): Sql {
  const ids = entryIds(world, 'reservation type', names)
  const mapped = world.experiences.filter((one) => one.reservationTypeId !== null)
  return either([
    isOneOfExperiences(mapped.filter((one) => ids.includes(one.reservationTypeId))),
    ids.includes(null) && sql`not ${isOneOfExperiences(mapped)}`,
  ])
}

function isExperience(world: SegmentWorld, wanted: string[]): Sql {
  return isOneOfExperiences(experiencesOf(world, wanted))
}

function isOneOfExperiences(experiences: SegmentWorld['experiences']): Sql {
  const perBrand = Map.groupBy(experiences, (one) => one.brandId)
  return either(
    [...perBrand].map(([brandId, some]) =>
      isOf(
        brandId,
        sql`r.experience_id`,
        some.map((one) => one.experienceId),
      ),
    ),
  )
}

/** A seating area's location, else the brand's own. */
function isAtLocation(world: SegmentWorld, names: (string | null)[]): Sql {
  const ids = entryIds(world, 'location', names)
  return either(
    world.brands.map((brand) => {
      const mapped = world.seatingAreas.filter(
        (one) => one.brandId === brand.brandId && one.locationId !== null,
      )
      const areas = (some: typeof mapped) =>
        isOf(
          brand.brandId,
          sql`r.seating_area_id`,
          some.map((one) => one.seatingAreaId),
        )
      return either([
        areas(mapped.filter((one) => ids.includes(one.locationId))),
        ids.includes(brand.defaultLocationId) &&
          both([sql`r.brand_id = ${brand.brandId}::bigint`, sql`not ${areas(mapped)}`]),
      ])
    }),
  )
}

function isOf(brandId: Id, column: RawBuilder<unknown>, values: string[]): Sql {
  if (values.length === 0) return sql<boolean>`false`
  return sql<boolean>`(r.brand_id = ${brandId}::bigint and coalesce(${column} = any(${values}::text[]), false))`
}

function isAtTime({ from, to }: { from: string; to: string }): Sql {
  const after = sql<boolean>`r.local_start::time >= ${from}::time`
  const before = sql<boolean>`r.local_start::time < ${to}::time`
  return from <= to ? both([after, before]) : either([after, before])
}

type Range = { min?: number | undefined; max?: number | undefined }
function between(value: RawBuilder<unknown>, { min, max }: Range): Sql {
  const within = both([
    min !== undefined && sql`${value} >= ${min}::int`,
    max !== undefined && sql`${value} <= ${max}::int`,
  ])
  return sql<boolean>`coalesce(${within}, false)`
}

type Part = RawBuilder<unknown> | false | null | undefined
export function both(parts: Part[]): Sql {
  const said = parts.filter((part) => part instanceof Object)
  return said.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(said, sql` and `)})`
}

export function either(parts: Part[]): Sql {
  const said = parts.filter((part) => part instanceof Object)
  return said.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(said, sql` or `)})`
}
