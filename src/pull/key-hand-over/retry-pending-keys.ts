/**
 * Tries keys again that Tock did not accept when they were handed over: setting one up takes Tock hours or days. When
 * it works both sides are told, and a person confirms; after two weeks it is given up and deleted.
 */

import { sql } from 'kysely'
import { recordAudit } from '../../access/audit.ts'
import { linkTo, newToken, tokenHash } from '../../access/one-time-token.ts'
import { tockKeyBinding } from '../../access/stored-secrets.ts'
import type { Actor } from '../../contract/access.ts'
import { inWinery, type WineryTransaction } from '../../database/tenant-session.ts'
import { tellAccepted, tellNotAccepted } from './key-mails.ts'
import type { HandedKey, HandOver, KeyParts } from './key-parts.ts'
import { handOverColumns, readHandedKeys, receiptPrefix } from './read-hand-over.ts'
import { type KeyTrial, tryKey } from './try-key.ts'

const minuteMs = 60_000
export const firstRetryMs = 15 * minuteMs
const longestWaitMs = 6 * 60 * minuteMs
export const tryForMs = 14 * 24 * 60 * minuteMs
const receiptMs = 72 * 60 * minuteMs
/** Whoever calls has other things to do each minute, also while Tock is silent. */
const longestMs = 30_000
/** Brands that are claimed together; one that is silent holds up these alone. */
const atOnce = 5
/** It comes again: one try, then the next one. */
const onceOnly = { tries: 1, totalMs: 10_000 }

const program: Actor = {
  kind: 'program',
  id: 'retry-pending-keys',
  name: 'the program, which tries keys again',
}

/** To be called every few minutes, by any number of processes: each key that is due is tried by one of them. */
export async function retryPendingKeys(
  parts: KeyParts,
): Promise<{ tried: number; accepted: number; givenUp: number }> {
  const outcome = { tried: 0, accepted: 0, givenUp: 0 }
  const faults: unknown[] = []
  const startedMs = performance.now()
  while (!parts.signal?.aborted && performance.now() - startedMs < longestMs) {
    const claimed = await claim(parts)
    if (claimed.length === 0) break
    outcome.tried += claimed.length
    const handOvers = Map.groupBy(claimed, (one) => `${one.wineryId}/${one.handOverId}`)
    const ends = await Promise.allSettled([...handOvers.values()].map((rows) => retryHandOver(parts, rows)))
    for (const end of ends) {
      if (end.status === 'rejected') faults.push(end.reason)
      else {
        outcome.accepted += end.value.accepted
        outcome.givenUp += end.value.givenUp
      }
    }
  }
  // One that cannot be opened keeps the others from nothing; whoever calls tells of it.
  if (faults.length > 0) throw faults[0]
  return outcome
}

type Claimed = {
  wineryId: string
  handOverId: string
  brandId: string
  businessGroupId: string
  businessId: string
  sealed: string
  tries: number
}

