/** Why a customer is in a segment or not: condition by condition, with the reservations that decided. */

import { type RawBuilder, sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import { type Condition, type Leaf, leavesOf, type SegmentDefinition } from '../contract/segment.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { type Asking, type AsOf, asOfSnapshots } from './ask-segment.ts'
import { definitionSql } from './definition-sql.ts'
import { type MailObstacle, mailObstacle, mailObstacles } from './may-mail.ts'
import type { Measure } from './measures.ts'
import { either } from './reservation-condition.ts'
import { isOnlyOf } from './reservation-leaves.ts'
import { readSegmentWorld, type SegmentWorld } from './segment-world.ts'

export type DecidingReservation = {
  brand: string
  tockKey: string
  /** The brand's own clock: `2026-05-31T14:00`. */
  localStart: string
  status: string
  experience: string | null
  partySize: number | null
}

/** The definition's own tree, with what each part comes to. */
export type Explained =
  | { kind: 'all' | 'any' | 'not'; holds: boolean; of: Explained[] }
  | { kind: 'condition'; condition: Leaf; holds: boolean; reservations: DecidingReservation[] }

export type Explanation = {
  customerId: Id
  isMember: boolean
  mayMail: boolean
  /** Why not, if not. */
  obstacle: MailObstacle | null
  why: Explained
  asOf: AsOf[]
}

/** At most so many are shown per condition: the latest. */
const shownReservations = 20

/** @throws Refusal not_found, invalid */
export async function explainCustomer(
  asking: Asking,
  definition: SegmentDefinition,
  customerId: Id,
): Promise<Explanation> {
  return inWinery(asking.db, asking.wineryId, async (trx) => {
    if (!/^\d{1,18}$/.test(customerId)) throw noCustomer(customerId)
    const world = await readSegmentWorld(trx, asking.wineryId, asking.now)
    const { from, leaves } = definitionSql(world, definition, { customerId })
    const { rows } = await sql<{ holds: boolean[]; obstacle: number }>`
      select array[${sql.join(leaves.map((leaf) => leaf.holds))}] as holds, ${mailObstacle(world)} as obstacle
      from ${from}
      where c.winery_id = ${world.wineryId} and c.customer_id = ${customerId}`.execute(trx)
    const found = rows[0]
    if (!found) throw noCustomer(customerId)
    const deciding: DecidingReservation[][] = []
    for (const { measures } of leaves) deciding.push(await counted(trx, world, customerId, measures))
    const said = leavesOf(definition.where)
    const why = explain(definition.where, (leaf) => {
      const at = said.indexOf(leaf)
      return { holds: found.holds[at] ?? false, reservations: deciding[at] ?? [] }
    })
    return {
      customerId,
      isMember: why.holds,
      mayMail: found.obstacle === 0,
      obstacle: mailObstacles[found.obstacle - 1] ?? null,
      why,
      asOf: asOfSnapshots(world, definition),
    }
  })
}

function explain(
  condition: Condition,
  about: (leaf: Leaf) => { holds: boolean; reservations: DecidingReservation[] },
): Explained {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const of = condition.of.map((one) => explain(one, about))
      const holds = condition.kind === 'all' ? of.every((one) => one.holds) : of.some((one) => one.holds)
      return { kind: condition.kind, holds, of }
    }
    case 'not': {
      const of = explain(condition.of, about)
      return { kind: 'not', holds: !of.holds, of: [of] }
    }
    default:
      return { kind: 'condition', condition, ...about(condition) }
  }
}

async function counted(
  trx: WineryTransaction,
  world: SegmentWorld,
  customerId: Id,
  measures: Measure[],
): Promise<DecidingReservation[]> {
  if (measures.length === 0) return []
  const isCounted: RawBuilder<boolean> = either(measures.map((one) => one.of))
  const { rows } = await sql<DecidingReservation>`
    select b.code as brand, r.tock_key as "tockKey", to_char(r.local_start, 'YYYY-MM-DD"T"HH24:MI') as "localStart",
      r.status, x.name as experience, r.party_size as "partySize"
    from ecellar.reservations r
    join ecellar.brands b on b.winery_id = r.winery_id and b.brand_id = r.brand_id
    left join ecellar.experiences x
      on x.winery_id = r.winery_id and x.brand_id = r.brand_id and x.experience_id = r.experience_id
    where r.winery_id = ${world.wineryId} and ${isOnlyOf(world, customerId)} and ${isCounted}
    order by r.starts_at desc, r.tock_key
    limit ${shownReservations}`.execute(trx)
  return rows
}

function noCustomer(customerId: Id): Refusal {
  return new Refusal(
    'not_found',
    `There is no customer ${customerId} at this winery.`,
    'Take the customer_id of reporting.customers, or of segments list.',
  )
}
