/** Tock's API keys: one per brand, or one for all brands of a winery (brand id 0). Sealed, never shown again. */

import type { Db } from '../database/connect.ts'
import { inWinery } from '../database/tenant-session.ts'
import type { Secrets } from './secrets.ts'
import { tockKeyBinding } from './stored-secrets.ts'

export async function storeTockKey(
  db: Db,
  secrets: Secrets,
  of: { wineryId: string; brandId: string | '0'; key: string },
): Promise<void> {
  const sealed = await secrets.seal(of.key, tockKeyBinding(of.wineryId, of.brandId))
  await inWinery(db, of.wineryId, (trx) =>
    trx
      .insertInto('tock_keys')
      .values({ winery_id: of.wineryId, brand_id: of.brandId, sealed })
      .onConflict((conflict) =>
        conflict.columns(['winery_id', 'brand_id']).doUpdateSet({ sealed, stored_at: new Date() }),
      )
      .execute(),
  )
}

/** The brand's own key, else the winery's; null when neither is stored. */
export async function readTockKey(
  db: Db,
  secrets: Secrets,
  of: { wineryId: string; brandId: string },
): Promise<string | null> {
  const row = await inWinery(db, of.wineryId, (trx) =>
    trx
      .selectFrom('tock_keys')
      .select(['brand_id', 'sealed'])
      .where('winery_id', '=', of.wineryId)
      .where('brand_id', 'in', [of.brandId, '0'])
      .orderBy('brand_id', 'desc')
      .limit(1)
      .executeTakeFirst(),
  )
  return row ? secrets.open(row.sealed, tockKeyBinding(of.wineryId, row.brand_id)) : null
}
