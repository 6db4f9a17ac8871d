/** What needs a person: the list, and what a person can decide. How each decision is carried out: `decisions.ts`. */

import { type Selectable, sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { ExceptionRow } from '../database/rows.ts'
import { inWinery, lockWinery } from '../database/tenant-session.ts'
import { decideOnGuest, decideOnSharedAddress, linkAddress, linkGuest } from './decisions.ts'
import { moveIdentityOn } from './wineries.ts'

export type OpenException = Selectable<ExceptionRow>

export type Decision =
  /** It stays as it is, and closed. */
  | { kind: 'close' }
  /** The guests it is about are this customer. */
  | { kind: 'customer'; customerId: string }
  | { kind: 'shared' }
  | { kind: 'one person' }
  /** The customer takes over the guest's new address. */
  | { kind: 'take' }

/** Rows of `reporting.exceptions`, the newest first; open ones unless `all`. */
export async function listExceptions(
  db: Db,
  wineryId: string,
  options: { brandCode?: string | undefined; all: boolean },
): Promise<Record<string, unknown>[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<Record<string, unknown>>`
      select * from reporting.exceptions
      where (${options.all} or resolved_at is null)
        and (${options.brandCode ?? null}::text is null or brand = ${options.brandCode ?? null})
      order by first_seen_at desc, exception_id::bigint desc`.execute(trx)
    return rows
  })
}

/**
 * Carries out a person's decision; the exception stays closed from then on.
 * @throws Refusal not_found (the exception, the customer), invalid (a decision that does not fit)
 */
export async function resolveException(
  db: Db,
  wineryId: string,
  exceptionId: string,
  decision: Decision,
  why: string,
  actor: Actor,
): Promise<{ exceptionId: string; code: string; done: string }> {
  return inWinery(db, wineryId, async (trx) => {
    await lockWinery(trx, wineryId)
    const exception = /^\d{1,18}$/.test(exceptionId)
      ? await trx
          .selectFrom('exceptions')
          .selectAll()
          .where('winery_id', '=', wineryId)
          .where('exception_id', '=', exceptionId)
          .executeTakeFirst()
      : undefined
    if (!exception) {
      throw new Refusal(
        'not_found',
        `There is no exception ${exceptionId} at this winery.`,
        'Take the id from the list of exceptions.',
      )
    }
    if (exception.resolved_at && !exception.closed_by_person) {
      throw new Refusal(
        'invalid',
        `Exception ${exceptionId} has resolved by itself.`,
        'Nothing is left to decide.',
      )
    }
    if (why.trim() === '') {
      throw new Refusal('invalid', 'A decision needs its reason.', 'Say why, without personal data.')
    }
    assertFits(exception, decision)
    const done = await carryOut(trx, exception, decision)
    await trx
      .updateTable('exceptions')
      .set({ resolved_at: new Date(), closed_by_person: true, closed_because: why.trim() })
      .where('winery_id', '=', wineryId)
      .where('exception_id', '=', exceptionId)
      .execute()
    await moveIdentityOn(trx, wineryId)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'exceptions.decide',
      subject: `exception ${exceptionId}`,
      details: { code: exception.code, decision },
    })
    return { exceptionId, code: exception.code, done }
  })
}

const fitting: Record<Exclude<Decision['kind'], 'close'>, string[]> = {
  customer: ['several_customers', 'email_of_another'],
  shared: ['shared_address_proposed'],
  'one person': ['shared_address_proposed'],
  take: ['email_changed'],
}

function assertFits(exception: OpenException, decision: Decision): void {
  if (decision.kind === 'close') return
  if (fitting[decision.kind].includes(exception.code)) return
  const others = Object.entries(fitting)
    .filter(([, codes]) => codes.includes(exception.code))
    .map(([kind]) => `"${kind}"`)
  throw new Refusal(
    'invalid',
    `The decision "${decision.kind}" does not fit an exception ${exception.code}.`,
    others.length === 0
      ? 'Close it, with the reason alone.'
      : `Decide ${others.join(' or ')}, or close it with the reason alone.`,
  )
}

function carryOut(
  trx: Parameters<typeof linkGuest>[0],
  exception: OpenException,
  decision: Decision,
): Promise<string> {
  switch (decision.kind) {
    case 'customer':
      return exception.code === 'several_customers'
        ? linkAddress(trx, exception, decision.customerId)
        : linkGuest(trx, exception, decision.customerId)
    case 'shared':
      return decideOnSharedAddress(trx, exception, true)
    case 'one person':
      return decideOnSharedAddress(trx, exception, false)
    case 'take':
      return decideOnGuest(trx, exception, 'take')
    case 'close':
      return exception.code === 'email_changed' || exception.code === 'email_of_another'
        ? decideOnGuest(trx, exception, 'keep')
        : Promise.resolve('Closed. Nothing else was changed.')
  }
}
