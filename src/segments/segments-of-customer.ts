/** In which of the saved segments a customer is, for the customer's card. */

import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import { asksForGuests, leavesOf, type SegmentDefinition } from '../contract/segment.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import type { Asking } from './ask-segment.ts'
import { definitionSql } from './definition-sql.ts'
import { allSegments, type SavedSegment } from './saved-segments.ts'
import { definitionOf } from './segment-sql.ts'
import { readSegmentWorld, type SegmentWorld } from './segment-world.ts'

export type SegmentOfCustomer = Pick<SavedSegment, 'segmentId' | 'name' | 'kind'> & {
  /** null: something that its definition names is gone, or whoever asks may not know. */
  isMember: boolean | null
}

/** @throws Refusal not_found */
export async function segmentsOfCustomer(
  { db, wineryId, now }: Pick<Asking, 'db' | 'wineryId' | 'now'>,
  customerId: Id,
  seesGuests: boolean,
): Promise<SegmentOfCustomer[]> {
  return inWinery(db, wineryId, async (trx) => {
    const there = await sql`
      select from ecellar.customers
      where winery_id = ${wineryId} and customer_id = ${customerId}`.execute(trx)
    if (there.rows.length === 0) {
      throw new Refusal(
        'not_found',
        `There is no customer ${customerId} at this winery.`,
        'See the customers.',
      )
    }
    const world = await readSegmentWorld(trx, wineryId, now)
    const told: SegmentOfCustomer[] = []
    // One customer's reservations are few: a statement per segment, each through the customer's own guests.
    for (const { segmentId, name, kind, definition } of await allSegments(trx, wineryId)) {
      const asked = definitionOf({ segmentId, kind, definition })
      const isHidden = !seesGuests && leavesOf(asked.where).some(asksForGuests)
      const isMember = isHidden ? null : await isIn(trx, world, asked, customerId)
      told.push({ segmentId, name, kind, isMember })
    }
    return told
  })
}

async function isIn(
  trx: WineryTransaction,
  world: SegmentWorld,
  definition: SegmentDefinition,
  customerId: Id,
): Promise<boolean | null> {
  try {
    const { from, where } = definitionSql(world, definition, { customerId })
    const { rows } = await sql<{ is_in: boolean }>`
      select exists (select from ${from} where ${where}) as is_in`.execute(trx)
    return rows[0]?.is_in ?? false
  } catch (error) {
    // Refused before it is asked: the transaction goes on.
    if (error instanceof Refusal) return null
    throw error
  }
}
