/**
 * A winery's customers, searched, filtered and sorted, page by page.
 *
 * There is no index of its own for it: a winery's customers lie together, and looking at all of them takes about a
 * tenth of a second for 120,000 (docs/decisions/0014); an index would be paid for by every pull. Names, visits and
 * what else is shown is fetched for the page alone.
 */

import { type RawBuilder, sql } from 'kysely'
import type { customerSorts } from '../contract/api/customer.ts'
import { Refusal } from '../contract/errors.ts'
import type { EmailConsent } from '../contract/vocabulary.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { bookedAt, type Visits, visitsOf } from './customer-visits.ts'
import { searchWords } from './search-words.ts'

export type CustomerSort = (typeof customerSorts)[number]

export type CustomerFilter = {
  /** In name, e-mail address, eCELLAR's number, our number. */
  text?: string | undefined
  released?: boolean | undefined
  createdBy?: 'tock' | 'import' | 'staff' | undefined
  createdInPull?: Id | undefined
  createdInImport?: Id | undefined
  consent?: EmailConsent | undefined
  mayMail?: boolean | undefined
  active?: boolean | undefined
  /** Has a reservation at one of these. */
  brandIds?: Id[] | undefined
  /** Days of the winery's zone, both included. */
  createdFrom?: string | undefined
  createdTo?: string | undefined
  releasedFrom?: string | undefined
  releasedTo?: string | undefined
}

/** Whoever asks: some see brands of a winery alone, some see no names and addresses and must not find them out either. */
export type Viewer = { brandIds: Id[] | null; inFull: boolean }

export type CustomerFacts = {
  customerId: Id
  ecellarCustomerId: string | null
  email: string | null
  firstName: string | null
  lastName: string | null
  customerSource: string | null
  customerType: string | null
  allocationTier: string | null
  emailConsent: EmailConsent
  asksMailAgainAt: Date | null
  bounced: boolean
  active: boolean
  clubMember: boolean
  tags: string[]
  releasedAt: Date | null
  releaseDueAt: Date | null
  mayMail: boolean
  createdAt: Date
  createdBy: 'tock' | 'import' | 'staff'
  createdInPull: Id | null
  createdInImport: Id | null
}
export type ListedCustomer = CustomerFacts & Visits

/**
 * @param page `after`: the last customer of the page before, whose place in the order is looked up, so that no name or
 *   address stands in a cursor
 * @throws Refusal invalid when that customer is gone
 */
export async function searchCustomers(
  db: Db,
  wineryId: Id,
  viewer: Viewer,
  filter: CustomerFilter,
  page: { sort: CustomerSort; after: Id | null; limit: number },
): Promise<ListedCustomer[]> {
  return inWinery(db, wineryId, async (trx) => {
    if (page.after !== null) await assertThere(trx, wineryId, page.after)
    const { keys, order, beyond } = orderOf(page.sort)
    const onward =
      page.after === null
        ? sql<boolean>`true`
        : sql<boolean>`(${keys('c')}) ${beyond} (
            select ${keys('a')} from ecellar.customers a
            where a.winery_id = ${wineryId} and a.customer_id = ${page.after})`
    const { rows } = await sql<ListedCustomer>`
      with page as materialized (
        select c.customer_id
        from ecellar.customer_facts c
        where ${chosen(wineryId, viewer, filter)} and ${onward}
        order by ${order}
        limit ${page.limit}
      )
      select ${customerColumns}, v.*
      from page
      join ecellar.customer_facts c on c.winery_id = ${wineryId} and c.customer_id = page.customer_id
      cross join lateral (${visitsOf(wineryId, sql.ref('c.customer_id'), viewer.brandIds)}) v
      order by ${order}`.execute(trx)
    return rows
  })
}

