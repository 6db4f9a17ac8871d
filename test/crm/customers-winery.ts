/** A winery of its own per test, and the few words in which tests hand in files and look at customers. */

import { createHmac } from 'node:crypto'
import { importCustomers } from '../../src/crm/customers-import.ts'
import type { ErasureHash } from '../../src/crm/erased-people.ts'
import { decodeTable } from '../../src/crm/read-table-file.ts'
import type { Database } from '../../src/database/connect.ts'
import { actor } from '../actor.ts'

export const hash: ErasureHash = (what, value) =>
  createHmac('sha256', 'a key for tests').update(`${what}:${value}`).digest('base64url')

let wineries = 0

export async function newWinery(database: Database, timeZone = 'America/Los_Angeles') {
  const rows = await query<{ winery_id: string; time_zone: string }>(
    database,
    'insert into ecellar.wineries (slug, name, time_zone) values ($1, $2, $3) returning winery_id, time_zone',
    [`winery-${++wineries}`, 'Juniper Hill', timeZone],
  )
  const winery = rows[0]!
  const bring = (text: string | Buffer) =>
    importCustomers({ database, winery, actor, hash }, decodeTable(Buffer.from(text)))
  const customers = () =>
    query<Record<string, unknown> & { customer_id: string }>(
      database,
      `select c.*, s.name as source, t.name as type, a.name as tier
      from ecellar.customers c
      left join ecellar.list_entries s on s.entry_id = c.customer_source_id
      left join ecellar.list_entries t on t.entry_id = c.customer_type_id
      left join ecellar.list_entries a on a.entry_id = c.allocation_tier_id
      where c.winery_id = $1 order by c.customer_id`,
      [winery.winery_id],
    )
  /** As a pull would make it. */
  const addTockCustomer = async (email: string, fields: Record<string, unknown> = {}) => {
    const row: Record<string, unknown> = {
      winery_id: winery.winery_id,
      email,
      email_key: email.toLowerCase(),
      first_name: 'Ann',
      last_name: 'Example',
      created_by: 'tock',
      created_in_pull: '1',
      created_at: '2026-02-01T00:00:00Z',
      ...fields,
    }
    return insert(database, 'customers', row, 'customer_id')
  }
  const revision = async () =>
    (
      await query<{ identity_revision: string }>(
        database,
        'select identity_revision from ecellar.wineries where winery_id = $1',
        [winery.winery_id],
      )
    )[0]!.identity_revision
  return { winery, wineryId: winery.winery_id, bring, customers, addTockCustomer, revision }
}

export async function query<Row extends object>(
  database: Database,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = await database.session()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}

/** @returns the value of the column `back` */
export async function insert(
  database: Database,
  table: string,
  row: Record<string, unknown>,
  back = 'winery_id',
): Promise<string> {
  const names = Object.keys(row)
  const rows = await query<Record<string, string>>(
    database,
    `insert into ecellar.${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')}) returning ${back}`,
    Object.values(row),
  )
  return rows[0]![back]!
}
