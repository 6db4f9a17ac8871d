/** What one pull changed, field by field (rule 23). */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'
import { inWinery } from '../database/tenant-session.ts'

export type PullChange = {
  entity: 'reservation' | 'customer'
  /** `r:413` or `w:9001`; null for a customer. */
  tockKey: string | null
  id: string
  field: string
  before: string | null
  after: string | null
}

/** At most `limit` changes of a pull, reservations first; `total` counts all. */
export async function pullChanges(
  db: Db,
  pull: { wineryId: string; pullId: string },
  limit: number,
): Promise<{ total: number; changes: PullChange[] }> {
  const counted = await sql<{ total: string }>`
    select count(*) as total from ecellar.changes where winery_id = ${pull.wineryId} and pull_id = ${pull.pullId}`.execute(
    db,
  )
  const listed = await sql<PullChange>`
    select c.entity, r.tock_key as "tockKey", c.entity_id as id, c.field, c.before, c.after
    from (
      select * from ecellar.changes
      where winery_id = ${pull.wineryId} and pull_id = ${pull.pullId}
      order by entity desc, change_id
      limit ${limit}
    ) c
    left join ecellar.reservations r
      on c.entity = 'reservation' and r.winery_id = c.winery_id and r.brand_id = c.brand_id and r.reservation_id = c.entity_id
    order by c.entity desc, c.change_id`.execute(db)
  return { total: Number(counted.rows[0]?.total ?? 0), changes: listed.rows }
}

/** The same, a part at a time, as they were written. */
export async function pageOfPullChanges(
  db: Db,
  pull: { wineryId: string; pullId: string },
  part: {
    entity?: PullChange['entity'] | undefined
    /** The number that the page before ended with. */
    after: string | null
    limit: number
  },
): Promise<(PullChange & { changeId: string })[]> {
  const { entity = null, after, limit } = part
  return inWinery(db, pull.wineryId, async (trx) => {
    const { rows } = await sql<PullChange & { changeId: string }>`
      select c.change_id as "changeId", c.entity, r.tock_key as "tockKey", c.entity_id as id, c.field, c.before, c.after
      from (
        select * from ecellar.changes
        where winery_id = ${pull.wineryId} and pull_id = ${pull.pullId}
          and (${entity}::text is null or entity = ${entity})
          and (${after}::bigint is null or change_id > ${after})
        order by change_id
        limit ${limit}
      ) c
      left join ecellar.reservations r
        on c.entity = 'reservation' and r.winery_id = c.winery_id and r.brand_id = c.brand_id and r.reservation_id = c.entity_id
      order by c.change_id`.execute(trx)
    return rows
  })
}