/** Moves the next try on before this one is made: two processes do not both ask Tock, a killed one loses one try. */
async function claim({ db, now }: KeyParts): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    with due as (
      select winery_id, hand_over_id, brand_id
      from ecellar.handed_keys
      where state = 'trying' and next_try_at <= ${now}
      order by next_try_at
      limit ${atOnce}
      for update skip locked
    )
    update ecellar.handed_keys k
    set
      tries = k.tries + 1,
      tried_at = ${now},
      next_try_at = ${now}::timestamptz
        + least(${firstRetryMs}::float8 * 2 ^ least(k.tries, 20), ${longestWaitMs}) * interval '1 millisecond'
    from due
    where (k.winery_id, k.hand_over_id, k.brand_id) = (due.winery_id, due.hand_over_id, due.brand_id)
    returning k.winery_id as "wineryId", k.hand_over_id as "handOverId", k.brand_id as "brandId",
      k.business_group_id as "businessGroupId", k.business_id as "businessId", k.sealed, k.tries`.execute(db)
  return rows
}

async function retryHandOver(
  parts: KeyParts,
  claimed: Claimed[],
): Promise<{ accepted: number; givenUp: number }> {
  const [first] = claimed
  if (!first) return { accepted: 0, givenUp: 0 }
  const trials = await Promise.all(
    claimed.map(async (row) => {
      const apiKey = await parts.secrets.open(row.sealed, tockKeyBinding(row.wineryId, row.brandId))
      const tock = { ...parts.tock, retry: parts.tock.retry ?? onceOnly }
      return { row, trial: await tryKey({ ...parts, tock }, { ...row, apiKey }) }
    }),
  )
  return inWinery(parts.db, first.wineryId, async (trx) => {
    const { rows: found } = await sql<HandOver>`
      ${handOverColumns}
      where h.winery_id = ${first.wineryId} and h.hand_over_id = ${first.handOverId}`.execute(trx)
    const [handOver] = found
    if (!handOver) return { accepted: 0, givenUp: 0 }
    const written: { brandId: string; trial: KeyTrial; isClosed: boolean }[] = []
    for (const { row, trial } of trials) {
      const state = await write(parts, trx, row, trial)
      if (state !== null) written.push({ brandId: row.brandId, trial, isClosed: state === 'failed' })
    }
    const keys = await readHandedKeys(
      trx,
      sql`k.winery_id = ${first.wineryId} and k.hand_over_id = ${first.handOverId}`,
    )
    const keyOf = ({ brandId }: { brandId: string }) => keys.filter((key) => key.brandId === brandId)
    const accepted = written.filter((one) => one.trial.outcome === 'accepted').flatMap(keyOf)
    const failed = written.filter((one) => one.isClosed).flatMap(keyOf)
    for (const key of accepted) await record(trx, handOver, key, 'key.accepted')
    for (const key of failed) await record(trx, handOver, key, 'key.given-up')
    if (accepted.length > 0) {
      await tellAccepted(parts, trx, handOver, accepted, await newReceiptLink(parts, trx, handOver))
    }
    const why = failed[0]?.diagnosis
    if (why) await tellNotAccepted(parts, trx, handOver, failed, { ...why, triesUntil: null })
    return { accepted: accepted.length, givenUp: failed.length }
  })
}

/** @returns what it is now; null when it was corrected, revoked or confirmed since it was claimed */
async function write(
  { now }: KeyParts,
  trx: WineryTransaction,
  row: Claimed,
  trial: KeyTrial,
): Promise<'tested' | 'trying' | 'failed' | null> {
  const isOver = sql`(${trial.outcome === 'wrong'} or try_until <= ${now})`
  const { rows } =
    trial.outcome === 'accepted'
      ? await sql<{ state: 'tested' }>`
          update ecellar.handed_keys
          set
            state = 'tested', next_try_at = null, code = null, message = null, next_step = null,
            business_name = ${trial.businessName}, time_zone = ${trial.timeZone}
          where ${isClaimed(row)}
          returning state`.execute(trx)
      : await sql<{ state: 'trying' | 'failed' }>`
          update ecellar.handed_keys
          set
            state = case when ${isOver} then 'failed' else 'trying' end,
            sealed = case when ${isOver} then null else sealed end,
            next_try_at = case when ${isOver} then null else next_try_at end,
            closed_at = case when ${isOver} then ${now}::timestamptz end,
            code = ${trial.code}, message = ${trial.message}, next_step = ${trial.nextStep}
          where ${isClaimed(row)}
          returning state`.execute(trx)
  return rows[0]?.state ?? null
}

const isClaimed = (row: Claimed) => sql`
  winery_id = ${row.wineryId}
    and hand_over_id = ${row.handOverId}
    and brand_id = ${row.brandId}
    and state = 'trying'
    and tries = ${row.tries}
    and sealed = ${row.sealed}`

/** The page of days ago is closed, or its receipt lost: the mail brings a new one. */
async function newReceiptLink(
  { config, now }: KeyParts,
  trx: WineryTransaction,
  handOver: HandOver,
): Promise<string> {
  const receipt = `${receiptPrefix}${newToken()}`
  await sql`
    update ecellar.key_hand_overs
    set receipt_hash = ${tokenHash(receipt)}, receipt_expires_at = ${new Date(now.getTime() + receiptMs)}
    where winery_id = ${handOver.wineryId} and hand_over_id = ${handOver.handOverId}`.execute(trx)
  return linkTo(config, 'hand-over', receipt)
}

async function record(
  trx: WineryTransaction,
  { wineryId }: HandOver,
  key: HandedKey,
  action: 'key.accepted' | 'key.given-up',
): Promise<void> {
  await recordAudit(trx, {
    wineryId,
    actor: program,
    action,
    subject: key.brand,
    details: { businessId: key.businessId, businessName: key.businessName, code: key.diagnosis?.code },
  })
}
