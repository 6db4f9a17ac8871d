/** A plain winery, put into the tables. */

import { addBrand } from '../../src/crm/brands.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import type { Id } from '../../src/database/rows.ts'
import { actor } from '../actor.ts'
import type { TestDatabase } from '../database-for-tests.ts'
import { localStart, type PlainWinery } from './plain-evaluation.ts'
import { lists } from './random-segments.ts'

let made = 0

/** @returns the winery's id, and which customer has which number */
export async function storeWinery(
  database: TestDatabase,
  plain: PlainWinery,
): Promise<{ wineryId: Id; numbers: Map<string, Id> }> {
  made += 1
  const { winery } = await addWinery(
    database.db,
    { slug: `plain-${made}`, name: `Plain ${made}`, timeZone: plain.zone },
    actor,
  )
  const wineryId = winery.winery_id
  const session = await database.session()
  const put = (table: string, rows: object[]) =>
    session.query(
      `insert into ecellar.${table} (${Object.keys(rows[0] ?? {}).join(', ')})
      select ${Object.keys(rows[0] ?? {})
        .map((name) => `t.${name}`)
        .join(', ')}
      from jsonb_populate_recordset(null::ecellar.${table}, $1) t returning *`,
      [JSON.stringify(rows)],
    )
  const rowsOf = async (table: string, rows: object[]) =>
    rows.length === 0
      ? []
      : (
          await put(
            table,
            rows.map((row) => ({ winery_id: wineryId, ...row })),
          )
        ).rows
  try {
    await session.query('update ecellar.wineries set mail_policy = $2 where winery_id = $1', [
      wineryId,
      plain.policy,
    ])
    const entries = await session.query<{ entry_id: string; list: string; name: string }>(
      `insert into ecellar.list_entries (winery_id, list, name, not_a_visit)
      select $1, list, name, name = 'Virtual' from unnest($2::text[], $3::text[]) t (list, name) returning *`,
      [
        wineryId,
        Object.entries(lists).flatMap(([list, names]) => names.map(() => list)),
        Object.values(lists).flat(),
      ],
    )
    const entry = (list: string, name: string | null) =>
      entries.rows.find((one) => one.list === list && one.name === name)?.entry_id ?? null
    const brandIds = new Map<string, Id>()
    for (const [index, brand] of plain.brands.entries()) {
      const businessId = `${made * 10 + index}`
      const added = await addBrand(
        database.db,
        wineryId,
        { code: brand.code, name: brand.code, businessGroupId: brand.group, businessId },
        actor,
      )
      brandIds.set(brand.code, added.brand.brand_id)
      await session.query(
        `update ecellar.brand_businesses set time_zone = $3, last_snapshot_at = $4 where winery_id = $1 and brand_id = $2`,
        [wineryId, added.brand.brand_id, brand.zone, brand.snapshotAt],
      )
      await session.query(
        'update ecellar.brands set default_location_id = $3 where winery_id = $1 and brand_id = $2',
        [wineryId, added.brand.brand_id, entry('location', brand.defaultLocation)],
      )
    }
    await rowsOf(
      'experiences',
      plain.experiences.map((one) => ({
        brand_id: brandIds.get(one.brand),
        experience_id: one.id,
        name: one.name,
        reservation_type_id: entry('reservation type', one.type),
        ignored: false,
        first_seen_at: plain.now,
      })),
    )
    await rowsOf(
      'seating_areas',
      plain.areas.map((one) => ({
        brand_id: brandIds.get(one.brand),
        seating_area_id: one.id,
        location_id: entry('location', one.location),
        first_seen_at: plain.now,
      })),
    )
    const numbers = new Map<string, Id>()
    for (const customer of plain.customers)
      numbers.set(customer.id, String(made * 1_000 + Number(customer.id)))
    await rowsOf(
      'customers',
      plain.customers.map((one) => ({
        customer_id: numbers.get(one.id),
        email: one.email,
        email_key: one.email?.toLowerCase() ?? null,
        first_name: one.firstName,
        last_name: one.lastName,
        customer_source_id: entry('customer source', one.source),
        customer_type_id: entry('customer type', one.type),
        allocation_tier_id: entry('allocation tier', one.tier),
        email_consent: one.consent,
        bounced: one.bounced,
        active: one.active,
        club_member: one.clubMember,
        tags: one.tags,
        released_at: one.releasedAt,
        created_at: one.createdAt,
        created_by: one.createdBy,
        created_in_pull: one.createdInPull,
      })),
    )
    await rowsOf(
      'patrons',
      plain.customers.flatMap((one) =>
        ['55', '56'].map((group) => ({
          business_group_id: group,
          patron_id: `p${one.id}`,
          customer_id: numbers.get(one.id),
          is_booker: false,
          has_profile: true,
          opt_in: one.optedInAt.includes(group),
          opt_in_source: 'NEWSLETTER',
        })),
      ),
    )
    await rowsOf(
      'reservations',
      plain.reservations.map((one) => {
        const at = plain.brands.findIndex(({ code }) => code === one.brand)
        const brand = plain.brands[at]
        if (!brand) throw new Error('every reservation has a brand')
        return {
          brand_id: brandIds.get(one.brand),
          business_id: `${made * 10 + at}`,
          tock_key: one.key,
          starts_at: one.startsAt,
          local_start: localStart(brand, one).toString(),
          time_zone: brand.zone,
          created_at: one.createdAt,
          status: one.status,
          is_cancelled: one.status === 'Cancelled',
          party_size: one.partySize,
          notes: one.notes,
          experience_id: one.experience,
          seating_area_id: one.area,
          missing_since: one.missing ? plain.now : null,
          last_shown_at: one.lastShownAt,
          customer_id: one.customer === null ? null : numbers.get(one.customer),
          guest_patron_id: one.customer === null ? null : `p${one.customer}`,
          first_seen_pull: 1,
          changed_in_pull: 1,
        }
      }),
    )
    return { wineryId, numbers }
  } finally {
    await session.end()
  }
}
