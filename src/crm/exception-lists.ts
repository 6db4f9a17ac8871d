/** The list of exceptions as people page through it, its groups, and asking for another try. */

import { type RawBuilder, sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { DecisionKind, exceptionStates } from '../contract/exception-decisions.ts'
import { type ExceptionCode, exceptionCodes } from '../contract/vocabulary.ts'
import type { Db } from '../database/connect.ts'
import { inWinery, lockWinery } from '../database/tenant-session.ts'
import { moveIdentityOn } from './wineries.ts'

export type ListedException = {
  winery: string
  brand: string
  exception_id: string
  pull_id: string
  code: ExceptionCode
  tock_key: string | null
  /** Where it is about one. */
  address: string | null
  message: string
  first_seen_at: Date
  resolved_at: Date | null
  closed_because: string | null
  /** What a person decided and who, and what came of it; null: open, or resolved by itself. */
  decision: DecisionKind | null
  decided_by: string | null
  done: string | null
}

/** Open; no longer so, for whatever reason; decided by a person. */
export type ExceptionState = (typeof exceptionStates)[number]

/** The newest first. */
export async function pageOfExceptions(
  db: Db,
  wineryId: string,
  part: {
    brandIds: string[] | null
    codes?: readonly ExceptionCode[] | undefined
    state: ExceptionState
    /** The number that the page before ended with. */
    before: string | null
    limit: number
    /** This one alone. */
    only?: string | undefined
  },
): Promise<ListedException[]> {
  const { brandIds, codes = exceptionCodes, state, before, limit, only = null } = part
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ListedException>`
      select
        w.slug as winery, b.code as brand, x.exception_id, x.pull_id, x.code, x.tock_key,
        coalesce(x.email_key, case when x.code in ('several_customers', 'shared_address_proposed') then x.subject end) as address,
        x.message, x.first_seen_at, x.resolved_at, x.closed_because, x.decision, x.decided_by, x.done
      from ecellar.exceptions x
      join ecellar.wineries w on w.winery_id = x.winery_id
      join ecellar.brands b on b.winery_id = x.winery_id and b.brand_id = x.brand_id
      where x.winery_id = ${wineryId}
        and (${brandIds}::bigint[] is null or x.brand_id = any(${brandIds}::bigint[]))
        and x.code = any(${codes}::text[])
        and ${isInState(state)}
        and (${before}::bigint is null or x.exception_id < ${before})
        and (${only}::bigint is null or x.exception_id = ${only})
      order by x.exception_id desc
      limit ${limit}`.execute(trx)
    return rows
  })
}

/** Of exceptions `x`. */
export function isInState(state: ExceptionState): RawBuilder<boolean> {
  switch (state) {
    case 'open':
      return sql<boolean>`x.resolved_at is null`
    case 'resolved':
      return sql<boolean>`x.resolved_at is not null`
    case 'decided':
      return sql<boolean>`x.closed_by_person`
    case 'all':
      return sql<boolean>`true`
  }
}

/** The open ones, counted by brand and code. */
export async function exceptionGroups(
  db: Db,
  wineryId: string,
  brandIds: string[] | null,
): Promise<{ brand: string; code: ExceptionCode; open: number; oldest_first_seen_at: Date }[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<{
      brand: string
      code: ExceptionCode
      open: number
      oldest_first_seen_at: Date
    }>`
      select b.code as brand, x.code, count(*)::int as open, min(x.first_seen_at) as oldest_first_seen_at
      from ecellar.exceptions x
      join ecellar.brands b on b.winery_id = x.winery_id and b.brand_id = x.brand_id
      where x.winery_id = ${wineryId} and x.resolved_at is null
        and (${brandIds}::bigint[] is null or x.brand_id = any(${brandIds}::bigint[]))
      group by b.code, x.code
      order by b.code, x.code`.execute(trx)
    return rows
  })
}

/** The brand that an exception is listed for; null: there is none of this number. */
export async function brandOfException(
  db: Db,
  wineryId: string,
  exceptionId: string,
): Promise<string | null> {
  const row = await inWinery(db, wineryId, (trx) =>
    trx
      .selectFrom('exceptions')
      .select('brand_id')
      .where('winery_id', '=', wineryId)
      .where('exception_id', '=', exceptionId)
      .executeTakeFirst(),
  )
  return row?.brand_id ?? null
}

/**
 * The next pull of these brands works out anew what it could not decide, also when no file has changed. Of one
 * exception, or of all that are open.
 * @returns the brands to pull
 * @throws Refusal invalid when nothing is open
 */
export async function retryExceptions(
  db: Db,
  wineryId: string,
  which: { exceptionId?: string; brandIds: string[] | null },
  actor: Actor,
): Promise<{ brands: string[]; exceptions: number }> {
  const { exceptionId = null, brandIds } = which
  return inWinery(db, wineryId, async (trx) => {
    await lockWinery(trx, wineryId)
    const { rows } = await sql<{ brand: string; exceptions: number }>`
      select b.code as brand, count(*)::int as exceptions
      from ecellar.exceptions x
      join ecellar.brands b on b.winery_id = x.winery_id and b.brand_id = x.brand_id
      where x.winery_id = ${wineryId} and x.resolved_at is null
        and (${exceptionId}::bigint is null or x.exception_id = ${exceptionId})
        and (${brandIds}::bigint[] is null or x.brand_id = any(${brandIds}::bigint[]))
      group by b.code
      order by b.code`.execute(trx)
    const brands = rows.map((row) => row.brand)
    const exceptions = rows.reduce((sum, row) => sum + row.exceptions, 0)
    if (exceptions === 0) {
      throw new Refusal('invalid', 'No exception is open.', 'Nothing is left to try again.')
    }
    await moveIdentityOn(trx, wineryId)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'exceptions.decide',
      subject: exceptionId === null ? null : `exception ${exceptionId}`,
      details: { retried: exceptions, brands },
    })
    return { brands, exceptions }
  })
}
