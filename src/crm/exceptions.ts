/** What needs a person: the list, and what a person can decide. What each decision does: `doubtful-matches/`. */

import { type Selectable, sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import { type DecisionKind, decisionsOf } from '../contract/exception-decisions.ts'
import type { ExceptionCode } from '../contract/vocabulary.ts'
import type { Db } from '../database/connect.ts'
import type { ExceptionRow, Id } from '../database/rows.ts'
import { inWinery, lockWinery, rehearseInWinery, type WineryTransaction } from '../database/tenant-session.ts'
import {
  giveAddressTo,
  giveGuestTo,
  keepAddress,
  partGuest,
  takeAddress,
} from './doubtful-matches/decide-on-guest.ts'
import { type Effect, noEffect } from './doubtful-matches/effect.ts'
import type { Guest } from './doubtful-matches/move-guests.ts'
import { makeSamePerson } from './doubtful-matches/same-person.ts'
import { putOnSharedList, takeForOnePerson } from './doubtful-matches/share-address.ts'
import { moveIdentityOn } from './wineries.ts'

export type OpenException = Selectable<ExceptionRow>

export type Decision =
  | { kind: Exclude<DecisionKind, 'customer'> }
  /** The guests it is about are this customer. */
  | { kind: 'customer'; customerId: string }

export type Decided = {
  exceptionId: Id
  code: ExceptionCode
  decision: DecisionKind
  /** What was done, or would be, in a sentence. */
  done: string
  effect: Effect
  /** false: it was only asked what would happen. */
  decided: boolean
}

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
 * @param options `dryRun`: says what would happen, by the very same work, undone
 * @throws Refusal not_found (the exception, the customer), invalid (a decision that does not fit)
 */
export async function resolveException(
  db: Db,
  wineryId: string,
  exceptionId: string,
  decision: Decision,
  why: string,
  actor: Actor,
  options: { dryRun?: boolean } = {},
): Promise<Decided> {
  const dryRun = options.dryRun ?? false
  const run = dryRun ? rehearseInWinery : inWinery
  return run(db, wineryId, async (trx) => {
    await lockWinery(trx, wineryId)
    const exception = await findException(trx, wineryId, exceptionId)
    if (why.trim() === '' && !dryRun) {
      throw new Refusal('invalid', 'A decision needs its reason.', 'Say why, without personal data.')
    }
    assertFits(exception.code, decision.kind)
    const { effect, done } = await carryOut(trx, exception, decision)
    await trx
      .updateTable('exceptions')
      .set({
        resolved_at: new Date(),
        closed_by_person: true,
        closed_because: why.trim(),
        decision: decision.kind,
        decided_by: actor.name,
        done,
      })
      .where('winery_id', '=', wineryId)
      .where('exception_id', '=', exceptionId)
      .execute()
    await moveIdentityOn(trx, wineryId)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'exceptions.decide',
      subject: `exception ${exceptionId}`,
      details: { code: exception.code, decision, ...effect },
    })
    return { exceptionId, code: exception.code, decision: decision.kind, done, effect, decided: !dryRun }
  })
}

async function findException(
  trx: WineryTransaction,
  wineryId: Id,
  exceptionId: string,
): Promise<OpenException> {
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
  return exception
}

function assertFits(code: ExceptionCode, kind: DecisionKind): void {
  const fitting = decisionsOf[code]
  if (fitting.includes(kind)) return
  const others = fitting.filter((one) => one !== 'close').map((one) => `"${one}"`)
  throw new Refusal(
    'invalid',
    `The decision "${kind}" does not fit an exception ${code}.`,
    others.length === 0
      ? 'Close it, with the reason alone.'
      : `Decide ${others.join(' or ')}, or close it with the reason alone.`,
  )
}

type Done = { effect: Effect; done: string }
const nothing: Done = { effect: noEffect, done: 'Closed. Nothing else was changed.' }

function carryOut(trx: WineryTransaction, exception: OpenException, decision: Decision): Promise<Done> {
  const wineryId = exception.winery_id
  const { code } = exception
  switch (decision.kind) {
    case 'customer':
      return code === 'several_customers'
        ? giveAddressTo(trx, wineryId, addressOf(exception), decision.customerId)
        : giveGuestTo(trx, wineryId, guestOf(exception), decision.customerId)
    case 'same person':
      if (exception.customer_id !== null && exception.other_customer_id !== null) {
        return makeSamePerson(trx, wineryId, [exception.other_customer_id, exception.customer_id])
      }
      return Promise.resolve({
        effect: noEffect,
        done: 'The guest stays with the customer. It is not asked again.',
      })
    case 'different people':
      if (code === 'same_address_other_name') return partGuest(trx, wineryId, guestOf(exception))
      if (code === 'email_of_another') return keepAddress(trx, wineryId, guestOf(exception))
      return Promise.resolve({ effect: noEffect, done: 'They stay two customers. It is not asked again.' })
    case 'shared':
      return putOnSharedList(trx, wineryId, addressOf(exception))
    case 'one person':
      return takeForOnePerson(trx, wineryId, addressOf(exception))
    case 'take':
      return takeAddress(trx, wineryId, guestOf(exception))
    case 'keep':
      return keepAddress(trx, wineryId, guestOf(exception))
    case 'close':
      return code === 'email_changed' || code === 'email_of_another'
        ? keepAddress(trx, wineryId, guestOf(exception))
        : Promise.resolve(nothing)
  }
}

function guestOf({ business_group_id, patron_id }: OpenException): Guest {
  return { businessGroupId: business_group_id ?? '', patronId: patron_id ?? '' }
}

function addressOf({ email_key, subject }: OpenException): string {
  return email_key ?? subject
}
