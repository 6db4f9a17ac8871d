/** Releases customers for marketing (rule 21): a person's decision. */

import { type RawBuilder, sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { emailKey } from '../contract/email-address.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, lockWinery, type WineryTransaction } from '../database/tenant-session.ts'

export type WhomToRelease =
  | { all: true }
  | { pullId: string }
  | { email: string }
  /** Days of the winery's zone, both included; one of the two suffices. */
  | { createdFrom?: string | undefined; createdTo?: string | undefined }
  /** A statement of customers' numbers; `named` tells where they come from: `segment 7`. */
  | { among: RawBuilder<unknown>; named: string }

/** Of those who wait: how many at most, those first who were created first; and none who came later than this. */
export type Stage = { atMost?: number | undefined; createdUntil?: Date | undefined }

/** `releaseId` is null where there was nobody to release, or where it was only tried. */
export type ReleaseResult = { releaseId: Id | null; released: number; mayBeMailed: number; note: string }

/**
 * @param options `dryRun`: only says how many it would be · `expected`: how many whoever decided was shown · `planId`: a
 *   stage of that plan
 * @throws Refusal `not_found` for an unknown pull or address, `invalid` for what is neither, or when it would be others
 *   than were shown
 */
export async function releaseCustomers(
  options: Stage & {
    db: Db
    wineryId: Id
    actor: Actor
    dryRun?: boolean | undefined
    expected?: number | undefined
    planId?: Id | undefined
  },
  whom: WhomToRelease,
): Promise<ReleaseResult> {
  return inWinery(options.db, options.wineryId, (trx) => releaseCustomersIn(trx, options, whom))
}

/** The same in a transaction that is there. */
export async function releaseCustomersIn(
  trx: WineryTransaction,
  options: Omit<Parameters<typeof releaseCustomers>[0], 'db'>,
  whom: WhomToRelease,
): Promise<ReleaseResult> {
  const { wineryId, actor, planId = null } = options
  await lockWinery(trx, wineryId)
  const { released, mayBeMailed } = await chooseToRelease(trx, wineryId, whom, options)
  assertExpected(options.expected, released)
  if (released === 0) return { releaseId: null, released, mayBeMailed, note: nothingNote }
  if (options.dryRun) return { releaseId: null, released, mayBeMailed, note: dryRunNote }
  const releaseId = await release(trx, wineryId, {
    by: actor.name,
    whom: wordsFor(whom),
    released,
    mayBeMailed,
    planId,
  })
  await recordAudit(trx, {
    wineryId,
    actor,
    action: 'customers.release',
    subject: `release ${releaseId}`,
    details: {
      whom: wordsFor(whom),
      released,
      mayBeMailed,
      ...(planId === null ? {} : { releasePlan: planId }),
    },
  })
  return { releaseId, released, mayBeMailed, note: newCustomersNote }
}

/** Whoever decided was shown so many. @throws Refusal invalid */
export function assertExpected(expected: number | undefined, found: number): void {
  if (expected === undefined || expected === found) return
  throw new Refusal(
    'invalid',
    `It would be ${found} customers now, not ${expected}.`,
    'Look at the effect again, then decide.',
  )
}

/**
 * Leaves `releasing`, a temporary table of those whom a release would release: any number of them, and none in memory.
 * @throws Refusal as `releaseCustomers`
 */
export async function chooseToRelease(
  trx: WineryTransaction,
  wineryId: Id,
  whom: WhomToRelease,
  { atMost, createdUntil }: Stage = {},
): Promise<{ released: number; mayBeMailed: number }> {
  if (atMost !== undefined && !(Number.isInteger(atMost) && atMost > 0)) {
    throw new Refusal('invalid', 'A stage is a number of customers.', 'Give a whole number above 0.')
  }
  const chosen = await choose(trx, wineryId, whom)
  await sql`drop table if exists pg_temp.releasing`.execute(trx)
  await sql`
    create temp table releasing on commit drop as
    select
      c.customer_id,
      -- Rule 20, as in customer_facts, once it is released.
      c.email_key is not null
        and not c.bounced
        and c.active
        and (c.email_consent = 'in'
          or (c.email_consent = 'unknown' and w.mail_policy = 'not-opted-out' and c.created_by <> 'tock'))
        as would_be_mailed
    from ecellar.customers c
    join ecellar.wineries w on w.winery_id = c.winery_id
    where c.winery_id = ${wineryId} and c.released_at is null
      and ${createdUntil === undefined ? sql`true` : sql`c.created_at <= ${createdUntil}`} and ${chosen}
    order by c.created_at, c.customer_id
    limit ${atMost ?? null}`.execute(trx)
  const { rows } = await sql<{ released: number; mayBeMailed: number }>`
    select count(*)::int as released, count(*) filter (where would_be_mailed)::int as "mayBeMailed"
    from pg_temp.releasing`.execute(trx)
  return rows[0] ?? { released: 0, mayBeMailed: 0 }
}

const nothingNote = 'There was nobody to release: all of them were released before, or there are none.'
const dryRunNote =
  'Nothing was released. Once released, they count as New customers: scheduled e-mail campaigns for New customers will include those who may be mailed.'
const newCustomersNote =
  'From now on they count as New customers: scheduled e-mail campaigns for New customers will include those who may be mailed.'

async function release(
  trx: WineryTransaction,
  wineryId: Id,
  told: { by: string; whom: string; released: number; mayBeMailed: number; planId: Id | null },
): Promise<Id> {
  await sql`
    update ecellar.customers c set released_at = now(), release_due_at = null
    from pg_temp.releasing r
    where c.winery_id = ${wineryId} and c.customer_id = r.customer_id`.execute(trx)
  await sql`
    insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by)
    select ${wineryId}, 'customer', customer_id, 'released_at', null, now()::text, 'staff'
    from pg_temp.releasing`.execute(trx)
  const { rows } = await sql<{ release_id: Id }>`
    insert into ecellar.releases (winery_id, released_at, released_by, whom, customers, may_mail, plan_id)
    values (${wineryId}, now(), ${told.by}, ${told.whom}, ${told.released}, ${told.mayBeMailed}, ${told.planId})
    returning release_id`.execute(trx)
  return rows[0]?.release_id ?? ''
}

/** For the list of releases and the audit, where no address may stand. */
function wordsFor(whom: WhomToRelease): string {
  if ('all' in whom) return 'all'
  if ('pullId' in whom) return `pull ${whom.pullId}`
  if ('email' in whom) return 'one address'
  if ('among' in whom) return whom.named
  return `created ${whom.createdFrom ?? '…'} to ${whom.createdTo ?? '…'}`
}

async function choose(trx: WineryTransaction, wineryId: Id, whom: WhomToRelease) {
  if ('all' in whom) return sql<boolean>`true`
  if ('pullId' in whom) {
    const id = /^\d{1,18}$/.test(whom.pullId) ? whom.pullId : null
    const known =
      id !== null &&
      (await sql`select from ecellar.pulls where winery_id = ${wineryId} and pull_id = ${id}`.execute(trx))
        .rows.length > 0
    if (!known) {
      throw new Refusal(
        'not_found',
        `This winery has no pull "${whom.pullId}".`,
        'See "ecellar-tock pulls list".',
      )
    }
    return sql<boolean>`c.created_in_pull = ${id}`
  }
  if ('among' in whom) return sql<boolean>`c.customer_id in (${whom.among})`
  if (!('email' in whom)) return createdBetween(wineryId, whom)
  const key = emailKey(whom.email)
  if (key === null) {
    throw new Refusal('invalid', 'That is not an e-mail address.', 'Check its spelling.')
  }
  const known = await sql`
    select from ecellar.customers where winery_id = ${wineryId} and email_key = ${key} limit 1`.execute(trx)
  if (known.rows.length === 0) {
    throw new Refusal(
      'not_found',
      'No customer of this winery has that e-mail address.',
      'Check its spelling.',
    )
  }
  return sql<boolean>`c.email_key = ${key}`
}

function createdBetween(
  wineryId: Id,
  days: { createdFrom?: string | undefined; createdTo?: string | undefined },
) {
  const { createdFrom: from = null, createdTo: to = null } = days
  if ((from === null && to === null) || [from, to].some((day) => day !== null && !isDay(day))) {
    throw new Refusal(
      'invalid',
      'That is no period.',
      'Give days as 2026-05-31, the first or the last or both.',
    )
  }
  const zone = sql`(select w.time_zone from ecellar.wineries w where w.winery_id = ${wineryId})`
  return sql<boolean>`
    (${from}::text is null or c.created_at >= ${from}::timestamp at time zone ${zone})
    and (${to}::text is null or c.created_at < (${to}::timestamp + interval '1 day') at time zone ${zone})`
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  try {
    return Temporal.PlainDate.from(text).toString() === text
  } catch {
    return false
  }
}
