/**
 * What a marketer asks, three conditions each: as a definition, and as the best SQL that could be written by hand for it
 * (`from` and `where` over `ecellar.customers c`). The SQL knows the winery's numbers, days and snapshots beforehand.
 */

import type { Condition } from '../src/contract/segment.ts'

export type Question = {
  name: string
  where: Condition
  sql: (place: Place) => string
  /** By hand, too, it is quicker in parts of the customers, which PostgreSQL counts at once. */
  inParts?: true
}
/** The winery, its brands, the experiences that are no visits, and the part of the customers where that is asked for. */
export type Place = {
  winery: string
  brands: Record<string, string>
  notVisits: string
  part: (column: string) => string
}

const month = (n: number) => ({ kind: 'last', n, unit: 'months' }) as const
const mayMail = { kind: 'flag', flag: 'mayMail', is: true } as const

/** Customers who may be mailed (rule 20), and the snapshot that visits are known from. */
export const maySql = `(c.email_key is not null and not c.bounced and c.active and c.released_at is not null and c.email_consent = 'in')`
const visit = (place: Place) => `r.winery_id = ${place.winery} and r.customer_id is not null
  and r.status not in ('Cancelled', 'Transferred', 'No Show')
  and r.starts_at < coalesce(r.last_shown_at, timestamptz '2026-11-20 13:57Z') and r.experience_id not in (${place.notVisits})
  ${place.part('r.customer_id')}`

