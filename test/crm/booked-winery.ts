/** A winery with brands, customers, guests and reservations: what lists and cards are asked about. */

import { sql } from 'kysely'
import { addBrand, type Brand } from '../../src/crm/brands.ts'
import { addWinery, type Winery } from '../../src/crm/wineries.ts'
import type { Database } from '../../src/database/connect.ts'
import { actor } from '../actor.ts'
import { insert } from './customers-winery.ts'

export type BookedWinery = {
  winery: Winery
  wineryId: string
  brands: Brand[]
  /** As an import would make it, unless told otherwise. @returns its number */
  customer(fields?: Record<string, unknown>): Promise<string>
  /** @returns the guest's number at Tock */
  guest(customerId: string | null, fields?: Record<string, unknown>): Promise<string>
  /** `day` on the brand's clock, at 14:00. */
  reservation(
    of: { customerId?: string; patronId?: string; brand?: number; day: string },
    fields?: Record<string, unknown>,
  ): Promise<string>
}

let number = 0

export async function bookedWinery(database: Database, codes = ['JH', 'OA']): Promise<BookedWinery> {
  number += 1
  const slug = `booked-${number}`
  const { winery } = await addWinery(database.db, { slug, name: `Booked ${number}` }, actor)
  const wineryId = winery.winery_id
  const brands: Brand[] = []
  for (const [index, code] of codes.entries()) {
    const given = { code, name: code, businessGroupId: '55', businessId: `${number}0${index}` }
    brands.push((await addBrand(database.db, wineryId, given, actor)).brand)
  }
  // As if a snapshot had been applied in the middle of 2026.
  await sql`
    update ecellar.brand_businesses
    set initial_pull_id = 1, last_snapshot_at = '2026-06-15T00:00:00Z', time_zone = 'America/Los_Angeles'
    where winery_id = ${wineryId}`.execute(database.db)
  let made = 0
  return {
    winery,
    wineryId,
    brands,
    customer: async (fields = {}) => {
      made += 1
      const email = fields.email === undefined ? `guest-${made}@example.com` : fields.email
      return insert(
        database,
        'customers',
        {
          winery_id: wineryId,
          email,
          email_key: typeof email === 'string' ? email.toLowerCase() : null,
          first_name: 'Ann',
          last_name: 'Example',
          created_by: 'import',
          created_at: '2026-02-01T12:00:00Z',
          released_at: '2026-02-01T12:00:00Z',
          ...fields,
        },
        'customer_id',
      )
    },
    guest: async (customerId, fields = {}) => {
      made += 1
      return insert(
        database,
        'patrons',
        {
          winery_id: wineryId,
          business_group_id: '55',
          patron_id: String(100_000 + made),
          customer_id: customerId,
          ...fields,
        },
        'patron_id',
      )
    },
    reservation: async ({ customerId, patronId, brand = 0, day }, fields = {}) => {
      made += 1
      const { brand_id, business_id } = brands[brand]!
      return insert(
        database,
        'reservations',
        {
          winery_id: wineryId,
          brand_id,
          business_id,
          tock_key: `r:${made}`,
          starts_at: `${day}T14:00:00-07:00`,
          local_start: `${day}T14:00:00`,
          time_zone: 'America/Los_Angeles',
          status: 'Completed',
          is_cancelled: false,
          party_size: 2,
          first_seen_pull: '1',
          changed_in_pull: '1',
          guest_patron_id: patronId ?? null,
          customer_id: customerId ?? null,
          ...fields,
        },
        'tock_key',
      )
    },
  }
}
