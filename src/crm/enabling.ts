/** Support switches the nightly pulls of a brand on and off. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { inWinery } from '../database/tenant-session.ts'
import type { Brand } from './brands.ts'

export type Enabled = {
  enabledAt: Date
  alreadyEnabled: boolean
  experiencesUnmapped: number
  locationsUnmapped: number
  /** How customers that nightly pulls create reach marketing. */
  nightlyRelease: string
  customersUnreleased: number
}

/** @throws Refusal initial_pull_first */
export async function enableBrand(db: Db, brand: Brand, actor: Actor): Promise<Enabled> {
  return inWinery(db, brand.winery_id, async (trx) => {
    const pulled = await trx
      .selectFrom('brand_businesses')
      .select('initial_pull_id')
      .where('winery_id', '=', brand.winery_id)
      .where('brand_id', '=', brand.brand_id)
      .where('business_id', '=', brand.business_id)
      .executeTakeFirst()
    if (!pulled?.initial_pull_id) {
      throw new Refusal(
        'initial_pull_first',
        `Brand ${brand.code} has not had its initial pull, so nightly pulls cannot be enabled.`,
        'Look at it with "pull --preview", then run "pull --initial".',
      )
    }
    const { enabled_at } = await trx
      .updateTable('brands')
      .set((eb) => ({ enabled_at: eb.fn.coalesce('enabled_at', sql<Date>`now()`) }))
      .where('winery_id', '=', brand.winery_id)
      .where('brand_id', '=', brand.brand_id)
      .returning('enabled_at')
      .executeTakeFirstOrThrow()
    const { rows } = await sql<{
      experiences: number
      areas: number
      release: string
      unreleased: number
    }>`
      select
        (select count(*)::int from ecellar.experiences e
          where e.winery_id = b.winery_id and e.brand_id = b.brand_id
            and e.reservation_type_id is null and not e.ignored) as experiences,
        (select count(*)::int from ecellar.seating_areas a
          where a.winery_id = b.winery_id and a.brand_id = b.brand_id
            and coalesce(a.location_id, b.default_location_id) is null) as areas,
        (select w.nightly_release from ecellar.wineries w where w.winery_id = b.winery_id) as release,
        (select count(*)::int from ecellar.customers c
          where c.winery_id = b.winery_id and c.released_at is null) as unreleased
      from ecellar.brands b
      where b.winery_id = ${brand.winery_id} and b.brand_id = ${brand.brand_id}`.execute(trx)
    const state = rows[0]
    if (brand.enabled_at === null) {
      await recordAudit(trx, {
        wineryId: brand.winery_id,
        actor,
        action: 'brands.enable',
        subject: brand.code,
        details: {
          experiencesUnmapped: state?.experiences,
          locationsUnmapped: state?.areas,
          nightlyRelease: state?.release,
        },
      })
    }
    return {
      enabledAt: enabled_at ?? new Date(),
      alreadyEnabled: brand.enabled_at !== null,
      experiencesUnmapped: state?.experiences ?? 0,
      locationsUnmapped: state?.areas ?? 0,
      nightlyRelease: state?.release ?? 'with-pull',
      customersUnreleased: state?.unreleased ?? 0,
    }
  })
}

export async function disableBrand(db: Db, brand: Brand, actor: Actor): Promise<{ wasEnabled: boolean }> {
  return inWinery(db, brand.winery_id, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('brands')
      .set({ enabled_at: null })
      .where('winery_id', '=', brand.winery_id)
      .where('brand_id', '=', brand.brand_id)
      .where('enabled_at', 'is not', null)
      .executeTakeFirst()
    const wasEnabled = numUpdatedRows > 0n
    if (wasEnabled) {
      await recordAudit(trx, {
        wineryId: brand.winery_id,
        actor,
        action: 'brands.pause',
        subject: brand.code,
      })
    }
    return { wasEnabled }
  })
}
