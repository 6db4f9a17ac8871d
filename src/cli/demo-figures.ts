/** What the demo's winery wants to see, read from the reporting views as any analyst would. */

import { sql } from 'kysely'
import type { Context } from './door.ts'

type Db = Context['database']['db']

export type DemoFigures = {
  brands: {
    brand: string
    name: string
    timeZone: string | null
    reservations: number
    upcoming: number
    visits: number
    customers: number
  }[]
  /** Of all brands by name; null: Tock named none. */
  experiences: { name: string | null; reservationType: string | null; brands: Record<string, number> }[]
  upcoming: { brand: string; localStart: string; party: number | null; experience: string | null }[]
  customers: { total: number; imported: number; createdByTock: number; unreleased: number }
  segment: {
    name: string
    came: number
    mayBeMailed: number
    notReleased: number
    noConsent: number
    other: number
  }
  exceptions: { code: string; count: number }[]
}

const segmentDays = 90

export async function demoFigures(db: Db, winery: string): Promise<DemoFigures> {
  const [brands, experiences, upcoming, customers, segment, exceptions] = await Promise.all([
    brandFigures(db, winery),
    experienceFigures(db, winery),
    nextReservations(db, winery),
    customerFigures(db, winery),
    segmentFigures(db, winery),
    exceptionFigures(db, winery),
  ])
  return { brands, experiences, upcoming, customers, segment, exceptions }
}

async function brandFigures(db: Db, winery: string): Promise<DemoFigures['brands']> {
  const { rows } = await sql<DemoFigures['brands'][number]>`
    select
      r.brand,
      b.name,
      bb.time_zone as "timeZone",
      count(*)::int as reservations,
      count(*) filter (where r.starts_at >= now() and not r.is_cancelled and r.missing_since is null)::int as upcoming,
      count(distinct (r.customer_id, r.local_start::date)) filter (where r.is_visit and r.customer_id is not null)::int as visits,
      count(distinct r.customer_id)::int as customers
    from reporting.reservations r
    join ecellar.wineries w on w.slug = r.winery
    join ecellar.brands b on b.winery_id = w.winery_id and b.code = r.brand
    join ecellar.brand_businesses bb
      on bb.winery_id = b.winery_id and bb.brand_id = b.brand_id and bb.business_id = b.business_id
    where r.winery = ${winery}
    group by b.brand_id, r.brand, b.name, bb.time_zone
    order by b.brand_id`.execute(db)
  return rows
}

async function experienceFigures(db: Db, winery: string): Promise<DemoFigures['experiences']> {
  const { rows } = await sql<DemoFigures['experiences'][number]>`
    select name, "reservationType", jsonb_object_agg(brand, reservations) as brands
    from (
      select
        experience as name,
        max(reservation_type) as "reservationType",
        brand,
        count(*)::int as reservations
      from reporting.reservations
      where winery = ${winery}
      group by experience, brand
    ) counted
    group by name, "reservationType"
    order by sum(reservations) desc, name`.execute(db)
  return rows
}

async function nextReservations(db: Db, winery: string): Promise<DemoFigures['upcoming']> {
  const { rows } = await sql<DemoFigures['upcoming'][number]>`
    select
      brand,
      to_char(local_start, 'YYYY-MM-DD HH24:MI') as "localStart",
      party_size as party,
      experience
    from (
      select r.*, row_number() over (partition by brand order by starts_at, reservation_id::bigint) as place
      from reporting.reservations r
      where winery = ${winery} and starts_at >= now() and not is_cancelled and missing_since is null
    ) next
    where place <= 2
    order by starts_at, brand`.execute(db)
  return rows
}

async function customerFigures(db: Db, winery: string): Promise<DemoFigures['customers']> {
  const { rows } = await sql<DemoFigures['customers']>`
    select
      count(*)::int as total,
      count(*) filter (where created_by = 'import')::int as imported,
      count(*) filter (where created_by = 'tock')::int as "createdByTock",
      count(*) filter (where released_at is null)::int as unreleased
    from reporting.customers
    where winery = ${winery}`.execute(db)
  return rows[0] ?? { total: 0, imported: 0, createdByTock: 0, unreleased: 0 }
}

async function segmentFigures(db: Db, winery: string): Promise<DemoFigures['segment']> {
  const { rows } = await sql<Omit<DemoFigures['segment'], 'name'>>`
    select
      count(*)::int as came,
      count(*) filter (where c.may_mail)::int as "mayBeMailed",
      count(*) filter (where c.released_at is null)::int as "notReleased",
      count(*) filter (where c.released_at is not null and c.email_consent <> 'in')::int as "noConsent",
      count(*) filter (where not c.may_mail and c.released_at is not null and c.email_consent = 'in')::int as other
    from reporting.customers c
    join ecellar.wineries w on w.slug = c.winery
    where c.winery = ${winery}
      and c.last_visit_on >= (now() at time zone w.time_zone)::date - ${segmentDays}::int`.execute(db)
  const name = `came in the last ${segmentDays} days and may be mailed`
  return { name, ...(rows[0] ?? { came: 0, mayBeMailed: 0, notReleased: 0, noConsent: 0, other: 0 }) }
}

async function exceptionFigures(db: Db, winery: string): Promise<DemoFigures['exceptions']> {
  const { rows } = await sql<DemoFigures['exceptions'][number]>`
    select code, count(*)::int as count
    from reporting.exceptions
    where winery = ${winery} and resolved_at is null
    group by code
    order by code`.execute(db)
  return rows
}
