/**
 * The form of a link is sent: key and ids are checked, tried at Tock, sealed and kept until a person confirms. What
 * cannot be right is refused and spends nothing; what Tock does not accept yet is kept and tried again.
 */

import { sql } from 'kysely'
import { recordAudit } from '../../access/audit.ts'
import { holderOf, spendHandOverLink } from '../../access/hand-over-links.ts'
import { newToken, tokenHash } from '../../access/one-time-token.ts'
import { tockKeyBinding } from '../../access/stored-secrets.ts'
import { Refusal } from '../../contract/errors.ts'
import { refuseTakenBusinesses } from '../../crm/give-businesses.ts'
import { inWinery, type WineryTransaction } from '../../database/tenant-session.ts'
import { type CheckedHandOver, checkedHandOver, type HandOverValues } from './checked-hand-over.ts'
import { tellAccepted, tellNotAccepted } from './key-mails.ts'
import type { HandedKey, HandOver, KeyParts } from './key-parts.ts'
import { handOverColumns, openHandOver, readHandOver, receiptPrefix } from './read-hand-over.ts'
import { firstRetryMs, tryForMs } from './retry-pending-keys.ts'
import { type KeyTrial, tryKey } from './try-key.ts'

/** How long whoever submitted may come back to correct and confirm. */
const receiptHours = 72

/** Somebody waits in front of the page. */
const patience = { tries: 2, totalMs: 12_000 }

/**
 * @param token of the link; or the receipt of an earlier submission, to correct it
 * @returns the receipt, with which the page comes back: the link is spent
 * @throws Refusal not_found (the link is not open), invalid, wrong_business; then nothing is spent, nothing kept
 */
export async function submitKey(
  parts: KeyParts,
  token: string,
  values: HandOverValues,
): Promise<{ receipt: string; brands: HandedKey[] }> {
  const place = await placeOf(parts, token)
  const checked = checkedHandOver(values, place.brands)
  const { businessGroupId, businesses } = checked
  const given = businesses.map((one) => ({ ...one, businessGroupId }))
  await refuseTakenBusinesses(parts.db, place.wineryId, given)
  const tock = { ...parts.tock, retry: parts.tock.retry ?? patience }
  const trials = await Promise.all(
    given.map(async (one) => ({ ...one, trial: await tryKey({ ...parts, tock }, { ...checked, ...one }) })),
  )
  for (const { brand, name, trial } of trials) {
    if (trial.outcome !== 'wrong') continue
    throw new Refusal(
      trial.code,
      `${name} (${brand}): ${trial.message}`,
      'Check the Business ID of this brand and send the form again: nothing was stored, and the link is still good.',
    )
  }
  const sealed = await Promise.all(
    trials.map((one) => parts.secrets.seal(checked.apiKey, tockKeyBinding(place.wineryId, one.brandId))),
  )
  const rows = trials.map((one, at) => ({ ...one, sealed: sealed[at] ?? '' }))
  const receipt = place.receipt ?? `${receiptPrefix}${newToken()}`
  await inWinery(parts.db, place.wineryId, async (trx) => {
    const handOver = await startHandOver(parts, trx, {
      token,
      receipt,
      isFirst: place.receipt === null,
      checked,
    })
    await keep(parts, trx, handOver, rows)
    await tellOutcome(parts, trx, handOver, rows)
  })
  const { brands } = await readHandOver(parts.db, receipt, parts.now)
  return { receipt, brands }
}

type Place = {
  wineryId: string
  /** Of the first submission; null when this is the first. */
  receipt: string | null
  brands: { brandId: string; brand: string; name: string }[]
}

async function placeOf({ db, now }: KeyParts, token: string): Promise<Place> {
  if (!token.startsWith(receiptPrefix)) {
    const form = await openHandOver(db, token, now)
    return { wineryId: form.wineryId, receipt: null, brands: form.brands }
  }
  const { wineryId, brands } = await readHandOver(db, token, now)
  const open = brands.filter((one) => one.state !== 'confirmed')
  if (open.length === 0) {
    throw new Refusal(
      'invalid',
      'The key is confirmed: nothing is left to correct.',
      'Ask Support for a new link.',
    )
  }
  return {
    wineryId,
    receipt: token,
    brands: open.map(({ brandId, brand, brandName }) => ({ brandId, brand, name: brandName })),
  }
}

