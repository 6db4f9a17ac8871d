/**
 * A person looks at what Tock calls the business and confirms: only then the key is the brand's, and so are the ids.
 * Mapping and history stay; another business makes the brand's next pull an initial one.
 */

import { sql } from 'kysely'
import { recordAudit } from '../../access/audit.ts'
import { holderOf } from '../../access/hand-over-links.ts'
import { tockKeyBinding } from '../../access/stored-secrets.ts'
import { storeTockKey } from '../../access/tock-keys.ts'
import type { Actor } from '../../contract/access.ts'
import { Refusal } from '../../contract/errors.ts'
import { isTaken, takenBusiness } from '../../crm/brands.ts'
import { giveBusinesses } from '../../crm/give-businesses.ts'
import { inWinery, lockWinery, type WineryTransaction } from '../../database/tenant-session.ts'
import { tellConfirmed } from './key-mails.ts'
import type { HandedKey, HandOver, KeyParts } from './key-parts.ts'
import { handOverColumns, readHandedKeys, readHandOver } from './read-hand-over.ts'

/** What the person saw. Has Tock told something else meanwhile, it is asked again. */
export type Confirmation = { brand: string; businessId: string; businessName: string | null }

export type Confirmed = {
  brands: string[]
  /** Their next pull is an initial one, and nightly pulls are off until Support enables them again. */
  otherBusiness: string[]
}

/** @throws Refusal not_found, invalid */
export async function confirmByReceipt(
  parts: KeyParts,
  receipt: string,
  seen: Confirmation[],
): Promise<Confirmed> {
  const handOver = await readHandOver(parts.db, receipt, parts.now)
  const actor = holderOf({ linkId: handOver.linkId, madeBy: handOver.askedBy })
  return confirm(parts, handOver.wineryId, seen, actor, (key) => key.handOverId === handOver.handOverId)
}

/** By somebody who may hand over the winery's key, or by Support. @throws Refusal not_found, invalid */
export async function confirmKeys(
  parts: KeyParts,
  of: { wineryId: string; seen: Confirmation[]; actor: Actor },
): Promise<Confirmed> {
  return confirm(parts, of.wineryId, of.seen, of.actor, () => true)
}

async function confirm(
  parts: KeyParts,
  wineryId: string,
  seen: Confirmation[],
  actor: Actor,
  isMeant: (key: HandedKey) => boolean,
): Promise<Confirmed> {
  let ids: string[] = []
  try {
    return await inWinery(parts.db, wineryId, async (trx) => {
      await lockWinery(trx, wineryId)
      const open = await readHandedKeys(
        trx,
        sql`k.winery_id = ${wineryId} and k.state in ('trying', 'tested')`,
      )
      const keys = seen.map((one) => keyOf(open.filter(isMeant), one))
      if (keys.length === 0) {
        throw new Refusal('invalid', 'Nothing is named that is to be confirmed.', 'Name at least one brand.')
      }
      ids = keys.map((key) => key.businessId)
      const otherBusiness = await giveBusinesses(trx, wineryId, keys, actor)
      for (const key of keys) await take(parts, trx, { wineryId, actor }, key)
      await tellEachHandOver(parts, trx, wineryId, keys)
      return { brands: keys.map((key) => key.brand), otherBusiness }
    })
  } catch (error) {
    // Somebody else's brand was given it since it was submitted, or two brands that change places are confirmed apart.
    if (isTaken(error)) throw takenBusiness(ids.join(' or '))
    throw error
  }
}

function keyOf(open: HandedKey[], seen: Confirmation): HandedKey {
  const key = open.find((one) => one.brand.toLowerCase() === seen.brand.trim().toLowerCase())
  if (!key) {
    throw new Refusal(
      'not_found',
      `No key waits to be confirmed for brand "${seen.brand}".`,
      'Look at the state of the keys.',
    )
  }
  if (key.state === 'trying') {
    throw new Refusal(
      'invalid',
      `Tock does not accept the key for ${key.brand} yet, so there is nothing to confirm.`,
      'Wait: it is tried again by itself, and a mail tells when it works.',
    )
  }
  if (key.businessId !== seen.businessId || key.businessName !== seen.businessName) {
    throw new Refusal(
      'invalid',
      `What was handed over for ${key.brand} has changed since you looked at it.`,
      'Look at it again, then confirm.',
    )
  }
  return key
}

async function take(
  { secrets, now }: KeyParts,
  trx: WineryTransaction,
  of: { wineryId: string; actor: Actor },
  key: HandedKey,
): Promise<void> {
  const { wineryId, actor } = of
  const { rows } = await sql<{ sealed: string }>`
    select sealed from ecellar.handed_keys
    where winery_id = ${wineryId}
      and hand_over_id = ${key.handOverId}
      and brand_id = ${key.brandId}
      and state = 'tested'`.execute(trx)
  const apiKey = await secrets.open(rows[0]?.sealed ?? '', tockKeyBinding(wineryId, key.brandId))
  await storeTockKey(trx, secrets, { wineryId, brandId: key.brandId, key: apiKey, actor })
  await sql`
    update ecellar.handed_keys
    set state = 'confirmed', sealed = null, closed_at = ${now}
    where winery_id = ${wineryId}
      and hand_over_id = ${key.handOverId}
      and brand_id = ${key.brandId}`.execute(trx)
  await recordAudit(trx, {
    wineryId,
    actor,
    action: 'key.confirm',
    subject: key.brand,
    details: { businessId: key.businessId, businessName: key.businessName },
  })
}

async function tellEachHandOver(
  parts: KeyParts,
  trx: WineryTransaction,
  wineryId: string,
  keys: HandedKey[],
): Promise<void> {
  for (const [handOverId, ofOne] of Map.groupBy(keys, (key) => key.handOverId)) {
    const { rows } = await sql<HandOver>`
      ${handOverColumns}
      where h.winery_id = ${wineryId} and h.hand_over_id = ${handOverId}`.execute(trx)
    if (rows[0]) await tellConfirmed(parts, trx, rows[0], ofOne)
  }
}