export async function countCustomers(
  db: Db,
  wineryId: Id,
  viewer: Viewer,
  filter: CustomerFilter,
): Promise<number> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ecellar.customer_facts c
      where ${chosen(wineryId, viewer, filter)}`.execute(trx)
    return rows[0]?.count ?? 0
  })
}

export async function seesCustomer(
  db: Db,
  wineryId: Id,
  viewer: Pick<Viewer, 'brandIds'>,
  customerId: Id,
): Promise<boolean> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql`
      select from ecellar.customers c
      where c.winery_id = ${wineryId} and c.customer_id = ${customerId} and ${isSeen(wineryId, viewer)}`.execute(
      trx,
    )
    return rows.length > 0
  })
}

/** Of `ecellar.customer_facts c`. */
export const customerColumns = sql`
  c.customer_id as "customerId",
  c.ecellar_customer_id as "ecellarCustomerId",
  c.email,
  c.first_name as "firstName",
  c.last_name as "lastName",
  c.customer_source as "customerSource",
  c.customer_type as "customerType",
  c.allocation_tier as "allocationTier",
  c.email_consent as "emailConsent",
  c.asks_mail_again_at as "asksMailAgainAt",
  c.bounced,
  c.active,
  c.club_member as "clubMember",
  c.tags,
  c.released_at as "releasedAt",
  c.release_due_at as "releaseDueAt",
  c.may_mail as "mayMail",
  c.created_at as "createdAt",
  c.created_by as "createdBy",
  c.created_in_pull as "createdInPull",
  c.created_in_import as "createdInImport"`

/** Somebody limited to brands sees who booked there, and nobody else. */
export function isSeen(wineryId: Id, viewer: Pick<Viewer, 'brandIds'>): RawBuilder<boolean> {
  return viewer.brandIds === null ? sql<boolean>`true` : bookedAt(wineryId, viewer.brandIds)
}

function chosen(wineryId: Id, viewer: Viewer, filter: CustomerFilter): RawBuilder<boolean> {
  const zone = sql`(select w.time_zone from ecellar.wineries w where w.winery_id = ${wineryId})`
  const from = (column: string, day: string) =>
    sql<boolean>`${sql.ref(column)} >= ${day}::timestamp at time zone ${zone}`
  const to = (column: string, day: string) =>
    sql<boolean>`${sql.ref(column)} < (${day}::timestamp + interval '1 day') at time zone ${zone}`
  const given = <Value>(value: Value | undefined, condition: (value: Value) => RawBuilder<boolean>) =>
    value === undefined ? [] : [condition(value)]
  return sql.join<boolean>(
    [
      sql`c.winery_id = ${wineryId}`,
      isSeen(wineryId, viewer),
      ...given(filter.text, (text) => hasWords(wineryId, viewer, text)),
      ...given(filter.released, (released) =>
        released ? sql<boolean>`c.released_at is not null` : sql<boolean>`c.released_at is null`,
      ),
      ...given(filter.createdBy, (by) => sql<boolean>`c.created_by = ${by}`),
      ...given(filter.createdInPull, (pull) => sql<boolean>`c.created_in_pull = ${pull}`),
      ...given(filter.createdInImport, (one) => sql<boolean>`c.created_in_import = ${one}`),
      ...given(filter.consent, (consent) => sql<boolean>`c.email_consent = ${consent}`),
      ...given(filter.mayMail, (mayMail) => sql<boolean>`c.may_mail = ${mayMail}`),
      ...given(filter.active, (active) => sql<boolean>`c.active = ${active}`),
      ...given(filter.brandIds, (brandIds) => bookedAt(wineryId, brandIds)),
      ...given(filter.createdFrom, (day) => from('c.created_at', day)),
      ...given(filter.createdTo, (day) => to('c.created_at', day)),
      ...given(filter.releasedFrom, (day) => from('c.released_at', day)),
      ...given(filter.releasedTo, (day) => to('c.released_at', day)),
    ],
    sql` and `,
  )
}

/** Who sees no names and addresses could find them out by trying: to them only numbers answer. */
function hasWords(wineryId: Id, { inFull }: Viewer, text: string): RawBuilder<boolean> {
  const words = searchWords(text).map(({ pattern, text: word, emailKey }) => {
    const isNumber = sql<boolean>`(c.ecellar_customer_id = ${word} or c.customer_id::text = ${word})`
    if (!inFull) return isNumber
    // A whole address has an index, and is looked for among the guests of the customer too.
    if (emailKey !== null) {
      return sql<boolean>`c.customer_id in (
        select m.customer_id from ecellar.customers m
        where m.winery_id = ${wineryId} and m.email_key = ${emailKey} collate "C"
        union
        select p.customer_id from ecellar.patrons p
        where p.winery_id = ${wineryId} and p.customer_id is not null and p.email_key = ${emailKey} collate "C")`
    }
    return sql<boolean>`(c.last_name ~ ${pattern} or c.first_name ~ ${pattern} or c.email_key ~ ${pattern}
      or c.ecellar_customer_id ~ ${pattern} or c.customer_id::text = ${word})`
  })
  return words.length === 0 ? sql<boolean>`true` : sql.join<boolean>(words, sql` and `)
}

/** What each order goes by; the customer's number decides between equals. */
const sortKeys: Record<string, (table: string) => RawBuilder<unknown>[]> = {
  createdAt: (table) => [sql`${sql.ref(`${table}.created_at`)}`],
  // Who is not released comes as if it had been before all others.
  releasedAt: (table) => [sql`coalesce(${sql.ref(`${table}.released_at`)}, '-infinity')`],
  name: (table) => [
    sql`lower(coalesce(${sql.ref(`${table}.last_name`)}, ''))`,
    sql`lower(coalesce(${sql.ref(`${table}.first_name`)}, ''))`,
  ],
  email: (table) => [sql`coalesce(${sql.ref(`${table}.email_key`)}, '')`],
}

function orderOf(sort: CustomerSort) {
  const descending = sort.startsWith('-')
  const keys = (table: string) => [
    ...(sortKeys[sort.replace('-', '')]?.(table) ?? []),
    sql.ref(`${table}.customer_id`),
  ]
  return {
    keys: (table: string) => sql.join(keys(table)),
    order: sql.join(keys('c').map((key) => (descending ? sql`${key} desc` : sql`${key} asc`))),
    beyond: descending ? sql`<` : sql`>`,
  }
}

async function assertThere(trx: WineryTransaction, wineryId: Id, customerId: Id): Promise<void> {
  const { rows } = await sql`
    select from ecellar.customers where winery_id = ${wineryId} and customer_id = ${customerId}`.execute(trx)
  if (rows.length > 0) return
  throw new Refusal(
    'invalid',
    'The customer with whom the page before ended is gone.',
    'Begin again with the first page.',
  )
}