export const questions: Question[] = [
  {
    name: '2 visits of A in 12 months, may be mailed, not of the club',
    where: {
      kind: 'all',
      of: [
        { kind: 'count', of: 'visits', brands: ['A'], in: month(12), times: { is: 'atLeast', n: 2 } },
        mayMail,
        { kind: 'flag', flag: 'clubMember', is: false },
      ],
    },
    sql: (place) => `from ecellar.customers c
      join (
        select r.customer_id from ecellar.reservations r
        where ${visit(place)} and r.brand_id = ${place.brands.A}
          and r.starts_at >= '2025-11-20 00:00 America/Los_Angeles' and r.starts_at < '2026-11-21 00:00 America/Los_Angeles'
        group by r.customer_id having count(distinct r.local_start::date) >= 2
      ) v using (customer_id)
      where c.winery_id = ${place.winery} and ${maySql} and not c.club_member`,
  },
  {
    name: 'lapsed: 3 visits before, none in 18 months, may be mailed',
    where: {
      kind: 'all',
      of: [
        {
          kind: 'count',
          of: 'visits',
          in: { kind: 'earlier', n: 18, unit: 'months' },
          times: { is: 'atLeast', n: 3 },
        },
        { kind: 'count', of: 'visits', in: month(18), times: { is: 'atMost', n: 0 } },
        mayMail,
      ],
    },
    sql: (place) => `from ecellar.customers c
      join (
        select d.customer_id
        from (
          select r.customer_id, r.brand_id, r.local_start::date as day from ecellar.reservations r where ${visit(place)} group by 1, 2, 3
        ) d
        group by d.customer_id having count(*) filter (where d.day < '2025-05-20') >= 3 and max(d.day) < '2025-05-20'
      ) v using (customer_id)
      where c.winery_id = ${place.winery} and ${maySql} ${place.part('c.customer_id')}`,
    inParts: true,
  },
  {
    name: 'upcoming within 14 days, visited before, may be mailed',
    where: {
      kind: 'all',
      of: [
        {
          kind: 'count',
          of: 'upcoming',
          in: { kind: 'next', n: 14, unit: 'days' },
          times: { is: 'atLeast', n: 1 },
        },
        { kind: 'count', of: 'visits', times: { is: 'atLeast', n: 1 } },
        mayMail,
      ],
    },
    sql: (place) => `from ecellar.customers c
      where c.winery_id = ${place.winery} and ${maySql}
        and exists (
          select from ecellar.reservations r
          where r.winery_id = ${place.winery} and r.customer_id = c.customer_id
            and r.status not in ('Cancelled', 'Transferred', 'No Show') and r.missing_since is null
            and r.experience_id not in (${place.notVisits})
            and r.starts_at >= '2026-11-20 20:00Z' and r.local_start < '2026-12-05')
        and exists (select from ecellar.reservations r where ${visit(place)} and r.customer_id = c.customer_id)`,
  },
  {
    name: 'first visit within 30 days, may be mailed, a guest',
    where: {
      kind: 'all',
      of: [
        { kind: 'firstVisit', in: { kind: 'last', n: 30, unit: 'days' } },
        mayMail,
        { kind: 'customerType', op: 'is', values: ['Guest'] },
      ],
    },
    sql: (place) => `from ecellar.customers c
      join (
        select distinct r.customer_id from ecellar.reservations r
        where ${visit(place)} and r.local_start >= '2026-10-21' and r.starts_at >= '2026-10-20Z'
      ) v using (customer_id)
      where c.winery_id = ${place.winery} and ${maySql}
        and c.customer_type_id = (select entry_id from ecellar.list_entries where winery_id = ${place.winery} and name = 'Guest')
        and not exists (
          select from ecellar.reservations r
          where ${visit(place)} and r.customer_id = c.customer_id and r.local_start < '2026-10-21')`,
  },
  {
    name: 'visited A, never B, may be mailed',
    where: {
      kind: 'all',
      of: [
        { kind: 'count', of: 'visits', brands: ['A'], times: { is: 'atLeast', n: 1 } },
        { kind: 'count', of: 'visits', brands: ['B'], times: { is: 'exactly', n: 0 } },
        mayMail,
      ],
    },
    sql: (place) => `from ecellar.customers c
      join (
        select r.customer_id from ecellar.reservations r
        where ${visit(place)} and (r.brand_id + 0) in (${place.brands.A}, ${place.brands.B})
        group by 1 having bool_and(r.brand_id = ${place.brands.A})
      ) v using (customer_id)
      where c.winery_id = ${place.winery} and ${maySql} ${place.part('c.customer_id')}`,
    inParts: true,
  },
  {
    name: 'cancelled or no-show twice, no upcoming, may be mailed',
    where: {
      kind: 'all',
      of: [
        { kind: 'count', of: 'cancelledOrNoShows', times: { is: 'atLeast', n: 2 } },
        { kind: 'count', of: 'upcoming', times: { is: 'exactly', n: 0 } },
        mayMail,
      ],
    },
    sql: (place) => `from ecellar.customers c
      join (
        select r.customer_id from ecellar.reservations r
        where r.winery_id = ${place.winery} and r.customer_id is not null and r.status in ('Cancelled', 'No Show')
        group by 1 having count(*) >= 2
      ) v using (customer_id)
      where c.winery_id = ${place.winery} and ${maySql}
        and not exists (
          select from ecellar.reservations r
          where r.winery_id = ${place.winery} and r.customer_id = c.customer_id and r.starts_at >= '2026-11-20 20:00Z'
            and r.status not in ('Cancelled', 'Transferred', 'No Show') and r.missing_since is null
            and r.experience_id not in (${place.notVisits}))`,
  },
  {
    name: 'from Tock, created within a year, opted in',
    where: {
      kind: 'all',
      of: [
        { kind: 'customerSource', op: 'is', values: ['Tock'] },
        { kind: 'created', in: month(12) },
        { kind: 'emailConsent', op: 'is', values: ['in'] },
      ],
    },
    sql: (place) => `from ecellar.customers c
      where c.winery_id = ${place.winery} and c.email_consent = 'in' and c.created_at >= '2025-11-20 00:00 America/Los_Angeles'
        and c.created_at < '2026-11-21 00:00 America/Los_Angeles'
        and c.customer_source_id = (select entry_id from ecellar.list_entries where winery_id = ${place.winery} and name = 'Tock')`,
  },
]
