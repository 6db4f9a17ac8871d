/**
 * Whom a preview found, kept for the winery to look through: who would be created, who is a customer already, who is
 * left out and why. The preview itself is rolled back, so that they go out by a session of their own.
 */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { sql } from 'kysely'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { GuestOutcome } from '../contract/pull-details.ts'
import type { Database, Db } from '../database/connect.ts'
import { inWinery } from '../database/tenant-session.ts'

/** What becomes of `p`, a row of the temporary table `people`; the words are `GuestOutcome`. */
export const outcomeOf = `case
      when p.link = 'created' then 'created'
      when p.customer_id is not null then 'customer'
      when p.email is null then 'no_email'
      when p.email_key is null then 'invalid_email'
      when p.is_shared then 'shared_address'
      when exists (select from ecellar.customers c where c.winery_id = :winery and c.email_key = p.email_key)
        then 'several_customers'
      when p.diner_brand_id is null and p.is_booker then 'bookers_only'
      else 'no_reservation'
    end`

/** To be called before the rollback: the winery's lock keeps an erasure from passing by. */
export async function keepPreviewPeople(
  client: pg.Client,
  database: Database,
  preview: { wineryId: string; brandId: string; businessGroupId: string; pullId: string },
): Promise<void> {
  // COPY takes no parameters.
  const { wineryId, brandId, pullId } = preview
  for (const id of [wineryId, brandId, pullId]) {
    if (!/^\d{1,18}$/.test(id)) throw new Error('Ids are digits')
  }
  await client.query(`select set_config('app.preview_group', $1, true)`, [preview.businessGroupId])
  const other = await database.session()
  try {
    await other.query('begin')
    await dropPreviewPeople(other, preview)
    await pipeline(
      client.query(
        copyTo(`copy (
          select ${wineryId}, ${brandId}, ${pullId}, p.business_group_id, p.patron_id, p.email, p.email_key,
            p.first_name, p.last_name, ${outcomeOf.replaceAll(':winery', wineryId)},
            case when p.link = 'created' then null else p.customer_id end
          from people p
          where p.business_group_id = current_setting('app.preview_group')
        ) to stdout`),
      ),
      other.query(
        copyFrom(`copy ecellar.preview_people (winery_id, brand_id, pull_id, business_group_id, patron_id, email,
          email_key, first_name, last_name, outcome, customer_id) from stdin`),
      ),
    )
    await other.query('commit')
  } finally {
    await other.end()
  }
}

/** The brand's; what is a week old goes by itself (purge-history.ts). */
export async function dropPreviewPeople(
  client: pg.Client,
  brand: { wineryId: string; brandId: string },
): Promise<void> {
  await client.query('delete from ecellar.preview_people where winery_id = $1 and brand_id = $2', [
    brand.wineryId,
    brand.brandId,
  ])
}

export type PreviewPerson = {
  businessGroupId: string
  patronId: string
  email: string | null
  firstName: string | null
  lastName: string | null
  outcome: GuestOutcome
  customerId: string | null
  ecellarCustomerId: string | null
}

const columns = {
  whatWillBe: 'what the initial pull does',
  email: 'email',
  firstName: 'first_name',
  lastName: 'last_name',
  ecellarCustomerId: 'ecellar_customer_id',
  customerId: 'customer_id',
  patronId: 'tock_guest',
}

const words: Record<GuestOutcome, string> = {
  created: 'becomes a customer',
  customer: 'is a customer already',
  no_email: 'left out: no e-mail address',
  invalid_email: 'left out: the e-mail address is not one',
  shared_address: 'left out: the address is on the shared-address list',
  several_customers: 'left out: several customers have this address',
  bookers_only: 'left out: has only booked for others',
  no_reservation: 'left out for now: has no reservation',
}

const pageSize = 2000

/** As CSV, however many they are; nothing when another preview has taken its place. */
export function previewPeopleCsv(
  db: Db,
  pull: { wineryId: string; pullId: string },
  outcome: GuestOutcome | null,
): Readable {
  const text = stringify({ header: true, columns, escape_formulas: true, bom: true })
  const rows = Readable.from(readPeople(db, pull, outcome))
  rows.on('error', (error) => text.destroy(error))
  text.on('close', () => rows.destroy())
  return rows.pipe(text)
}

async function* readPeople(
  db: Db,
  { wineryId, pullId }: { wineryId: string; pullId: string },
  outcome: GuestOutcome | null,
) {
  let after = ''
  for (;;) {
    const { rows } = await inWinery(db, wineryId, (trx) =>
      sql<PreviewPerson>`
        select p.patron_id as "patronId", p.email, p.first_name as "firstName", p.last_name as "lastName", p.outcome,
          p.customer_id as "customerId", c.ecellar_customer_id as "ecellarCustomerId"
        from ecellar.preview_people p
        left join ecellar.customers c on c.winery_id = p.winery_id and c.customer_id = p.customer_id
        where p.winery_id = ${wineryId} and p.pull_id = ${pullId} and p.patron_id > ${after}
          and (${outcome}::text is null or p.outcome = ${outcome})
        order by p.patron_id
        limit ${pageSize}`.execute(trx),
    )
    for (const person of rows) yield { ...person, whatWillBe: words[person.outcome] }
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.patronId
  }
}
