/** Erases a person (rule 22), whole or not at all, and leaves the hashes by which they stay erased. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { emailKey } from '../contract/email-address.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, lockWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { eraseReservations } from './erase-reservations.ts'
import { eraseFromSegments } from './erase-segments.ts'
import { eraseTraces } from './erase-traces.ts'
import { type ErasureHash, hashOfEcellarId, hashOfPatron } from './erased-people.ts'
import { forgetCustomers } from './forget-customers.ts'
import { findPerson, type Person } from './person-to-erase.ts'

/** No personal data in it: it is meant to be filed. */
export type ErasureReceipt = {
  erased: true
  /** false: nothing was stored of the person; the address is kept out from now on all the same. */
  found: boolean
  customers: number
  patrons: number
  /** They stay, without the person. */
  reservations: number
  exceptions: number
  /** Files that were handed out with the person in them. */
  exports: { exportId: string; name: string; madeAt: string }[]
  /** Downloads of whom a preview found, of the person's business groups: they may carry the person. */
  previewDownloads: { pullId: string; downloadedAt: string }[]
  /** An address of the person stood in their definition or name. */
  segments: number
  /** Files of scheduled exports that are written anew within minutes. */
  scheduledFiles: number
  wholeDatabaseBackupsRemark: string
}

/** @throws Refusal `invalid` for what is no address or id, `not_found` for an id that no customer has */
export async function erasePerson(
  options: { db: Db; wineryId: Id; actor: Actor; hash: ErasureHash },
  who: { email: string } | { customerId: string },
): Promise<ErasureReceipt> {
  const wanted = checkedPerson(who)
  return inWinery(options.db, options.wineryId, async (trx) => {
    await lockWinery(trx, options.wineryId)
    const person = await findPerson(trx, options.wineryId, wanted)
    if ('customerId' in wanted && person.customers.length === 0) {
      throw new Refusal(
        'not_found',
        `This winery has no customer with the id ${wanted.customerId}.`,
        'It may have been erased before. The id is customer_id of reporting.customers; eCELLAR’s own number is another.',
      )
    }
    const { reservations, patronsWithoutRow } = await eraseReservations(trx, options.wineryId, person)
    const patrons = [...person.patrons, ...patronsWithoutRow]
    // Before the traces: one who was only previewed stands nowhere else.
    const previewDownloads = await listPreviewDownloads(trx, options.wineryId, { ...person, patrons })
    const exceptions = await eraseTraces(trx, options.wineryId, { ...person, patrons })
    const { segments, scheduledFiles } = await eraseFromSegments(trx, options.wineryId, person)
    const exports = await listExports(trx, options.wineryId, person)
    await keepHashes(trx, options, { ...person, patrons })
    await deleteCustomers(trx, options.wineryId, person)
    await recordAudit(trx, {
      wineryId: options.wineryId,
      actor: options.actor,
      action: 'customers.erase',
      subject: person.customers.map(({ customerId }) => `customer ${customerId}`).join(', ') || null,
      details: {
        customers: person.customers.length,
        patrons: patrons.length,
        reservations,
        exceptions,
        exports: exports.length,
        previewDownloads: previewDownloads.length,
        segments,
        scheduledFiles,
      },
    })
    return {
      erased: true,
      found: person.customers.length + patrons.length + reservations + exceptions > 0,
      customers: person.customers.length,
      patrons: patrons.length,
      reservations,
      exceptions,
      exports,
      previewDownloads,
      segments,
      scheduledFiles,
      wholeDatabaseBackupsRemark:
        'Backups of the whole database that were made before still hold the person until they expire; after restoring one, erase again.',
    }
  })
}

/** @throws Refusal `invalid` for what is no address or id */
export function checkedPerson(
  who: { email: string } | { customerId: string },
): { emailKey: string } | { customerId: Id } {
  if ('customerId' in who) {
    if (/^\d{1,18}$/.test(who.customerId)) return { customerId: who.customerId }
    throw new Refusal(
      'invalid',
      'A customer’s id is a number.',
      'Take customer_id of reporting.customers, or name the e-mail address with --email.',
    )
  }
  const key = emailKey(who.email)
  if (key !== null) return { emailKey: key }
  throw new Refusal(
    'invalid',
    'That is not an e-mail address.',
    'Check its spelling, or name the customer with --id.',
  )
}

async function listExports(
  trx: WineryTransaction,
  wineryId: Id,
  person: Person,
): Promise<ErasureReceipt['exports']> {
  const ids = person.customers.map((customer) => customer.customerId)
  const { rows } = await sql<{ export_id: string; name: string; made_at: Date }>`
    select export_id, name, made_at
    from ecellar.exports e
    where winery_id = ${wineryId}
      and exists (
        select from ecellar.export_customers x
        where x.winery_id = e.winery_id and x.export_id = e.export_id and x.customer_id = any(${ids}::bigint[]))
    order by made_at, export_id`.execute(trx)
  return rows.map((row) => ({ exportId: row.export_id, name: row.name, madeAt: row.made_at.toISOString() }))
}

async function listPreviewDownloads(
  trx: WineryTransaction,
  wineryId: Id,
  person: Person,
): Promise<ErasureReceipt['previewDownloads']> {
  const groups = person.patrons.map((patron) => patron.businessGroupId)
  const { rows } = await sql<{ pull_id: string; at: Date }>`
    select p.pull_id, a.at
    from ecellar.audit a
    join ecellar.pulls p on p.winery_id = a.winery_id and a.subject = 'pull ' || p.pull_id
    join ecellar.brand_businesses b
      on b.winery_id = p.winery_id and b.brand_id = p.brand_id and b.business_id = p.business_id
    where a.winery_id = ${wineryId}
      and a.action = 'guests.in-full'
      and a.details ? 'downloaded'
      and (b.business_group_id = any(${groups}::text[]) or exists (
        select from ecellar.preview_people v
        where v.winery_id = p.winery_id and v.pull_id = p.pull_id
          and v.email_key = any(${person.emailKeys}::text[] collate "C")))
    order by a.at, a.audit_id`.execute(trx)
  return rows.map((row) => ({ pullId: row.pull_id, downloadedAt: row.at.toISOString() }))
}

async function keepHashes(
  trx: WineryTransaction,
  options: { wineryId: Id; hash: ErasureHash },
  person: Person,
): Promise<void> {
  const hashes = new Set([
    ...person.emailKeys.map((key) => options.hash('email', key)),
    ...person.patrons.map((patron) => hashOfPatron(options.hash, patron.businessGroupId, patron.patronId)),
    ...person.customers.flatMap(({ ecellarCustomerId }) =>
      ecellarCustomerId === null ? [] : [hashOfEcellarId(options.hash, ecellarCustomerId)],
    ),
  ])
  await sql`
    insert into ecellar.erasures (winery_id, hash)
    select ${options.wineryId}, hash
    from unnest(${[...hashes]}::text[]) as hash
    on conflict do nothing`.execute(trx)
}

async function deleteCustomers(trx: WineryTransaction, wineryId: Id, person: Person): Promise<void> {
  const ids = person.customers.map((customer) => customer.customerId)
  await forgetCustomers(trx, wineryId, ids)
  await sql`
    update ecellar.wineries set identity_revision = identity_revision + 1
    where winery_id = ${wineryId}`.execute(trx)
}
