/** Support switches the nightly pulls of a brand on and off. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
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

/** What whoever enables has seen and says; a person at the API does, the command line only tells it afterwards. */
export type Enabling = {
  /** How many experiences and seating areas are not mapped. */
  unmapped: number
  nightlyRelease: string
}

/** @throws Refusal initial_pull_first, invalid (what is unmapped is not what was said) */
export async function enableBrand(db: Db, brand: Brand, actor: Actor, asked?: Enabling): Promise<Enabled> {
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
        'Look at a preview first, then run the initial pull.',
      )
    }
    if (asked) {
      await trx
        .updateTable('wineries')
        .set({ nightly_release: asked.nightlyRelease })
        .where('winery_id', '=', brand.winery_id)
        .execute()
    }
    const state = await readState(trx, brand)
    if (asked) assertSeen(asked, state)
    const { enabled_at } = await trx
      .updateTable('brands')
      .set((eb) => ({ enabled_at: eb.fn.coalesce('enabled_at', sql<Date>`now()`) }))
      .where('winery_id', '=', brand.winery_id)
      .where('brand_id', '=', brand.brand_id)
      .returning('enabled_at')
      .executeTakeFirstOrThrow()
    if (brand.enabled_at === null) {
      const { customersUnreleased: _, ...details } = state
      await recordAudit(trx, {
        wineryId: brand.winery_id,
        actor,
        action: 'brands.enable',
        subject: brand.code,
        details,
      })
    }
    return { enabledAt: enabled_at ?? new Date(), alreadyEnabled: brand.enabled_at !== null, ...state }
  })
}

export type NightlyState = Omit<Enabled, 'enabledAt' | 'alreadyEnabled'>

/** What is left to do before a brand is enabled, and how its newcomers will be released. */
export async function nightlyState(db: Db, brand: Brand): Promise<NightlyState> {
  return inWinery(db, brand.winery_id, (trx) => readState(trx, brand))
}

async function readState(trx: WineryTransaction, brand: Brand): Promise<NightlyState> {
  const { rows } = await sql<NightlyState>`
    select
      (select count(*)::int from ecellar.experiences e
        where e.winery_id = b.winery_id and e.brand_id = b.brand_id
          and e.reservation_type_id is null and not e.ignored) as "experiencesUnmapped",
      (select count(*)::int from ecellar.seating_areas a
        where a.winery_id = b.winery_id and a.brand_id = b.brand_id
          and coalesce(a.location_id, b.default_location_id) is null) as "locationsUnmapped",
      (select w.nightly_release from ecellar.wineries w where w.winery_id = b.winery_id) as "nightlyRelease",
      (select count(*)::int from ecellar.customers c
        where c.winery_id = b.winery_id and c.released_at is null) as "customersUnreleased"
    from ecellar.brands b
    where b.winery_id = ${brand.winery_id} and b.brand_id = ${brand.brand_id}`.execute(trx)
  const [state] = rows
  if (!state) throw new Error('The brand is gone')
  return state
}

function assertSeen(asked: Enabling, state: NightlyState): void {
  const { experiencesUnmapped, locationsUnmapped } = state
  const unmapped = experiencesUnmapped + locationsUnmapped
  if (asked.unmapped === unmapped) return
  throw new Refusal(
    'invalid',
    `Not mapped are ${experiencesUnmapped} experiences and ${locationsUnmapped} seating areas, ${unmapped} together; ${asked.unmapped} was said.`,
    `Map them first, or say ${unmapped} to enable all the same: what is not mapped is kept, and mapping applies later.`,
  )
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
