/** Tock's API keys: one per brand, or one for all brands of a winery (brand id 0). Sealed, never shown again. */

import { sql } from 'kysely'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { recordAudit } from './audit.ts'
import type { Secrets } from './secrets.ts'
import { tockKeyBinding } from './stored-secrets.ts'

/**
 * Stores it in place of an earlier one; mapping and history stay. In the transaction of a hand-over, or its own.
 * @throws Refusal invalid
 */
export async function storeTockKey(
  db: Db | WineryTransaction,
  secrets: Pick<Secrets, 'seal'>,
  of: { wineryId: string; brandId: string | '0'; key: string; actor: Actor },
): Promise<void> {
  const { wineryId, brandId, actor } = of
  const sealed = await secrets.seal(checkedTockKey(of.key), tockKeyBinding(wineryId, brandId))
  await inOwnOr(db, wineryId, async (trx) => {
    await sql`
      insert into ecellar.tock_keys (winery_id, brand_id, sealed)
      values (${wineryId}, ${brandId}, ${sealed})
      on conflict (winery_id, brand_id) do update set sealed = excluded.sealed, stored_at = now()`.execute(
      trx,
    )
    await recordAudit(trx, { wineryId, actor, action: 'key.store', subject: await subjectOf(trx, of) })
  })
}

/**
 * Takes the key away: the next pull is refused (`no_key`), or goes by the winery's key where the brand's own is revoked.
 * Mapping, history and what was pulled stay.
 * @throws Refusal not_found
 */
export async function revokeTockKey(
  db: Db | WineryTransaction,
  of: { wineryId: string; brandId: string | '0'; actor: Actor },
): Promise<void> {
  const { wineryId, brandId, actor } = of
  await inOwnOr(db, wineryId, async (trx) => {
    const { numAffectedRows } = await sql`
      delete from ecellar.tock_keys
      where winery_id = ${wineryId}
        and brand_id = ${brandId}`.execute(trx)
    if (numAffectedRows === 0n) {
      throw new Refusal(
        'not_found',
        brandId === '0' ? 'No key for all brands is stored.' : 'This brand has no key of its own.',
        'Look which keys are stored. A key for all brands is revoked by itself.',
      )
    }
    await recordAudit(trx, { wineryId, actor, action: 'key.revoke', subject: await subjectOf(trx, of) })
  })
}

/** Which keys a winery has, and since when; never the keys. */
export async function listTockKeys(
  db: Db,
  wineryId: string,
): Promise<{ brandId: string | '0'; storedAt: Date }[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<{ brandId: string; storedAt: Date }>`
      select brand_id as "brandId", stored_at as "storedAt" from ecellar.tock_keys
      where winery_id = ${wineryId}
      order by brand_id`.execute(trx)
    return rows
  })
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

async function inOwnOr(
  db: Db | WineryTransaction,
  wineryId: string,
  work: (trx: WineryTransaction) => Promise<void>,
): Promise<void> {
  if (db.isTransaction) await work(db as WineryTransaction)
  else await inWinery(db, wineryId, work)
}

async function subjectOf(
  trx: WineryTransaction,
  of: { wineryId: string; brandId: string | '0' },
): Promise<string> {
  if (of.brandId === '0') return 'all brands'
  const { rows } = await sql<{ code: string }>`
    select code from ecellar.brands
    where winery_id = ${of.wineryId}
      and brand_id = ${of.brandId}`.execute(trx)
  return rows[0]?.code ?? 'a brand'
}

/** As it goes into an HTTP header. @throws Refusal invalid, which quotes nothing of it */
export function checkedTockKey(given: string): string {
  const key = given.trim()
  if (key === '') throw new Refusal('invalid', 'No key was given.', 'Give the API key that Tock sent.')
  if (!/^[\x21-\x7e]{1,8192}$/.test(key)) {
    throw new Refusal(
      'invalid',
      'This is no API key: it has several lines, blanks, or characters that no key has.',
      'Give the key alone, on one line, as Tock sent it.',
    )
  }
  return key
}
