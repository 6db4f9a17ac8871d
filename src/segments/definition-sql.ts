/**
 * From a definition to SQL over `ecellar.customers c`: parameters only. A condition is never null, so that `not` means
 * the others. Reservations are joined as one row per customer rather than asked for in subqueries: the planner can
 * spill a join to disk, while a large `not in` would be walked through for each customer.
 */

import { type RawBuilder, sql } from 'kysely'
import { emailKey } from '../contract/email-address.ts'
import {
  type Condition,
  isOnReservations,
  type Leaf,
  leavesOf,
  type SegmentDefinition,
} from '../contract/segment.ts'
import type { ListName } from '../contract/vocabulary.ts'
import { brandsOf, entryIds } from './look-up.ts'
import { mayMail, releasedAt } from './may-mail.ts'
import { type Measure, measureCount, measuredReservations, measureVisit } from './measures.ts'
import { periodDays } from './period-days.ts'
import { both, either } from './reservation-condition.ts'
import type { SegmentWorld } from './segment-world.ts'

type Sql = RawBuilder<boolean>

export type DefinitionSql = {
  /** `from` and what stands behind it, without `where`. */
  from: RawBuilder<unknown>
  /** The customers of the definition. */
  where: Sql
  /** Each condition that says something itself, in the order of `leavesOf`, with the reservations that it counts. */
  leaves: { holds: Sql; measures: Measure[] }[]
}

/**
 * @param of one customer alone, whose reservations are found through his guests
 * @throws Refusal invalid for names that the winery does not have
 */
export function definitionSql(
  world: SegmentWorld,
  { where }: SegmentDefinition,
  of: { customerId: string } | null = null,
): DefinitionSql {
  const measures: Measure[] = []
  const joins: RawBuilder<unknown>[] = []
  const leaves = leavesOf(where).map((leaf) => {
    if (isOnReservations(leaf)) {
      const measured =
        leaf.kind === 'count'
          ? measureCount(world, leaf, measures.length)
          : measureVisit(world, leaf, measures.length)
      measures.push(...measured.measures)
      return { leaf, holds: measured.holds, measures: measured.measures }
    }
    if (leaf.kind === 'optedInAt' || leaf.kind === 'listed') {
      const name = `j${joins.length}`
      joins.push(sql`left join (${joined(world, leaf, of)}) ${sql.ref(name)}
        on ${sql.ref(`${name}.customer_id`)} = c.customer_id`)
      const is = leaf.kind === 'listed' || leaf.is
      const holds = sql<boolean>`(${sql.ref(`${name}.customer_id`)} ${is ? sql`is not null` : sql`is null`})`
      return { leaf, holds, measures: [] }
    }
    return { leaf, holds: isCustomer(world, leaf), measures: [] }
  })
  const holdsOf = new Map(leaves.map(({ leaf, holds }) => [leaf, holds]))
  if (measures.length > 0) {
    const counted = measuredReservations(world, measures, onlyOf(world, of))
    joins.unshift(sql`left join (${counted}) f on f.customer_id = c.customer_id`)
  }
  return {
    from: sql.join([sql`ecellar.customers c`, ...joins], sql` `),
    where: both([
      sql`c.winery_id = ${world.wineryId}`,
      of === null ? null : sql`c.customer_id = ${of.customerId}`,
      combine(where, (leaf) => holdsOf.get(leaf) ?? sql<boolean>`false`),
    ]),
    leaves: leaves.map(({ holds, measures: own }) => ({ holds, measures: own })),
  }
}

/** The numbers of the customers of whom it holds, each once. */
function joined(
  world: SegmentWorld,
  leaf: Extract<Leaf, { kind: 'optedInAt' | 'listed' }>,
  of: { customerId: string } | null,
): RawBuilder<unknown> {
  if (leaf.kind === 'listed') {
    return sql`select m.customer_id from ecellar.segment_members m
      where m.winery_id = ${world.wineryId} and m.segment_id = ${leaf.segmentId}`
  }
  const groups = brandsOf(world, [leaf.brand]).map((brand) => brand.businessGroupId)
  return sql`select distinct p.customer_id from ecellar.patrons p
    where p.winery_id = ${world.wineryId}
      and ${of === null ? sql`p.customer_id is not null` : sql`p.customer_id = ${of.customerId}`}
      and p.business_group_id = any(${groups}::text[]) and p.opt_in
      and p.opt_in_source in ('PURCHASE', 'WAITLIST', 'NEWSLETTER')`
}

function combine(condition: Condition, holds: (leaf: Leaf) => Sql): Sql {
  switch (condition.kind) {
    case 'all':
      return both(condition.of.map((one) => combine(one, holds)))
    case 'any':
      return either(condition.of.map((one) => combine(one, holds)))
    case 'not':
      return sql<boolean>`(not ${combine(condition.of, holds)})`
    default:
      return holds(condition)
  }
}

