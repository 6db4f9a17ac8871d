/** Takes keys away: stored ones, ones on their way, and open links. Mapping, history and what was pulled stay. */

import { sql } from 'kysely'
import { recordAudit } from '../../access/audit.ts'
import { listHandOverLinks, revokeHandOverLink } from '../../access/hand-over-links.ts'
import { listTockKeys, revokeTockKey } from '../../access/tock-keys.ts'
import type { Actor } from '../../contract/access.ts'
import { Refusal } from '../../contract/errors.ts'
import type { Db } from '../../database/connect.ts'
import { inWinery, type WineryTransaction } from '../../database/tenant-session.ts'

export type RevokedKeys = {
  /** Stored keys: brand ids, '0' the one for all brands. */
  stored: string[]
  onTheirWay: number
  links: number
  /** The brand goes by the winery's key for all brands from now on. */
  goesByWinerysKey: boolean
}

/** Without a brand all keys of the winery. @throws Refusal not_found when there is nothing to revoke */
export async function revokeKeys(
  db: Db,
  of: { wineryId: string; brand: { brandId: string; code: string } | null; actor: Actor; now: Date },
): Promise<RevokedKeys> {
  const { wineryId, brand, actor, now } = of
  const all = await listTockKeys(db, wineryId)
  const stored = all.map((key) => key.brandId).filter((id) => brand === null || id === brand.brandId)
  const links = (await listHandOverLinks(db, { wineryId, now })).filter(
    (link) => link.state === 'open' && (brand === null || link.brandIds.includes(brand.brandId)),
  )
  const hasWinerysKey = all.some((key) => key.brandId === '0')
  const onTheirWay = await inWinery(db, wineryId, async (trx) => {
    for (const brandId of stored) await revokeTockKey(trx, { wineryId, brandId, actor })
    return dropKeysOnTheirWay(trx, { wineryId, brandId: brand?.brandId ?? null, actor, now })
  })
  for (const { linkId } of links) await revokeHandOverLink(db, { wineryId, linkId, actor, now })
  if (stored.length + onTheirWay + links.length === 0) {
    throw brand !== null && hasWinerysKey
      ? new Refusal(
          'not_found',
          `${brand.code} has no key of its own: it goes by the winery's key for all brands.`,
          'Revoke that one without naming a brand, or give the brand a key of its own.',
        )
      : new Refusal('not_found', 'There is no key to revoke.', 'Look at the state of the keys.')
  }
  return { stored, onTheirWay, links: links.length, goesByWinerysKey: brand !== null && hasWinerysKey }
}

type Way = { wineryId: string; brandId: string | null; actor: Actor; now: Date }

/** A key that somebody stores by hand takes the place of those on their way. */
export async function voidKeysOnTheirWay(db: Db, of: Way): Promise<number> {
  return inWinery(db, of.wineryId, (trx) => dropKeysOnTheirWay(trx, of))
}

async function dropKeysOnTheirWay(trx: WineryTransaction, of: Way): Promise<number> {
  const { rows } = await sql<{ brand: string }>`
    update ecellar.handed_keys k
    set state = 'dropped', sealed = null, next_try_at = null, closed_at = ${of.now}
    from ecellar.brands b
    where k.winery_id = ${of.wineryId}
      and (${of.brandId}::bigint is null or k.brand_id = ${of.brandId})
      and k.state in ('trying', 'tested')
      and b.winery_id = k.winery_id
      and b.brand_id = k.brand_id
    returning b.code as brand`.execute(trx)
  for (const { brand } of rows) {
    await recordAudit(trx, { wineryId: of.wineryId, actor: of.actor, action: 'key.drop', subject: brand })
  }
  return rows.length
}
