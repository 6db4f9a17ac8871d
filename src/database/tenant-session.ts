/**
 * Work inside one winery: row-level security shows nothing else, even where a statement forgets its `winery_id`.
 */

import { sql, type Transaction } from 'kysely'
import type pg from 'pg'
import type { Db } from './connect.ts'
import type { Id, Tables } from './rows.ts'

export type WineryTransaction = Transaction<Tables>

/**
 * Runs `work` in one transaction as the tenant role of that winery.
 * @param options `isolation`: for what reads much and must find it all as of one moment; `settings`: PostgreSQL's, for
 * the transaction
 */
export async function inWinery<T>(
  db: Db,
  wineryId: Id,
  work: (trx: WineryTransaction) => Promise<T>,
  options: { isolation?: 'read committed' | 'repeatable read'; settings?: Record<string, string> } = {},
): Promise<T> {
  const transaction = db.transaction().setIsolationLevel(options.isolation ?? 'read committed')
  const settings = Object.entries(options.settings ?? {}).map(
    ([name, value]) => sql`, set_config(${name}, ${value}, true)`,
  )
  return transaction.execute(async (trx) => {
    await sql`${sql.raw(stepDown(wineryId))}${sql.join(settings, sql``)}`.execute(trx)
    return work(trx)
  })
}

/** The same, and whatever `work` did is undone: to say what would happen. */
export async function rehearseInWinery<T>(
  db: Db,
  wineryId: Id,
  work: (trx: WineryTransaction) => Promise<T>,
): Promise<T> {
  const trx = await db.startTransaction().execute()
  try {
    await sql.raw(stepDown(wineryId)).execute(trx)
    return await work(trx)
  } finally {
    await trx.rollback().execute()
  }
}

/** The same for a session of the driver, inside a transaction that the caller has begun. */
export async function becomeTenant(client: pg.Client, wineryId: Id): Promise<void> {
  await client.query(stepDown(wineryId))
}

/** Takes the lock under which everything that touches a winery's customers runs one after another (rule 3). */
export async function lockWinery(trx: WineryTransaction, wineryId: Id): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(wineryLockSpace)}, ${wineryId}::int)`.execute(trx)
}

/** The same for work that can wait: false when somebody else has it. */
export async function tryLockWinery(trx: WineryTransaction, wineryId: Id): Promise<boolean> {
  const { rows } = await sql<{ got: boolean }>`
    select pg_try_advisory_xact_lock(${sql.lit(wineryLockSpace)}, ${wineryId}::int) as got`.execute(trx)
  return rows[0]?.got ?? false
}

/** First half of the advisory locks of wineries. */
export const wineryLockSpace = 7_001
/** The same of brands: a pull holds its brand from its beginning to its end. */
export const brandLockSpace = 7_002
/** Of scheduled exports: whoever makes one holds its schedule. */
export const exportLockSpace = 7_003

function stepDown(wineryId: Id): string {
  if (!/^\d+$/.test(wineryId)) throw new Error('A winery id is a number')
  return `select set_config('app.winery', '${wineryId}', true), set_config('role', ecellar.role_name('tenant'), true)`
}
