/**
 * Gives brands other businesses of Tock, by the rules of `brands.ts`: the next pull of each is an initial one, and it
 * is no longer enabled; what was pulled from the earlier business stays as history. Two brands may change places.
 */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'
import { expectInitialPull, takenBusiness } from './brands.ts'
import { moveIdentityOn } from './wineries.ts'

export type GivenBusiness = { brandId: string; businessGroupId: string; businessId: string }

/** Under the winery's lock. Brands that have these ids already stay as they are. @returns the codes of the others */
export async function giveBusinesses(
  trx: WineryTransaction,
  wineryId: string,
  given: GivenBusiness[],
  actor: Actor,
): Promise<string[]> {
  const { rows } = await sql<GivenBusiness>`
    select brand_id as "brandId", business_group_id as "businessGroupId", business_id as "businessId"
    from ecellar.brands
    where winery_id = ${wineryId}`.execute(trx)
  const before = new Map(rows.map((row) => [row.brandId, row]))
  const changing = given.filter((one) => {
    const now = before.get(one.brandId)
    return now && (now.businessId !== one.businessId || now.businessGroupId !== one.businessGroupId)
  })
  if (changing.length === 0) return []
  // Out of each other's way: a Business ID is one brand's, also halfway.
  await sql`
    update ecellar.brands set business_id = 'brand ' || brand_id
    where winery_id = ${wineryId}
      and brand_id = any(${changing.map((one) => one.brandId)}::bigint[])`.execute(trx)
  const codes: string[] = []
  for (const { brandId, businessGroupId, businessId } of changing) {
    const brand = await trx
      .updateTable('brands')
      .set({ business_group_id: businessGroupId, business_id: businessId, enabled_at: null })
      .where('winery_id', '=', wineryId)
      .where('brand_id', '=', brandId)
      .returningAll()
      .executeTakeFirstOrThrow()
    await expectInitialPull(trx, brand)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'brands.write',
      subject: brand.code,
      details: {
        outcome: 'another business',
        business_group_id: businessGroupId,
        business_id: businessId,
        before: before.get(brandId)?.businessId,
      },
    })
    codes.push(brand.code)
  }
  await moveIdentityOn(trx, wineryId)
  return codes
}

/** @throws Refusal invalid when somebody else's brand has one of these businesses; `given` may change places */
export async function refuseTakenBusinesses(db: Db, wineryId: string, given: GivenBusiness[]): Promise<void> {
  const { rows } = await sql<{ businessId: string }>`
    select business_id as "businessId" from ecellar.brands
    where business_id = any(${given.map((one) => one.businessId)}::text[])
      and not (winery_id = ${wineryId} and brand_id = any(${given.map((one) => one.brandId)}::bigint[]))
    limit 1`.execute(db)
  if (rows[0]) throw takenBusiness(rows[0].businessId)
}
