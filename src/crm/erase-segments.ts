/** Takes a person out of what marketing keeps: addresses that somebody wrote into a segment, and files on a schedule. */

import { type RawBuilder, sql } from 'kysely'
import type { Id } from '../database/rows.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import type { Person } from './person-to-erase.ts'

export type ErasedFromSegments = {
  /** Segments in which an address of the person stood; `[erased]` stands there now, which nobody has. */
  segments: number
  /** Files of scheduled exports that are written anew, without the person, within minutes. */
  scheduledFiles: number
}

/** Comes before the customers: which exports carried them is asked here. */
export async function eraseFromSegments(
  trx: WineryTransaction,
  wineryId: Id,
  person: Person,
): Promise<ErasedFromSegments> {
  const ids = person.customers.map(({ customerId }) => customerId)
  const files = await sql`
    update ecellar.export_schedules s set rewrite_since = clock_timestamp()
    where s.winery_id = ${wineryId} and s.file_name is not null
      and exists (
        select from ecellar.exports e
        join ecellar.export_customers x on x.winery_id = e.winery_id and x.export_id = e.export_id
        where e.winery_id = s.winery_id and e.schedule_id = s.schedule_id and x.customer_id = any(${ids}::bigint[])
      )`.execute(trx)
  const segments = new Set<Id>()
  for (const key of person.emailKeys) {
    // Not within a longer address: that is somebody else's.
    const word = `(?<![a-z0-9._%+-])${key.replaceAll(/[^a-z0-9@]/gi, '\\$&')}(?![a-z0-9-]|\\.[a-z0-9])`
    const without = (text: RawBuilder<unknown>) => sql`regexp_replace(${text}, ${word}, '[erased]', 'gi')`
    const { rows } = await sql<{ segment_id: Id }>`
      update ecellar.segments
      set name = ${without(sql`name`)}, definition = ${without(sql`definition::text`)}::jsonb,
        campaign_name = ${without(sql`campaign_name`)}
      where winery_id = ${wineryId} and concat_ws(' ', name, definition::text, campaign_name) ~* ${word}
      returning segment_id`.execute(trx)
    for (const { segment_id } of rows) segments.add(segment_id)
    await sql`
      update ecellar.exports
      set name = ${without(sql`name`)}, reason = ${without(sql`reason`)}
      where winery_id = ${wineryId} and concat_ws(' ', name, reason) ~* ${word}`.execute(trx)
    await sql`
      update ecellar.undone_pulls set why = ${without(sql`why`)}
      where winery_id = ${wineryId} and why ~* ${word}`.execute(trx)
  }
  return { segments: segments.size, scheduledFiles: Number(files.numAffectedRows ?? 0n) }
}
