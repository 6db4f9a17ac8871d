/** A segment gets another name; what goes by its number (campaign, schedules, history) goes on. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery } from '../database/tenant-session.ts'
import { allSegments, findSegment, type SavedSegment } from './saved-segments.ts'

/** @throws Refusal not_found, invalid */
export async function renameSegment(
  options: { db: Db; wineryId: Id; actor: Actor },
  given: { name: string; newName: string },
): Promise<SavedSegment> {
  const { db, wineryId, actor } = options
  const newName = given.newName.trim()
  return inWinery(db, wineryId, async (trx) => {
    const { segmentId } = await findSegment(trx, wineryId, { name: given.name })
    const isTaken = (await allSegments(trx, wineryId)).some(
      (one) => one.segmentId !== segmentId && one.name.toLowerCase() === newName.toLowerCase(),
    )
    if (isTaken) {
      throw new Refusal('invalid', `There is a segment "${newName}" already.`, 'Choose another name.')
    }
    // When it was changed is about its definition: by that the next night tells why customers moved.
    await sql`
      update ecellar.segments
      set name = ${newName}
      where winery_id = ${wineryId} and segment_id = ${segmentId}`.execute(trx)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'segments.write',
      subject: `segment ${segmentId}`,
      details: { renamed: true },
    })
    return findSegment(trx, wineryId, { segmentId })
  })
}
