/** How each brand of a winery stands with its Tock key; never the key. */

import { sql } from 'kysely'
import { listHandOverLinks } from '../../access/hand-over-links.ts'
import { listTockKeys } from '../../access/tock-keys.ts'
import type { Db } from '../../database/connect.ts'
import { inWinery } from '../../database/tenant-session.ts'
import type { HandedKey } from './key-parts.ts'
import { readHandedKeys } from './read-hand-over.ts'

export type KeyStatus = {
  brandId: string
  brand: string
  name: string
  /** `brand`: its own; `winery`: the one for all brands; null: none. */
  storedFor: 'brand' | 'winery' | null
  storedAt: Date | null
  /** An open link waits for the winery. */
  linkExpiresAt: Date | null
  /** The latest that was handed over; null: none was. */
  handedOver: HandedKey | null
}

export async function readKeyStatus(db: Db, wineryId: string, now: Date): Promise<KeyStatus[]> {
  const brands = await db
    .selectFrom('brands')
    .select(['brand_id', 'code', 'name'])
    .where('winery_id', '=', wineryId)
    .orderBy('code')
    .execute()
  const stored = new Map((await listTockKeys(db, wineryId)).map((key) => [key.brandId, key.storedAt]))
  const links = (await listHandOverLinks(db, { wineryId, now })).filter((link) => link.state === 'open')
  const handed = await inWinery(db, wineryId, (trx) =>
    readHandedKeys(
      trx,
      sql`k.winery_id = ${wineryId} and k.hand_over_id = (
        select max(l.hand_over_id) from ecellar.handed_keys l
        where l.winery_id = k.winery_id and l.brand_id = k.brand_id)`,
    ),
  )
  return brands.map(({ brand_id: brandId, code, name }) => ({
    brandId,
    brand: code,
    name,
    storedFor: stored.has(brandId) ? 'brand' : stored.has('0') ? 'winery' : null,
    storedAt: stored.get(brandId) ?? stored.get('0') ?? null,
    linkExpiresAt: links.find((link) => link.brandIds.includes(brandId))?.expiresAt ?? null,
    handedOver: handed.find((key) => key.brandId === brandId) ?? null,
  }))
}
