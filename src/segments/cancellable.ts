/** A statement that stops in the database when nobody waits for its answer any more. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'

/**
 * Runs `work` in the winery. kysely's own way ('cancel query') leaves a transaction waiting for good when its statement
 * waits for a lock.
 * @throws the signal's reason once it is aborted
 */
export async function inWineryUntil<T>(
  db: Db,
  wineryId: Id,
  signal: AbortSignal | undefined,
  work: (trx: WineryTransaction) => Promise<T>,
  options: { settings?: Record<string, string> } = {},
): Promise<T> {
  if (signal === undefined) return inWinery(db, wineryId, work, options)
  signal.throwIfAborted()
  let cancelling: Promise<unknown> | undefined
  try {
    const cancellable = async (trx: WineryTransaction) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
      const cancel = () => {
        cancelling = sql`select pg_cancel_backend(${rows[0]?.pid}::int)`.execute(db)
      }
      signal.addEventListener('abort', cancel, { once: true })
      try {
        return await work(trx)
      } finally {
        signal.removeEventListener('abort', cancel)
        // It must have happened before the connection does anything else.
        await cancelling
      }
    }
    return await inWinery(db, wineryId, cancellable, options)
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  }
}
