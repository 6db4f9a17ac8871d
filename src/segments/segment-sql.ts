/** The customers `c` of a saved segment: of its definition, or of its list as far as they are still there. */

import type { RawBuilder } from 'kysely'
import type { SegmentDefinition } from '../contract/segment.ts'
import type { Id } from '../database/rows.ts'
import { definitionSql } from './definition-sql.ts'
import { mayMail } from './may-mail.ts'
import type { SegmentWorld } from './segment-world.ts'

type Segment = { segmentId: Id; kind: 'dynamic' | 'static'; definition: SegmentDefinition | null }

export type SegmentSql = {
  from: RawBuilder<unknown>
  where: RawBuilder<boolean>
  mayMail: RawBuilder<boolean>
}

/** @throws Refusal invalid where a name of its definition is gone */
export function segmentSql(world: SegmentWorld, segment: Segment): SegmentSql {
  const { from, where } = definitionSql(world, definitionOf(segment))
  return { from, where, mayMail: mayMail(world) }
}

/** A static one's is its list, whatever that was made from. */
export function definitionOf({ kind, definition, segmentId }: Segment): SegmentDefinition {
  if (kind === 'dynamic' && definition !== null) return definition
  return { version: 1, where: { kind: 'listed', segmentId } }
}