/** The link is spent in the transaction that keeps what came over it: of two that submit at once, one does. */
async function startHandOver(
  { now }: KeyParts,
  trx: WineryTransaction,
  of: { token: string; receipt: string; isFirst: boolean; checked: CheckedHandOver },
): Promise<HandOver> {
  const hash = tokenHash(of.receipt)
  const expiresAt = new Date(now.getTime() + receiptHours * 3_600_000)
  if (of.isFirst) {
    const link = await spendHandOverLink(trx, of.token, now)
    await sql`
      insert into ecellar.key_hand_overs (winery_id, link_id, asked_by, receipt_hash)
      values (${link.wineryId}, ${link.linkId}, ${link.madeBy}, ${hash})
      on conflict (winery_id, link_id) do update set receipt_hash = excluded.receipt_hash`.execute(trx)
  }
  await sql`
    update ecellar.key_hand_overs
    set
      submitted_at = ${now},
      receipt_expires_at = ${expiresAt},
      tell_winery = coalesce(${of.checked.email}, tell_winery)
    where receipt_hash = ${hash}`.execute(trx)
  const { rows } = await sql<HandOver>`${handOverColumns} where h.receipt_hash = ${hash}`.execute(trx)
  const handOver = rows[0]
  if (!handOver)
    throw new Refusal('not_found', 'This page is no longer open.', 'Ask eCELLAR Support for a new link.')
  return handOver
}

type TriedRow = {
  brandId: string
  brand: string
  name: string
  businessGroupId: string
  businessId: string
  trial: KeyTrial
  sealed: string
}

async function keep(
  { now }: KeyParts,
  trx: WineryTransaction,
  handOver: HandOver,
  rows: TriedRow[],
): Promise<void> {
  const { wineryId, handOverId } = handOver
  const brandIds = rows.map((row) => row.brandId)
  await sql`
    update ecellar.handed_keys
    set state = 'dropped', sealed = null, next_try_at = null, closed_at = ${now}
    where winery_id = ${wineryId}
      and brand_id = any(${brandIds}::bigint[])
      and hand_over_id <> ${handOverId}
      and state in ('trying', 'tested')`.execute(trx)
  await sql`
    delete from ecellar.handed_keys
    where winery_id = ${wineryId}
      and hand_over_id = ${handOverId}
      and brand_id = any(${brandIds}::bigint[])
      and state <> 'confirmed'`.execute(trx)
  for (const row of rows) {
    const { trial } = row
    const found = trial.outcome === 'accepted' ? trial : null
    const lack = trial.outcome === 'accepted' ? null : trial
    await sql`
      insert into ecellar.handed_keys
        (winery_id, hand_over_id, brand_id, business_group_id, business_id, sealed, state, business_name, time_zone,
        code, message, next_step, tried_at, next_try_at, try_until)
      values (${wineryId}, ${handOverId}, ${row.brandId}, ${row.businessGroupId}, ${row.businessId}, ${row.sealed},
        ${found ? 'tested' : 'trying'}, ${found?.businessName ?? null}, ${found?.timeZone ?? null},
        ${lack?.code ?? null}, ${lack?.message ?? null}, ${lack?.nextStep ?? null}, ${now},
        ${lack ? new Date(now.getTime() + firstRetryMs) : null}, ${new Date(now.getTime() + tryForMs)})`.execute(
      trx,
    )
    await recordAudit(trx, {
      wineryId,
      actor: holderOf({ linkId: handOver.linkId, madeBy: handOver.askedBy }),
      action: found ? 'key.accepted' : 'key.not-accepted',
      subject: row.brand,
      details: { businessGroupId: row.businessGroupId, businessId: row.businessId, code: lack?.code },
    })
  }
}

async function tellOutcome(
  parts: KeyParts,
  trx: WineryTransaction,
  handOver: HandOver,
  rows: TriedRow[],
): Promise<void> {
  const inMail = (row: TriedRow) => ({
    brand: row.brand,
    brandName: row.name,
    businessId: row.businessId,
    businessName: row.trial.outcome === 'accepted' ? row.trial.businessName : null,
  })
  const accepted = rows.filter((row) => row.trial.outcome === 'accepted')
  if (accepted.length > 0) await tellAccepted(parts, trx, handOver, accepted.map(inMail), null)
  const lacking = rows.filter((row) => row.trial.outcome !== 'accepted')
  const why = lacking[0]?.trial
  if (!why || why.outcome === 'accepted') return
  const { message, nextStep } = why
  const triesUntil = new Date(parts.now.getTime() + tryForMs)
  await tellNotAccepted(parts, trx, handOver, lacking.map(inMail), { message, nextStep, triesUntil })
}
