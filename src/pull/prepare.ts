/** What has to be there before Tock is asked; each lack is a refusal with a next step (rule 10). */

import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import type { PullKind } from '../contract/pull-report.ts'
import type { Db } from '../database/connect.ts'

export type BrandToPull = {
  wineryId: string
  winery: string
  brandId: string
  brand: string
  businessGroupId: string
  businessId: string
  guardPercent: number
  nightlyRelease: string
  identityRevision: string
  initialPullId: string | null
  lastPullId: string | null
  lastSnapshotAt: Date | null
  matchedRevision: string
  hasDefaults: boolean
}

/** @throws Refusal not_found */
export async function findBrandToPull(db: Db, winery: string, brand: string): Promise<BrandToPull> {
  const found = await sql<BrandToPull>`
    select
      w.winery_id as "wineryId", w.slug as winery, b.brand_id as "brandId", b.code as brand,
      b.business_group_id as "businessGroupId", b.business_id as "businessId",
      w.guard_percent as "guardPercent", w.nightly_release as "nightlyRelease",
      w.identity_revision as "identityRevision",
      bb.initial_pull_id as "initialPullId", bb.last_pull_id as "lastPullId",
      bb.last_snapshot_at as "lastSnapshotAt", coalesce(bb.matched_revision, 0) as "matchedRevision",
      coalesce(own.customer_source_id, base.customer_source_id) is not null
        and coalesce(own.customer_type_id, base.customer_type_id) is not null as "hasDefaults"
    from ecellar.wineries w
    join ecellar.brands b on b.winery_id = w.winery_id
    left join ecellar.brand_businesses bb
      on bb.winery_id = b.winery_id and bb.brand_id = b.brand_id and bb.business_id = b.business_id
    left join ecellar.web_store_settings own on own.winery_id = b.winery_id and own.brand_id = b.brand_id
    left join ecellar.web_store_settings base on base.winery_id = b.winery_id and base.brand_id = 0
    where w.slug = ${winery} and lower(b.code) = lower(${brand})`.execute(db)
  const row = found.rows[0]
  if (row) return row
  throw new Refusal(
    'not_found',
    `There is no brand "${brand}" of a winery "${winery}".`,
    'Look at "winery list" and "brand list --winery SLUG", or add it with "brand add".',
  )
}

/** @throws Refusal initial_pull_first, invalid, settings_missing */
export function assertReady(brand: BrandToPull, kind: PullKind): void {
  const isPulled = brand.initialPullId !== null
  if (kind === 'initial' && isPulled) {
    throw new Refusal(
      'invalid',
      'The initial pull of this brand has been done.',
      'Pull without asking for the initial one.',
    )
  }
  if ((kind === 'manual' || kind === 'nightly') && !isPulled) {
    throw new Refusal(
      'initial_pull_first',
      'This brand has not had its initial pull.',
      'Look at a preview, then run the initial pull together with Support.',
    )
  }
  if (!brand.hasDefaults) {
    throw new Refusal(
      'settings_missing',
      'The Web Store Settings lack a customer source or a customer type, so new customers could not be made.',
      `Set both, for the winery or for the brand (settings set --winery ${brand.winery} --customer-source NAME --customer-type NAME).`,
    )
  }
}
