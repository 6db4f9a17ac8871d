/** Everything that is known of one customer, on one card; reservations and history are paged beside it. */

import { sql } from 'kysely'
import type { PullKind } from '../contract/pull-report.ts'
import type { EmailConsent } from '../contract/vocabulary.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { guestsOf, type Visits, visitsOf } from './customer-visits.ts'
import { customerColumns, isSeen, type ListedCustomer, type Viewer } from './customers-search.ts'

export type BrandVisits = Visits & { brand: string }

/** A person as Tock knows him; several may be one customer. */
export type LinkedGuest = {
  businessGroupId: string
  /** null: Tock gave an address without a guest. */
  patronId: string | null
  email: string | null
  firstName: string | null
  lastName: string | null
  optIn: boolean | null
  optInSource: string | null
  dateOptedIn: string | null
  profileUpdatedAt: Date | null
}

export type ConsentChange = {
  changedAt: Date
  before: EmailConsent
  after: EmailConsent
  source: 'tock' | 'import' | 'staff'
  /** Tock's own words, where Tock said so. */
  tockWords: string | null
  reason: string | null
  pullId: Id | null
}

export type Origin = {
  createdBy: 'tock' | 'import' | 'staff'
  pull: { pullId: Id; brand: string | null; kind: PullKind | null; finishedAt: Date | null } | null
  /** It brought the customer, or took it over from Tock. */
  import: { importId: Id; importedAt: Date; importedBy: string } | null
}

export type CustomerCard = ListedCustomer & {
  /** The customer whom a person found to be the same: guests and reservations are there. */
  samePersonAs: Id | null
  brandVisits: BrandVisits[]
  origin: Origin
  guests: LinkedGuest[]
  /** The latest first. */
  consentChanges: ConsentChange[]
}

/** null: not there, or not for this viewer. */
export async function readCustomerCard(
  db: Db,
  wineryId: Id,
  viewer: Pick<Viewer, 'brandIds'>,
  customerId: Id,
): Promise<CustomerCard | null> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ListedCustomer & { samePersonAs: Id | null }>`
      select ${customerColumns}, v.*,
        (select o.same_as from ecellar.customers o
          where o.winery_id = c.winery_id and o.customer_id = c.customer_id) as "samePersonAs"
      from ecellar.customer_facts c
      cross join lateral (${visitsOf(wineryId, sql.ref('c.customer_id'), viewer.brandIds)}) v
      where c.winery_id = ${wineryId} and c.customer_id = ${customerId} and ${isSeen(wineryId, viewer)}`.execute(
      trx,
    )
    const facts = rows[0]
    if (!facts) return null
    return {
      ...facts,
      brandVisits: await readBrandVisits(trx, wineryId, viewer, customerId),
      origin: await readOrigin(trx, wineryId, facts),
      guests: await readGuests(trx, wineryId, customerId),
      consentChanges: await readConsentChanges(trx, wineryId, customerId),
    }
  })
}

async function readBrandVisits(
  trx: WineryTransaction,
  wineryId: Id,
  viewer: Pick<Viewer, 'brandIds'>,
  customerId: Id,
): Promise<BrandVisits[]> {
  const { rows } = await sql<BrandVisits>`
    select b.code as brand, v.*
    from (
      select distinct r.brand_id
      from ecellar.reservations r
      where r.winery_id = ${wineryId}
        and r.guest_patron_id = any(${guestsOf(wineryId, customerId)})
        and r.customer_id = ${customerId}
    ) booked
    join ecellar.brands b on b.winery_id = ${wineryId} and b.brand_id = booked.brand_id
    cross join lateral (${visitsOf(wineryId, sql`${customerId}::bigint`, null, sql.ref('b.brand_id'))}) v
    where ${viewer.brandIds}::bigint[] is null or b.brand_id = any(${viewer.brandIds}::bigint[])
    order by b.code`.execute(trx)
  return rows
}

async function readOrigin(trx: WineryTransaction, wineryId: Id, facts: ListedCustomer): Promise<Origin> {
  const { createdBy, createdInPull, createdInImport } = facts
  const { rows } = await sql<{ pull: Origin['pull']; import: Origin['import'] }>`
    select
      (select row_to_json(x) from (
        select p.pull_id::text as "pullId", b.code as brand, p.kind, p.finished_at as "finishedAt"
        from ecellar.pulls p
        left join ecellar.brands b on b.winery_id = p.winery_id and b.brand_id = p.brand_id
        where p.winery_id = ${wineryId} and p.pull_id = ${createdInPull}) x) as pull,
      (select row_to_json(x) from (
        select i.import_id::text as "importId", i.imported_at as "importedAt", i.imported_by as "importedBy"
        from ecellar.imports i
        where i.winery_id = ${wineryId} and i.import_id = ${createdInImport}) x) as import`.execute(trx)
  const found = rows[0]
  const pull = found?.pull ?? null
  const imported = found?.import ?? null
  return {
    createdBy,
    // Times inside JSON come as text.
    pull: pull && { ...pull, finishedAt: pull.finishedAt && new Date(pull.finishedAt) },
    import: imported && { ...imported, importedAt: new Date(imported.importedAt) },
  }
}

async function readGuests(trx: WineryTransaction, wineryId: Id, customerId: Id): Promise<LinkedGuest[]> {
  const { rows } = await sql<LinkedGuest>`
    select
      p.business_group_id as "businessGroupId",
      case when p.patron_id not like '@%' then p.patron_id end as "patronId",
      p.email,
      p.first_name as "firstName",
      p.last_name as "lastName",
      p.opt_in as "optIn",
      p.opt_in_source as "optInSource",
      p.date_opted_in as "dateOptedIn",
      p.profile_updated_at as "profileUpdatedAt"
    from ecellar.patrons p
    where p.winery_id = ${wineryId} and p.customer_id = ${customerId}
    order by p.business_group_id, p.patron_id`.execute(trx)
  return rows
}

async function readConsentChanges(
  trx: WineryTransaction,
  wineryId: Id,
  customerId: Id,
): Promise<ConsentChange[]> {
  const { rows } = await sql<ConsentChange>`
    select changed_at as "changedAt", before, after, source, tock_words as "tockWords", reason, pull_id as "pullId"
    from ecellar.consent_changes
    where winery_id = ${wineryId} and customer_id = ${customerId}
    order by consent_change_id desc`.execute(trx)
  return rows
}
