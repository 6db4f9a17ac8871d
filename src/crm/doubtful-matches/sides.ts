/** Both sides of a doubtful match: guests of Tock and customers, with what tells them apart. */

import { type RawBuilder, sql } from 'kysely'
import type { EmailConsent } from '../../contract/vocabulary.ts'
import type { Id } from '../../database/rows.ts'
import type { WineryTransaction } from '../../database/tenant-session.ts'
import { consentWords } from '../consent-words.ts'
import { guestsOf, type Visits, visitsOf } from '../customer-visits.ts'
import { isSeen, type Viewer } from '../customers-search.ts'

export type MatchSide = {
  is: 'guest' | 'customer'
  customerId: Id | null
  patronId: string | null
  email: string | null
  firstName: string | null
  lastName: string | null
  createdBy: 'tock' | 'import' | 'staff' | null
  createdAt: Date | null
  createdInPull: Id | null
  releasedAt: Date | null
  active: boolean | null
  emailConsent: EmailConsent | null
  consentWords: string | null
  customerType: string | null
  reservations: number
  brands: string[]
  isSeen: boolean
} & Pick<Visits, 'visits' | 'lastVisitOn' | 'nextVisitOn'>

/** Of an address that many have, so many are enough to see it. */
const shown = 6

/** By exception: guests first. What whoever asks may not see is not told. */
export async function sidesOf(
  trx: WineryTransaction,
  wineryId: Id,
  viewer: Pick<Viewer, 'brandIds'>,
  exceptionIds: Id[],
): Promise<Map<Id, MatchSide[]>> {
  const found = new Map<Id, MatchSide[]>(exceptionIds.map((id) => [id, []]))
  const asked = sql`(
    select x.* from ecellar.exceptions x
    where x.winery_id = ${wineryId} and x.exception_id = any(${exceptionIds}::bigint[]))`
  const guests = await readGuests(trx, wineryId, viewer, asked)
  const customers = await readCustomers(trx, wineryId, viewer, asked)
  for (const { exceptionId, ...side } of [...guests, ...customers]) {
    found.get(exceptionId)?.push(side.isSeen ? side : { ...nothingTold, is: side.is })
  }
  return found
}

type OfException = MatchSide & { exceptionId: Id }

async function readGuests(
  trx: WineryTransaction,
  wineryId: Id,
  { brandIds }: Pick<Viewer, 'brandIds'>,
  asked: RawBuilder<unknown>,
): Promise<OfException[]> {
  const { rows } = await sql<OfException>`
    select x.exception_id as "exceptionId", 'guest' as is, p.customer_id as "customerId",
      case when p.patron_id not like '@%' then p.patron_id end as "patronId",
      p.email, p.first_name as "firstName", p.last_name as "lastName",
      null as "createdBy", null as "createdAt", null as "createdInPull", null as "releasedAt", null as active,
      null as "emailConsent", ${sql.raw(consentWords)} as "consentWords", null as "customerType",
      v.*, ${brandIds}::bigint[] is null or v.reservations > 0 as "isSeen"
    from ${asked} x
    cross join lateral (
      select p.* from ecellar.patrons p
      where p.winery_id = x.winery_id and p.business_group_id = x.business_group_id and p.patron_id = x.patron_id
      union all
      (select p.* from ecellar.patrons p
      where p.winery_id = x.winery_id and p.email_key = x.email_key
        and x.code in ('several_customers', 'shared_address_proposed')
      order by p.business_group_id, p.patron_id
      limit ${shown})
    ) p
    cross join lateral (
      select
        count(*)::int as reservations,
        count(distinct (r.brand_id, r.local_start::date)) filter (where r.is_visit)::int as visits,
        (max(r.local_start) filter (where r.is_visit))::date::text as "lastVisitOn",
        (min(r.local_start) filter (where r.is_upcoming))::date::text as "nextVisitOn",
        coalesce(array_agg(distinct r.brand) filter (where r.brand is not null), '{}') as brands
      from ecellar.reservation_facts r
      join ecellar.brand_businesses bb
        on bb.winery_id = r.winery_id and bb.brand_id = r.brand_id and bb.business_id = r.business_id
      where r.winery_id = ${wineryId} and r.guest_patron_id = p.patron_id and bb.business_group_id = p.business_group_id
        and (${brandIds}::bigint[] is null or r.brand_id = any(${brandIds}::bigint[]))
    ) v
    order by x.exception_id, p.business_group_id, p.patron_id`.execute(trx)
  return rows
}

async function readCustomers(
  trx: WineryTransaction,
  wineryId: Id,
  viewer: Pick<Viewer, 'brandIds'>,
  asked: RawBuilder<unknown>,
): Promise<OfException[]> {
  const { rows } = await sql<OfException>`
    select x.exception_id as "exceptionId", 'customer' as is, c.customer_id as "customerId", null as "patronId",
      c.email, c.first_name as "firstName", c.last_name as "lastName",
      c.created_by as "createdBy", c.created_at as "createdAt", c.created_in_pull as "createdInPull",
      c.released_at as "releasedAt", c.active, c.email_consent as "emailConsent", null as "consentWords",
      c.customer_type as "customerType",
      v.visits, v."lastVisitOn", v."nextVisitOn", b.*, ${isSeen(wineryId, viewer)} as "isSeen"
    from ${asked} x
    cross join lateral (
      select o.customer_id, o.customer_id = x.customer_id and x.code = 'similar_name' as is_last from ecellar.customers o
      where o.winery_id = x.winery_id and o.customer_id in (x.customer_id, x.other_customer_id)
      union
      (select o.customer_id, false from ecellar.customers o
      where o.winery_id = x.winery_id and o.email_key = x.email_key
        and x.code in ('several_customers', 'shared_address_proposed')
      order by o.customer_id
      limit ${shown})
    ) which
    join ecellar.customer_facts c on c.winery_id = ${wineryId} and c.customer_id = which.customer_id
    cross join lateral (${visitsOf(wineryId, sql.ref('c.customer_id'), viewer.brandIds)}) v
    cross join lateral (
      select count(*)::int as reservations,
        coalesce(array_agg(distinct r.brand) filter (where r.brand is not null), '{}') as brands
      from ecellar.reservation_facts r
      where r.winery_id = ${wineryId}
        and r.guest_patron_id = any(${guestsOf(wineryId, sql.ref('c.customer_id'))})
        and r.customer_id = c.customer_id
        and (${viewer.brandIds}::bigint[] is null or r.brand_id = any(${viewer.brandIds}::bigint[]))
    ) b
    order by x.exception_id, which.is_last, c.created_by <> 'tock' desc, c.customer_id`.execute(trx)
  return rows
}

const nothingTold: MatchSide = {
  is: 'guest',
  customerId: null,
  patronId: null,
  email: null,
  firstName: null,
  lastName: null,
  createdBy: null,
  createdAt: null,
  createdInPull: null,
  releasedAt: null,
  active: null,
  emailConsent: null,
  consentWords: null,
  customerType: null,
  reservations: 0,
  visits: 0,
  lastVisitOn: null,
  nextVisitOn: null,
  brands: [],
  isSeen: false,
}