/** One customer's reservations are found through his guests: they have no index on their customer. */
export function onlyOf(world: SegmentWorld, of: { customerId: string } | null): Sql {
  if (of === null) return sql<boolean>`true`
  return sql<boolean>`r.customer_id = ${of.customerId} and r.guest_patron_id = any(array(
    select p.patron_id from ecellar.patrons p
    where p.winery_id = ${world.wineryId} and p.customer_id = ${of.customerId}))`
}

type CustomerLeaf = Exclude<Leaf, { kind: 'count' | 'firstVisit' | 'lastVisit' | 'optedInAt' | 'listed' }>

const lists = {
  customerSource: { list: 'customer source', column: 'c.customer_source_id' },
  customerType: { list: 'customer type', column: 'c.customer_type_id' },
  allocationTier: { list: 'allocation tier', column: 'c.allocation_tier_id' },
} as const satisfies Record<string, { list: ListName; column: string }>

const texts = { email: 'c.email', firstName: 'c.first_name', lastName: 'c.last_name' } as const

function isCustomer(world: SegmentWorld, leaf: CustomerLeaf): Sql {
  switch (leaf.kind) {
    case 'customerSource':
    case 'customerType':
    case 'allocationTier': {
      const { list, column } = lists[leaf.kind]
      const ids = entryIds(world, list, leaf.values)
      const named = ids.filter((id) => id !== null)
      return turned(
        leaf.op,
        either([
          named.length > 0 && sql`coalesce(${sql.ref(column)} = any(${named}::bigint[]), false)`,
          named.length < ids.length && sql`${sql.ref(column)} is null`,
        ]),
      )
    }
    case 'created':
      return isOn(world, sql`c.created_at`, leaf.in)
    case 'released':
      return isOn(world, releasedAt(world), leaf.in)
    case 'createdBy':
      return turned(leaf.op, sql<boolean>`c.created_by = any(${leaf.values}::text[])`)
    case 'createdIn':
      return leaf.what === 'pull'
        ? sql<boolean>`(c.created_in_pull is not distinct from ${leaf.id}::bigint)`
        : sql<boolean>`(c.created_in_import is not distinct from ${leaf.id}::bigint)`
    case 'emailConsent':
      return turned(leaf.op, sql<boolean>`c.email_consent = any(${leaf.values}::text[])`)
    case 'flag':
      return turned(leaf.is ? 'is' : 'isNot', flagSql(world, leaf.flag))
    case 'text':
      return isText(leaf)
    case 'hasText': {
      const empty = sql<boolean>`coalesce(${sql.ref(texts[leaf.field])}, '') = ''`
      return turned(leaf.is ? 'isNot' : 'is', empty)
    }
    case 'tags':
      if (leaf.op === 'all') return sql<boolean>`(c.tags @> ${leaf.values}::text[])`
      return turned(leaf.op === 'any' ? 'is' : 'isNot', sql<boolean>`c.tags && ${leaf.values}::text[]`)
  }
}

function flagSql(world: SegmentWorld, flag: Extract<Leaf, { kind: 'flag' }>['flag']): Sql {
  switch (flag) {
    case 'mayMail':
      return mayMail(world)
    case 'active':
      return sql<boolean>`c.active`
    case 'released':
      return sql<boolean>`${releasedAt(world)} is not null`
    case 'bounced':
      return sql<boolean>`c.bounced`
    case 'clubMember':
      return sql<boolean>`c.club_member`
  }
}

function isText({ field, op, value }: Extract<Leaf, { kind: 'text' }>): Sql {
  const key = field === 'email' && (op === 'is' || op === 'isNot') ? emailKey(value) : null
  if (key !== null)
    return turned(op === 'is' ? 'is' : 'isNot', sql<boolean>`coalesce(c.email_key = ${key}, false)`)
  const text = sql`lower(coalesce(${sql.ref(texts[field])}, ''))`
  const wanted = sql`lower(${value}::text)`
  switch (op) {
    case 'is':
    case 'isNot':
      return turned(op, sql<boolean>`${text} = ${wanted}`)
    case 'contains':
    case 'containsNot':
      return turned(op === 'contains' ? 'is' : 'isNot', sql<boolean>`strpos(${text}, ${wanted}) > 0`)
    case 'startsWith':
      return sql<boolean>`starts_with(${text}, ${wanted})`
    case 'endsWith':
      return sql<boolean>`(right(${text}, length(${wanted})) = ${wanted})`
  }
}

/** Instants on days of the winery's clock. */
function isOn(
  world: SegmentWorld,
  instant: RawBuilder<unknown>,
  period: Extract<Leaf, { kind: 'created' }>['in'],
): Sql {
  const { from, to } = periodDays(period, world.now, world.timeZone)
  const start = (day: Temporal.PlainDate) => day.toZonedDateTime(world.timeZone).toInstant().toString()
  const within = both([
    from && sql`${instant} >= ${start(from)}::timestamptz`,
    to && sql`${instant} < ${start(to.add({ days: 1 }))}::timestamptz`,
  ])
  return sql<boolean>`coalesce(${within}, false)`
}

function turned(op: 'is' | 'isNot', holds: Sql): Sql {
  return op === 'is' ? sql<boolean>`(${holds})` : sql<boolean>`(not (${holds}))`
}
