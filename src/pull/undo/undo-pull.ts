/**
 * Takes back what an initial pull brought, or the customers that any pull created. In one transaction, under the locks of
 * the brand and of the winery; shown first by the very same work, undone.
 */

import { sql } from 'kysely'
import { recordAudit } from '../../access/audit.ts'
import type { Actor } from '../../contract/access.ts'
import { Refusal } from '../../contract/errors.ts'
import { moveIdentityOn } from '../../crm/wineries.ts'
import type { Db } from '../../database/connect.ts'
import type { Id } from '../../database/rows.ts'
import {
  brandLockSpace,
  inWinery,
  lockWinery,
  rehearseInWinery,
  type WineryTransaction,
} from '../../database/tenant-session.ts'
import { readReport } from '../read-report.ts'
import { forgetBusiness, removeReservations } from './forget-business.ts'
import { type Kept, markGuests, takeBackCustomers } from './take-back-customers.ts'

export type Undone = {
  pullId: Id
  brand: string
  what: 'initial pull' | 'customers'
  reservations: number
  customers: number
  /** Customers that stay, each under the first reason that applies. */
  kept: Kept
  undone: boolean
}

/**
 * @param options `what`: an initial pull with all that the brand's later pulls brought from the same business, or only
 *   the customers that the pull created, which no later pull then makes again
 * @throws Refusal not_found, invalid, pull_running
 */
export async function undoPull(
  options: { db: Db; actor: Actor; why: string; dryRun?: boolean },
  pullId: string,
  what: 'initial pull' | 'customers',
): Promise<Undone> {
  const { db, actor } = options
  const why = options.why.trim()
  if (why === '') {
    throw new Refusal('invalid', 'Taking a pull back needs its reason.', 'Give it, without personal data.')
  }
  const { report, wineryId, businessId } = await readReport(db, pullId)
  if (report.status !== 'applied') {
    throw new Refusal(
      'invalid',
      `Pull ${pullId} changed nothing: it is ${report.status}.`,
      'Nothing is left to do.',
    )
  }
  const run = options.dryRun ? rehearseInWinery : inWinery
  return run(db, wineryId, async (trx) => {
    const brandId = await lockBrand(trx, wineryId, pullId)
    await lockWinery(trx, wineryId)
    const pullIds =
      what === 'customers' ? [pullId] : await pullsOf(trx, { wineryId, brandId, businessId, pullId })
    const place = { wineryId, brandId, businessId, pullIds }
    const reservations = what === 'initial pull' ? await removeReservations(trx, place) : 0
    const { customers, kept } = await takeBackCustomers(trx, place)
    const undoId = await remember(trx, place, {
      what,
      by: actor.name,
      why,
      reservations,
      customers,
      kept,
      pullId,
    })
    if (what === 'initial pull') await forgetBusiness(trx, place)
    else await markGuests(trx, place, undoId)
    await sql`drop table pg_temp.going`.execute(trx)
    await moveIdentityOn(trx, wineryId)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'pulls.undo',
      subject: `pull ${pullId}`,
      details: { undone: what, reservations, customers, kept },
    })
    return {
      pullId,
      brand: report.brand,
      what,
      reservations,
      customers,
      kept,
      undone: options.dryRun !== true,
    }
  })
}

export type UndoPlace = { wineryId: Id; brandId: Id; businessId: string; pullIds: Id[] }

async function lockBrand(trx: WineryTransaction, wineryId: Id, pullId: string): Promise<Id> {
  const { rows } = await sql<{ brand_id: Id; got: boolean }>`
    select brand_id, pg_try_advisory_xact_lock(${sql.lit(brandLockSpace)}, brand_id::int) as got
    from ecellar.pulls
    where winery_id = ${wineryId} and pull_id = ${pullId}`.execute(trx)
  const brand = rows[0]
  if (!brand) throw new Refusal('not_found', `There is no pull ${pullId}.`, 'Look at "pulls list".')
  if (brand.got) return brand.brand_id
  throw new Refusal(
    'pull_running',
    'A pull of this brand is running.',
    'Wait until it is done, then try again.',
  )
}

/** The initial pull and all later ones of the business. @throws Refusal invalid when it is not the one that counts */
async function pullsOf(
  trx: WineryTransaction,
  of: { wineryId: Id; brandId: Id; businessId: string; pullId: string },
): Promise<Id[]> {
  const { rows } = await sql<{ pull_id: Id }>`
    select p.pull_id
    from ecellar.pulls p
    join ecellar.brand_businesses bb
      on bb.winery_id = p.winery_id and bb.brand_id = p.brand_id and bb.business_id = p.business_id
    where p.winery_id = ${of.wineryId} and p.brand_id = ${of.brandId} and p.business_id = ${of.businessId}
      and bb.initial_pull_id = ${of.pullId} and p.pull_id >= bb.initial_pull_id and p.status = 'applied'`.execute(
    trx,
  )
  if (rows.length > 0) return rows.map((row) => row.pull_id)
  throw new Refusal(
    'invalid',
    `Pull ${of.pullId} is not the initial pull of its brand, or was taken back before.`,
    'Of another pull only the customers that it created can be taken back.',
  )
}

async function remember(
  trx: WineryTransaction,
  { wineryId, brandId }: UndoPlace,
  told: {
    what: string
    by: string
    why: string
    reservations: number
    customers: number
    kept: Kept
    pullId: Id
  },
): Promise<Id> {
  const kept = Object.values(told.kept).reduce((sum, one) => sum + one, 0)
  const { rows } = await sql<{ undo_id: Id }>`
    insert into ecellar.undone_pulls (winery_id, pull_id, brand_id, what, undone_at, undone_by, why, reservations,
      customers, kept)
    values (${wineryId}, ${told.pullId}, ${brandId}, ${told.what}, now(), ${told.by}, ${told.why}, ${told.reservations},
      ${told.customers}, ${kept})
    returning undo_id`.execute(trx)
  return rows[0]?.undo_id ?? ''
}
