/** Tock's seating areas and their mapping to locations; a brand's default serves the areas that have none. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import type { Db } from '../database/connect.ts'
import { inWinery, rehearseInWinery, type WineryTransaction } from '../database/tenant-session.ts'
import type { Brand } from './brands.ts'
import { lastSeenBy } from './last-seen.ts'
import { findOrCreateEntry } from './list-entries.ts'
import { pickKnown } from './pick-known.ts'

/** A row of `reporting.locations`; the one without an area is the brand's default. */
export type ListedLocation = {
  winery: string
  brand: string
  seating_area_id: string | null
  seating_area: string | null
  reservations: number
  location: string | null
}

/** Those with something to do first. */
export async function listLocations(db: Db, wineryId: string, brandCode?: string): Promise<ListedLocation[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<ListedLocation>`
      select * from reporting.locations
      where ${brandCode ?? null}::text is null or brand = ${brandCode ?? null}
      order by brand, seating_area_id is not null, location is not null, reservations desc, seating_area_id`.execute(
      trx,
    )
    return rows
  })
}

/** Besides: its own location, and what tells whether it is still of use. */
export type LocationOnPage = ListedLocation & {
  /** null: it has the brand's default. */
  own_location: string | null
  /** null for a brand's default. */
  first_seen_at: Date | null
  /** The latest snapshot that has shown a reservation in it. */
  last_seen_at: Date | null
  /** The business's day, `2026-05-31`. */
  last_reservation_on: string | null
}

/** A part of them, by brand and area, the default of a brand first. */
export async function pageOfLocations(
  db: Db,
  wineryId: string,
  part: {
    brandIds: string[] | null
    state?: 'unmapped' | 'mapped' | undefined
    /** Brand and area (`''` for the default) that the page before ended with. */
    after: [brand: string, seatingAreaId: string] | null
    limit: number
  },
): Promise<LocationOnPage[]> {
  const { brandIds, state = null, after, limit } = part
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<LocationOnPage>`
      select l.*, own.name as own_location, a.first_seen_at, seen.last_seen_at, seen.last_reservation_on
      from reporting.locations l
      join ecellar.brands b on b.winery_id = ${wineryId} and b.code = l.brand
      left join ecellar.seating_areas a
        on a.winery_id = b.winery_id and a.brand_id = b.brand_id and a.seating_area_id = l.seating_area_id
      left join ecellar.list_entries own
        on own.winery_id = b.winery_id
        and own.entry_id = case when l.seating_area_id is null then b.default_location_id else a.location_id end
      left join (${lastSeenBy('seating_area_id', wineryId)}) seen
        on seen.brand = l.brand and seen.id is not distinct from l.seating_area_id
      where (${brandIds}::bigint[] is null
          or l.brand in (select b.code from ecellar.brands b where b.brand_id = any(${brandIds}::bigint[])))
        and (${state}::text is null or ${state} = case when l.location is null then 'unmapped' else 'mapped' end)
        and (${after === null}
          or (l.brand, coalesce(l.seating_area_id, '')) > (${after?.[0] ?? ''}, ${after?.[1] ?? ''}))
      order by l.brand, coalesce(l.seating_area_id, '')
      limit ${limit}`.execute(trx)
    return rows
  })
}

export type MappedLocation = {
  /** What the mapping applies to, before now. */
  pastReservations: number
  reservations: number
  /** null: the brand's default. */
  seatingAreaId: string | null
  seatingArea: string | null
  location: string | null
}

/** Without a seating area: the brand's default. @throws Refusal not_found (the area), invalid (the location) */
export async function mapLocation(
  db: Db,
  brand: Brand,
  given: {
    seatingAreaId?: string | undefined
    /** null takes the mapping off again. */
    location: string | null
    create: boolean
    /** Only to say what would happen. */
    dryRun?: boolean | undefined
  },
  actor: Actor,
): Promise<MappedLocation> {
  const run = given.dryRun ? rehearseInWinery : inWinery
  return run(db, brand.winery_id, async (trx) => {
    const area =
      given.seatingAreaId === undefined ? null : await findSeatingArea(trx, brand, given.seatingAreaId)
    const counted = await countReservations(trx, brand, area?.seating_area_id ?? null)
    const locationId =
      given.location === null
        ? null
        : await findOrCreateEntry(trx, brand.winery_id, 'location', given.location, given.create)
    if (area) {
      await trx
        .updateTable('seating_areas')
        .set({ location_id: locationId })
        .where('winery_id', '=', brand.winery_id)
        .where('brand_id', '=', brand.brand_id)
        .where('seating_area_id', '=', area.seating_area_id)
        .execute()
    } else {
      await trx
        .updateTable('brands')
        .set({ default_location_id: locationId })
        .where('winery_id', '=', brand.winery_id)
        .where('brand_id', '=', brand.brand_id)
        .execute()
    }
    const entry = await trx
      .selectFrom('list_entries')
      .select('name')
      .where('winery_id', '=', brand.winery_id)
      .where('entry_id', '=', locationId)
      .executeTakeFirst()
    const location = entry?.name ?? null
    await recordAudit(trx, {
      wineryId: brand.winery_id,
      actor,
      action: 'mapping.write',
      subject: area
        ? `${brand.code}: seating area ${area.seating_area_id}`
        : `${brand.code}: default location`,
      details: { location, ...counted },
    })
    return {
      ...counted,
      seatingAreaId: area?.seating_area_id ?? null,
      seatingArea: area?.name ?? null,
      location,
    }
  })
}

async function findSeatingArea(
  trx: WineryTransaction,
  brand: Brand,
  seatingAreaId: string,
): Promise<{ seating_area_id: string; name: string | null }> {
  const known = await trx
    .selectFrom('seating_areas')
    .select(['seating_area_id', 'seating_area_id as id', 'name'])
    .where('winery_id', '=', brand.winery_id)
    .where('brand_id', '=', brand.brand_id)
    .execute()
  return pickKnown(known, seatingAreaId, {
    brand: brand.code,
    thing: 'seating area',
    list: 'locations',
    whenNone: "The list grows from what pulls bring; leave out --seating-area to set the brand's default.",
  })
}

/** For the default: the reservations whose area has no location of its own. */
async function countReservations(
  trx: WineryTransaction,
  brand: Brand,
  seatingAreaId: string | null,
): Promise<{ pastReservations: number; reservations: number }> {
  const { rows } = await sql<{ past: number; all: number }>`
    select count(*) filter (where r.starts_at < now())::int as past, count(*)::int as all
    from ecellar.reservations r
    left join ecellar.seating_areas a
      on a.winery_id = r.winery_id and a.brand_id = r.brand_id and a.seating_area_id = r.seating_area_id
    where r.winery_id = ${brand.winery_id} and r.brand_id = ${brand.brand_id}
      and case when ${seatingAreaId}::text is null then a.location_id is null
        else r.seating_area_id = ${seatingAreaId} end`.execute(trx)
  return { pastReservations: rows[0]?.past ?? 0, reservations: rows[0]?.all ?? 0 }
}
