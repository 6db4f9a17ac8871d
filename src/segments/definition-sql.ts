/**
 * From a definition to SQL over `ecellar.customers c`: parameters only. A condition is never null, so that `not` means
 * the others.
 */

import { type RawBuilder, sql } from 'kysely'
import { emailKey } from '../contract/email-address.ts'
import { type Condition, type Leaf, leavesOf, type SegmentDefinition } from '../contract/segment.ts'
import type { ListName } from '../contract/vocabulary.ts'
import { brandsOf, entryIds } from './look-up.ts'
import { mayMail, releasedAt } from './may-mail.ts'
import type { Measure } from './measures.ts'
import { periodDays } from './period-days.ts'
import { both, either } from './reservation-condition.ts'
import { isFromTo, type Only, reservationLeaves } from './reservation-leaves.ts'
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

/** @throws Refusal invalid for names that the winery does not have */
export function definitionSql(
  world: SegmentWorld,
  { where }: SegmentDefinition,
  only: Only = null,
): DefinitionSql {
  const { joins, holdsOf } = reservationLeaves(world, where, only)
  const of = only !== null && 'customerId' in only ? only : null
  const leaves = leavesOf(where).map((leaf) => {
    const counted = holdsOf.get(leaf)
    if (counted) return { leaf, ...counted }
    if (leaf.kind === 'optedInAt' || leaf.kind === 'listed') {
      const name = `j${joins.length}`
      joins.push(sql`left join (${joined(world, leaf, of)}) ${sql.ref(name)}
        on ${sql.ref(`${name}.customer_id`)} = c.customer_id`)
      const is = leaf.kind === 'listed' || leaf.is
      const holds = sql<boolean>`(${sql.ref(`${name}.customer_id`)} ${is ? sql`is not null` : sql`is null`})`
      return { leaf, holds, measures: [] }
    }
    return { leaf, holds: isCustomer(world, leaf as CustomerLeaf), measures: [] }
  })
  const holds = new Map(leaves.map((one) => [one.leaf, one.holds]))
  return {
    from: sql.join([sql`ecellar.customers c`, ...joins], sql` `),
    where: both([
      sql`c.winery_id = ${world.wineryId}`,
      of && sql`c.customer_id = ${of.customerId}`,
      only !== null && 'from' in only && isFromTo('c.customer_id', only),
      combine(where, (leaf) => holds.get(leaf) ?? sql<boolean>`false`),
    ]),
    leaves: leaves.map(({ holds: own, measures }) => ({ holds: own, measures })),
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
