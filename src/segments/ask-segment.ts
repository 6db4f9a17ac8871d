/** Questions to the customers of a definition: how many, how many may be mailed and why the others may not, who. */

import { type RawBuilder, sql } from 'kysely'
import { isOnReservations, leavesOf, type SegmentDefinition } from '../contract/segment.ts'
import { type Visits, visitsOf } from '../crm/customer-visits.ts'
import { type CustomerFacts, customerColumns } from '../crm/customers-search.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import { inWineryUntil } from './cancellable.ts'
import { countingParts, countingSettings } from './counting-parts.ts'
import { type DefinitionSql, definitionSql } from './definition-sql.ts'
import { brandsOf } from './look-up.ts'
import { type MailObstacle, mailObstacle, mailObstacles } from './may-mail.ts'
import { readsAllHistory } from './reservation-leaves.ts'
import { readSegmentWorld, type SegmentWorld } from './segment-world.ts'

export type SegmentCount = {
  matching: number
  mayMail: number
  /** Each customer once, under the first reason that applies. */
  mayNotMail: Record<MailObstacle, number>
  asOf: AsOf[]
}
/** What recent and upcoming visits are known from, per brand that the definition speaks of. */
export type AsOf = { brand: string; snapshotTakenAt: Date | null }

export type Asking = {
  db: Db
  wineryId: Id
  now: Date
  /** Aborted: the statement is cancelled in the database too. */
  signal?: AbortSignal | undefined
}

/** @throws Refusal invalid for names that the winery does not have */
export async function countSegment(asking: Asking, definition: SegmentDefinition): Promise<SegmentCount> {
  const { db, wineryId, signal } = asking
  return inWineryUntil(db, wineryId, signal, (trx) => countSegmentIn(trx, asking, definition), {
    settings: countingSettings,
  })
}

/** The same in a transaction that is there: what is undone afterwards can be counted. */
export async function countSegmentIn(
  trx: WineryTransaction,
  asking: Omit<Asking, 'db' | 'signal'>,
  definition: SegmentDefinition,
): Promise<SegmentCount> {
  const world = await readSegmentWorld(trx, asking.wineryId, asking.now)
  const parts = readsAllHistory(definition.where) ? countingParts(world) : [null]
  const counts = parts.map((part) => {
    const { from, where } = definitionSql(world, definition, part)
    // Bit by bit: of a number, the planner expects as many as there are customers, too many for several processes.
    const obstacle = mailObstacle(world)
    return sql`(select ${obstacle} in (1, 3, 5) as one, ${obstacle} in (2, 3, 6) as two, ${obstacle} in (4, 5, 6) as four,
        count(*)::int as customers
      from ${from}
      where ${where}
      group by 1, 2, 3)`
  })
  const { rows } = await sql<{
    one: boolean
    two: boolean
    four: boolean
    customers: number
  }>`${sql.join(counts, sql` union all `)}`.execute(trx)
  const under = (obstacle: number) =>
    rows.reduce(
      (sum, { one, two, four, customers }) =>
        Number(one) + 2 * Number(two) + 4 * Number(four) === obstacle ? sum + customers : sum,
      0,
    )
  return {
    matching: rows.reduce((sum, row) => sum + row.customers, 0),
    mayMail: under(0),
    mayNotMail: Object.fromEntries(
      mailObstacles.map((name, index) => [name, under(index + 1)]),
    ) as SegmentCount['mayNotMail'],
    asOf: asOfSnapshots(world, definition),
  }
}

export type SegmentCustomer = CustomerFacts & Visits

/** In the order of their numbers. @param page `after`: the last customer of the page before */
export async function listSegment(
  asking: Asking,
  definition: SegmentDefinition,
  page: { after: Id | null; limit: number },
): Promise<SegmentCustomer[]> {
  const { db, wineryId, now, signal } = asking
  return inWineryUntil(
    db,
    wineryId,
    signal,
    async (trx) => {
      const world = await readSegmentWorld(trx, wineryId, now)
      return pageOfCustomers(trx, wineryId, definitionSql(world, definition), page)
    },
    { settings: countingSettings },
  )
}

export async function pageOfCustomers(
  trx: WineryTransaction,
  wineryId: Id,
  of: Pick<DefinitionSql, 'from' | 'where'>,
  page: { after: Id | null; limit: number; mayMail?: RawBuilder<boolean> },
): Promise<SegmentCustomer[]> {
  const onward = page.after === null ? sql`true` : sql`c.customer_id > ${page.after}`
  const { rows } = await sql<SegmentCustomer>`
    with page as materialized (
      select c.customer_id
      from ${of.from}
      where ${of.where} and ${onward} and ${page.mayMail ?? sql`true`}
      order by c.customer_id
      limit ${page.limit}
    )
    select ${customerColumns}, v.*
    from page
    join ecellar.customer_facts c on c.winery_id = ${wineryId} and c.customer_id = page.customer_id
    cross join lateral (${visitsOf(wineryId, sql.ref('c.customer_id'), null)}) v
    order by c.customer_id`.execute(trx)
  return rows
}

/** Of the brands that are named; of all where a condition on visits names none. */
export function asOfSnapshots(world: SegmentWorld, definition: SegmentDefinition): AsOf[] {
  const spoken = leavesOf(definition.where).flatMap((leaf) =>
    isOnReservations(leaf) ? brandsOf(world, leaf.brands) : [],
  )
  return world.brands
    .filter((brand) => spoken.includes(brand))
    .map((brand) => ({ brand: brand.code, snapshotTakenAt: brand.snapshotAt }))
}
