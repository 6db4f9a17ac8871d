/** The transaction of a pull, and the facts that its statements name. */

import type pg from 'pg'
import { becomeTenant, wineryLockSpace } from '../database/tenant-session.ts'
import type { PullFacts } from './named-sql.ts'
import type { BrandToPull } from './prepare.ts'

/**
 * Everything that touches a winery's customers runs one after another (rule 3). `first` is done under the lock,
 * still as the owner of the staging tables.
 */
export async function beginInWinery(
  client: pg.Client,
  wineryId: string,
  first: () => Promise<void> = async () => {},
): Promise<void> {
  await client.query('begin')
  await client.query('select pg_advisory_xact_lock($1, $2::int)', [wineryLockSpace, wineryId])
  await first()
  await becomeTenant(client, wineryId)
}

/** The facts that the statements of a pull name; read under the winery's lock. */
export async function pullFacts(
  client: pg.Client,
  brand: BrandToPull,
  pull: { pullId: string; takenAt: Date; isInitial: boolean },
): Promise<PullFacts> {
  const now = new Date()
  // Guests without a reservation wait until every brand of their group has been pulled (rule 17).
  const groups = await client.query<{ business_group_id: string }>(
    `select b.business_group_id
    from ecellar.brands b
    join ecellar.wineries w on w.winery_id = b.winery_id
    left join ecellar.brand_businesses bb
      on bb.winery_id = b.winery_id and bb.brand_id = b.brand_id and bb.business_id = b.business_id
    where b.winery_id = $1 and w.guests_without_reservation
    group by b.business_group_id
    having bool_and(bb.initial_pull_id is not null or b.brand_id = $2)`,
    [brand.wineryId, brand.brandId],
  )
  const days = /^after:(\d+)$/.exec(brand.nightlyRelease)?.[1]
  return {
    winery: brand.wineryId,
    brand: brand.brandId,
    business: brand.businessId,
    group: brand.businessGroupId,
    pull: pull.pullId,
    taken_at: pull.takenAt,
    now,
    created_released_at: !pull.isInitial && brand.nightlyRelease === 'with-pull' ? now : null,
    created_due_at:
      !pull.isInitial && days !== undefined ? new Date(now.getTime() + Number(days) * 86_400_000) : null,
    guest_groups: groups.rows.map((row) => row.business_group_id),
  }
}
