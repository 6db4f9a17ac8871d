/**
 * What a definition's words mean at one winery: its brands with their clocks and snapshots, its lists, what is mapped
 * to what. Small, and read anew for each question, so that the large statement has no names left to look up.
 */

import { type RawBuilder, sql } from 'kysely'
import type { ListName, MailPolicy } from '../contract/vocabulary.ts'
import type { Id } from '../database/rows.ts'
import type { WineryTransaction } from '../database/tenant-session.ts'

export type SegmentBrand = {
  brandId: Id
  code: string
  businessGroupId: string
  defaultLocationId: Id | null
  /** Of its present business; the winery's until its first pull. */
  timeZone: string
  /** The snapshot that is the latest to be known. */
  snapshotAt: Date | null
  /** Everything that was ever pulled for it. */
  businesses: { businessId: string; snapshotAt: Date | null }[]
}

export type SegmentWorld = {
  wineryId: Id
  now: Date
  timeZone: string
  mailPolicy: MailPolicy
  /** The least and the greatest number of a customer. */
  customers: { first: Id | null; last: Id | null }
  brands: SegmentBrand[]
  entries: { entryId: Id; list: ListName; name: string }[]
  experiences: {
    brandId: Id
    experienceId: string
    name: string | null
    reservationTypeId: Id | null
    notAVisit: boolean
  }[]
  seatingAreas: { brandId: Id; seatingAreaId: string; locationId: Id | null }[]
  /** As if these customers `c` had been released now. */
  asIfReleased?: RawBuilder<boolean>
  /** As if this pull had brought no reservations. */
  withoutPull?: Id
}

/** One statement: all of it as of one instant. */
export async function readSegmentWorld(
  trx: WineryTransaction,
  wineryId: Id,
  now: Date,
): Promise<SegmentWorld> {
  const { rows } = await sql<{ world: Omit<SegmentWorld, 'now' | 'wineryId'> }>`
    select json_build_object(
      'timeZone', w.time_zone,
      'mailPolicy', w.mail_policy,
      'customers', (
        select json_build_object('first', min(c.customer_id)::text, 'last', max(c.customer_id)::text)
        from ecellar.customers c where c.winery_id = w.winery_id
      ),
      'brands', coalesce((
        select json_agg(json_build_object(
          'brandId', b.brand_id::text,
          'code', b.code,
          'businessGroupId', b.business_group_id,
          'defaultLocationId', b.default_location_id::text,
          'timeZone', coalesce(present.time_zone, w.time_zone),
          'snapshotAt', present.last_snapshot_at,
          'businesses', coalesce((
            select json_agg(json_build_object('businessId', bb.business_id, 'snapshotAt', bb.last_snapshot_at)
              order by bb.business_id)
            from ecellar.brand_businesses bb
            where bb.winery_id = w.winery_id and bb.brand_id = b.brand_id
          ), '[]')
        ) order by b.code)
        from ecellar.brands b
        left join ecellar.brand_businesses present
          on present.winery_id = b.winery_id and present.brand_id = b.brand_id and present.business_id = b.business_id
        where b.winery_id = w.winery_id
      ), '[]'),
      'entries', coalesce((
        select json_agg(json_build_object('entryId', e.entry_id::text, 'list', e.list, 'name', e.name))
        from ecellar.list_entries e where e.winery_id = w.winery_id
      ), '[]'),
      'experiences', coalesce((
        select json_agg(json_build_object(
          'brandId', x.brand_id::text,
          'experienceId', x.experience_id,
          'name', x.name,
          'reservationTypeId', x.reservation_type_id::text,
          'notAVisit', coalesce(t.not_a_visit, false)
        ))
        from ecellar.experiences x
        left join ecellar.list_entries t on t.winery_id = x.winery_id and t.entry_id = x.reservation_type_id
        where x.winery_id = w.winery_id
      ), '[]'),
      'seatingAreas', coalesce((
        select json_agg(json_build_object(
          'brandId', a.brand_id::text, 'seatingAreaId', a.seating_area_id, 'locationId', a.location_id::text))
        from ecellar.seating_areas a where a.winery_id = w.winery_id
      ), '[]')
    ) as world
    from ecellar.wineries w
    where w.winery_id = ${wineryId}`.execute(trx)
  const world = rows[0]?.world
  if (!world) throw new Error('The winery is gone')
  const time = (given: unknown) => (typeof given === 'string' ? new Date(given) : null)
  return {
    ...world,
    wineryId,
    now,
    brands: world.brands.map((brand) => ({
      ...brand,
      snapshotAt: time(brand.snapshotAt),
      businesses: brand.businesses.map((one) => ({ ...one, snapshotAt: time(one.snapshotAt) })),
    })),
  }
}
