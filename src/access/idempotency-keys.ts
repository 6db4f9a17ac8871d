/** Writes that are asked twice with one key are done once; the answer is kept for a day, sealed. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'
import { processLockSpace } from './process-mark.ts'
import type { Secrets } from './secrets.ts'

export type KeptAnswer = { status: number; contentType: string; body: string }

export type IdempotentRequest = {
  /** Kind and id: keys of two principals have nothing to do with one another. */
  principal: string
  key: string
  /** Of method, path and body. */
  requestHash: string
}

/**
 * A request whose process is gone lets its key go at once. This is for what the server does not notice: a machine that
 * lost its network.
 */
const abandonedAfter = '15 minutes'
const keptFor = '1 day'

/**
 * Takes the key for this request. `new`: do it, then `keepAnswer` or `forgetKey`; `running`: somebody is at it;
 * `other`: the key was used for another request; `unreadable`: done, but its answer cannot be told any more.
 */
export async function takeKey(
  db: Db,
  secrets: Secrets,
  { principal, key, requestHash }: IdempotentRequest,
  now: Date,
  /** The number of this process (`process-mark.ts`). */
  heldBy: number,
): Promise<'new' | 'running' | 'other' | 'unreadable' | KeptAnswer> {
  await sql`
    delete from ecellar.idempotency_keys
    where started_at < ${now}::timestamptz - ${keptFor}::interval
      or status is null and started_at < ${now}::timestamptz - ${abandonedAfter}::interval`.execute(db)
  const taken = await sql`
    insert into ecellar.idempotency_keys (principal, key, request_hash, started_at, held_by)
    values (${principal}, ${key}, ${requestHash}, ${now}, ${heldBy})
    on conflict do nothing
    returning key`.execute(db)
  if (taken.rows.length > 0) return 'new'
  const { rows } = await sql<{ request_hash: string; status: number | null; answer: string | null }>`
    select request_hash, status, answer from ecellar.idempotency_keys
    where principal = ${principal} and key = ${key}`.execute(db)
  const before = rows[0]
  if (!before) return 'running'
  if (before.request_hash !== requestHash) return 'other'
  if (before.status === null) {
    return (await takeOver(db, { principal, key, requestHash }, now, heldBy)) ? 'new' : 'running'
  }
  if (before.answer === null) return 'unreadable'
  try {
    const kept: Omit<KeptAnswer, 'status'> = JSON.parse(
      await secrets.open(before.answer, binding(principal, key)),
    )
    return { status: before.status, ...kept }
  } catch {
    // Sealed with a key of the installation that is gone.
    return 'unreadable'
  }
}

/** From a process that is gone; of several who try, one gets it. */
async function takeOver(
  db: Db,
  { principal, key }: IdempotentRequest,
  now: Date,
  heldBy: number,
): Promise<boolean> {
  const { rows } = await sql`
    update ecellar.idempotency_keys k set held_by = ${heldBy}, started_at = ${now}
    where principal = ${principal}
      and key = ${key}
      and status is null
      and pg_try_advisory_xact_lock(${sql.lit(processLockSpace)}, k.held_by)
    returning key`.execute(db)
  return rows.length > 0
}

/** @param body null: the answer is not to be kept, only that it was given */
export async function keepAnswer(
  db: Db,
  secrets: Secrets,
  { principal, key }: IdempotentRequest,
  answer: { status: number; contentType: string; body: string | null },
): Promise<void> {
  const { status, body, contentType } = answer
  const sealed =
    body === null ? null : await secrets.seal(JSON.stringify({ contentType, body }), binding(principal, key))
  await sql`
    update ecellar.idempotency_keys set status = ${status}, answer = ${sealed}
    where principal = ${principal} and key = ${key}`.execute(db)
}

/** Nothing was done: the same key may try again. */
export async function forgetKey(db: Db, { principal, key }: IdempotentRequest): Promise<void> {
  await sql`
    delete from ecellar.idempotency_keys
    where principal = ${principal} and key = ${key} and status is null`.execute(db)
}

const binding = (principal: string, key: string) => `idempotency/${principal}/${key}`
