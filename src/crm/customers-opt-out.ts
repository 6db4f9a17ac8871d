/** Opts customers out of e-mail, at once, because somebody asked for it (rule 19). */

import { type RawBuilder, sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { emailKey } from '../contract/email-address.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, lockWinery } from '../database/tenant-session.ts'
import { csvRecords, detectDelimiter } from './csv-records.ts'
import { columnNamed } from './customers-import-columns.ts'
import type { TableFile } from './read-table-file.ts'

/** An address as somebody gave it; `line` only where a file did. */
export type GivenAddress = { line: number; address: string }

/** No personal data in it: addresses are named by their line. */
export type OptOutResult = {
  addresses: number
  /** Customers, of whom several can have one address. */
  optedOut: number
  alreadyOut: number
  /** Addresses that no customer has. */
  unknown: { line: number }[]
  bad: { line: number; problem: string }[]
}

/** `why` is kept with each customer's consent, where an erasure finds it. */
export type OptOut = { db: Db; wineryId: Id; actor: Actor; why: string }

/** One address. @throws Refusal `invalid` or `not_found`, so that a slip of the pen is noticed */
export async function optOutCustomer(options: OptOut, address: string): Promise<OptOutResult> {
  if (emailKey(address) === null) {
    throw new Refusal('invalid', 'That is not an e-mail address.', 'Check its spelling.')
  }
  const result = await optOutCustomers(options, [{ line: 1, address }])
  if (result.unknown.length === 0) return result
  throw new Refusal('not_found', 'No customer of this winery has that e-mail address.', 'Check its spelling.')
}

/** All customers with the addresses. Again: nothing changes. */
export async function optOutCustomers(options: OptOut, addresses: GivenAddress[]): Promise<OptOutResult> {
  const keyed = addresses.map(({ line, address }) => ({ line, key: emailKey(address) }))
  const keys = [...new Set(keyed.flatMap(({ key }) => (key === null ? [] : [key])))]
  const found = await setOut(options, sql<boolean>`c.email_key = any(${keys}::text[] collate "C")`, {
    addresses: addresses.length,
  })
  const known = new Set(found.map((one) => one.email_key))
  return {
    addresses: addresses.length,
    optedOut: found.filter((one) => one.before !== 'out').length,
    alreadyOut: found.filter((one) => one.before === 'out').length,
    unknown: keyed.filter(({ key }) => key !== null && !known.has(key)).map(({ line }) => ({ line })),
    bad: keyed
      .filter(({ key }) => key === null)
      .map(({ line }) => ({ line, problem: 'this is not an e-mail address' })),
  }
}

/** One customer. @throws Refusal not_found, invalid (no reason) */
export async function optOutCustomerById(
  options: OptOut,
  customerId: string,
): Promise<{ optedOut: boolean }> {
  const id = /^\d{1,18}$/.test(customerId) ? customerId : null
  const [found] = await setOut(options, sql<boolean>`c.customer_id = ${id}`, { customerId: id })
  if (!found) {
    throw new Refusal(
      'not_found',
      `This winery has no customer ${customerId}.`,
      'Take customer_id of reporting.customers; eCELLAR’s own number is another.',
    )
  }
  return { optedOut: found.before !== 'out' }
}

/** @returns the customers it is about, with what was their choice before */
async function setOut(
  options: OptOut,
  chosen: RawBuilder<boolean>,
  details: Record<string, unknown>,
): Promise<{ email_key: string | null; before: string }[]> {
  const { wineryId, actor } = options
  const why = options.why.trim()
  if (why === '') {
    throw new Refusal('invalid', 'An opt-out needs its reason.', 'Say it with --why, as "asked by phone".')
  }
  return inWinery(options.db, wineryId, async (trx) => {
    await lockWinery(trx, wineryId)
    const { rows } = await sql<{ email_key: string | null; before: string }>`
      with before as (
        select c.customer_id, c.email_key, c.email_consent
        from ecellar.customers c
        where c.winery_id = ${wineryId} and ${chosen}
        for update
      ),
      changed as (
        update ecellar.customers c
        set email_consent = 'out', consent_source = 'staff', asks_mail_again_at = null
        from before b
        where c.winery_id = ${wineryId}
          and c.customer_id = b.customer_id
          and (b.email_consent <> 'out' or c.asks_mail_again_at is not null)
      ),
      remembered as (
        insert into ecellar.consent_changes (winery_id, customer_id, before, after, source, reason)
        select ${wineryId}, b.customer_id, b.email_consent, 'out', 'staff', ${why}
        from before b
        where b.email_consent <> 'out'
      )
      select email_key, email_consent as before from before`.execute(trx)
    const optedOut = rows.filter((one) => one.before !== 'out').length
    if (optedOut > 0) {
      await recordAudit(trx, {
        wineryId,
        actor,
        action: 'customers.opt-out',
        details: { ...details, optedOut },
      })
    }
    return rows
  })
}

/** One address per line, or a CSV file with a column of addresses. */
export function readAddresses(file: TableFile): GivenAddress[] {
  const delimiter = detectDelimiter(file.bytes)
  const broken: GivenAddress[] = []
  const records = [...csvRecords(file.bytes, delimiter, (line) => broken.push({ line, address: '' }))].flat()
  const [head] = records
  const column = head?.cells.findIndex((cell) => columnNamed(cell) === 'email') ?? -1
  const rows = column === -1 ? records : records.slice(1)
  if (column === -1 && records.some(({ cells }) => cells.filter((cell) => cell.trim() !== '').length > 1)) {
    throw new Refusal(
      'invalid',
      'The file has several columns, and its first line names none of them email.',
      'Name the column with the addresses "email", or hand in a file with one address per line.',
    )
  }
  const addresses = rows
    .map(({ line, cells }) => ({
      line,
      address: (column === -1 ? cells.find((cell) => cell.trim() !== '') : cells[column])?.trim() ?? '',
    }))
    .filter(({ address }) => address !== '')
  return [...addresses, ...broken].sort((a, b) => a.line - b.line)
}
