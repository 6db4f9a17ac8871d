/** The definition of whatever was named: a definition itself, or a saved segment. */

import type { SegmentDefinition } from '../contract/segment.ts'
import { inWinery } from '../database/tenant-session.ts'
import type { Asking } from './ask-segment.ts'
import { findSegment } from './saved-segments.ts'
import { definitionOf } from './segment-sql.ts'

export type AskedSegment = { definition: SegmentDefinition } | { name: string } | { segmentId: string }

/** @throws Refusal not_found */
export async function inSegment(
  { db, wineryId }: Pick<Asking, 'db' | 'wineryId'>,
  asked: AskedSegment,
): Promise<SegmentDefinition> {
  if ('definition' in asked) return asked.definition
  const segment = await inWinery(db, wineryId, (trx) => findSegment(trx, wineryId, asked))
  return definitionOf(segment)
}
