/** A person in every place that has room for one: what an erasure has to find. */

import type { Database } from '../../src/database/connect.ts'
import { insert, newWinery } from './customers-winery.ts'

/** Everything that this product can know of a person, in every table that has room for it. */
export async function wineryWithAnn(database: Database) {
  const made = await newWinery(database)
  const { wineryId, bring, customers } = made
  const brandId = await addBrand(database, wineryId, 'group-1')
  await bring(
    'customer_id,email,first_name,last_name,wants_email\nE-1,old.quillfeather@example.com,A,Quillfeather,yes\nE-2,bob@example.com,Bob,Other,yes\n',
  )
  await bring('customer_id,email,first_name\nE-1,Ann.Quillfeather@example.com,Ann\n')
  const [ann, bob] = await customers()
  const customerId = ann!.customer_id
  await insert(database, 'patrons', {
    winery_id: wineryId,
    business_group_id: 'group-1',
    patron_id: 'p-4711',
    customer_id: customerId,
    email: 'Ann.Quillfeather@example.com',
    email_key: 'ann.quillfeather@example.com',
    profile_email: 'old.quillfeather@example.com',
    profile_email_key: 'old.quillfeather@example.com',
    first_name: 'Ann',
    last_name: 'Quillfeather',
    booking_first_name: 'Ann',
    booking_last_name: 'Quillfeather',
  })
  await insert(database, 'patrons', {
    winery_id: wineryId,
    business_group_id: 'group-1',
    patron_id: 'p-2',
    customer_id: bob!.customer_id,
    kept_email_key: 'ann.quillfeather@example.com',
  })
  const first = await addReservation(database, wineryId, brandId, 'r:1', {
    customer_id: customerId,
    guest_patron_id: 'p-4711',
    guest_email: 'ann.quillfeather@example.com',
    guest_first_name: 'Ann',
    guest_last_name: 'Quillfeather',
    party_name: 'Quillfeather',
    notes: 'Ms Quillfeather likes Zinfandel',
  })
  await addReservation(database, wineryId, brandId, 'r:2', {
    guest_email: 'ANN.Quillfeather@example.com',
    party_name: 'A. Quillfeather',
  })
  await addReservation(database, wineryId, brandId, 'r:3', {
    customer_id: bob!.customer_id,
    guest_patron_id: 'p-2',
    owner_patron_id: 'p-4711',
    guest_email: 'bob@example.com',
    party_name: 'Ann Quillfeather',
    notes: 'Window seat',
  })
  await addReservation(database, wineryId, brandId, 'r:4', {
    customer_id: bob!.customer_id,
    guest_patron_id: 'p-2',
    guest_email: 'bob@example.com',
    party_name: 'Bob Other',
    notes: 'Bill to ann.quillfeather@example.com',
  })
  for (const [field, before] of [
    ['notes', 'Quillfeather wants red'],
    ['guest_last_name', 'Quillfeather'],
    ['status', 'Booked'],
  ]) {
    await insert(database, 'changes', {
      winery_id: wineryId,
      entity: 'reservation',
      entity_id: first,
      field,
      before,
      made_by: 'pull',
    })
  }
  const pullId = await insert(
    database,
    'pulls',
    {
      winery_id: wineryId,
      brand_id: brandId,
      business_id: `b-${wineryId}`,
      kind: 'nightly',
      status: 'waiting',
      started_at: '2026-01-01T00:00:00Z',
      finished_at: '2026-01-01T00:00:01Z',
    },
    'pull_id',
  )
  await insert(database, 'waiting_reservations', {
    winery_id: wineryId,
    pull_id: pullId,
    tock_key: 'r:1',
    party_name: 'Quillfeather',
    notes: 'Quillfeather',
    guest_patron_id: 'p-4711',
    guest_email: 'ann.quillfeather@example.com',
    guest_email_key: 'ann.quillfeather@example.com',
    guest_last_name: 'Quillfeather',
  })
  await insert(database, 'waiting_guests', {
    winery_id: wineryId,
    pull_id: pullId,
    patron_id: 'p-4711',
    email: 'ann.quillfeather@example.com',
    email_key: 'ann.quillfeather@example.com',
    last_name: 'Quillfeather',
  })
  await insert(database, 'preview_people', {
    winery_id: wineryId,
    brand_id: brandId,
    pull_id: pullId,
    business_group_id: 'group-1',
    patron_id: 'p-4711',
    email: 'ann.quillfeather@example.com',
    email_key: 'ann.quillfeather@example.com',
    last_name: 'Quillfeather',
    outcome: 'created',
  })
  for (const [code, subject] of [
    ['several_customers', 'ann.quillfeather@example.com'],
    ['email_changed', 'group-1/p-4711'],
    ['email_changed', 'group-1/p-2'],
  ]) {
    await insert(database, 'exceptions', {
      winery_id: wineryId,
      brand_id: brandId,
      pull_id: pullId,
      code,
      subject,
      message: 'A guest needs a look',
    })
  }
  await insert(database, 'exceptions', {
    winery_id: wineryId,
    brand_id: brandId,
    pull_id: pullId,
    code: 'similar_name',
    subject: `ann.quillfeather@example.com bob@example.com`,
    email_key: 'ann.quillfeather@example.com',
    customer_id: customerId,
    other_customer_id: bob!.customer_id,
    message: 'Two customers need a look',
  })
  await insert(database, 'guest_decisions', {
    winery_id: wineryId,
    business_group_id: 'group-1',
    patron_id: 'p-4711',
    customer_id: customerId,
    lead_key: 'ann.quillfeather@example.com',
  })
  await insert(database, 'guest_decisions', {
    winery_id: wineryId,
    business_group_id: 'group-1',
    patron_id: 'p-2',
    customer_id: bob!.customer_id,
    kept_key: 'ann.quillfeather@example.com',
  })
  await insert(database, 'address_decisions', {
    winery_id: wineryId,
    email_key: 'quillfeather.work@example.com',
    customer_id: customerId,
    lead_key: 'ann.quillfeather@example.com',
  })
  await insert(database, 'shared_addresses', {
    winery_id: wineryId,
    email_key: 'old.quillfeather@example.com',
    is_shared: false,
  })
  await insert(database, 'snapshot_files', {
    winery_id: wineryId,
    brand_id: brandId,
    business_id: `b-${wineryId}`,
    kind: 'guests',
    file_id: 'f',
    etag: 'e',
    reader_version: 1,
    rows_read: 2,
    kept_keys: ['p-2', 'p-4711'],
  })
  // Ann works in the tasting room as well, and gets its mails.
  await insert(database, 'outbox', {
    winery_id: wineryId,
    recipient: 'Ann.Quillfeather@example.com',
    recipient_key: 'ann.quillfeather@example.com',
    template: 'alert',
    data: {},
  })
  await insert(database, 'key_hand_overs', {
    winery_id: wineryId,
    link_id: '1',
    asked_by: 'Support',
    tell_winery: 'Ann.Quillfeather@example.com',
  })
  await insert(database, 'exports', {
    winery_id: wineryId,
    name: 'Club, spring',
    made_by: 'staff',
    customer_ids: [customerId],
  })
  // Somebody looked her up as a segment, and exports it every day; Jo Ann's address ends like hers.
  const segment = await insert(
    database,
    'segments',
    {
      winery_id: wineryId,
      name: 'Visits of Ann.Quillfeather@example.com',
      kind: 'dynamic',
      definition: JSON.stringify({
        version: 1,
        where: {
          kind: 'any',
          of: ['Ann.Quillfeather@example.com', 'jo.ann.q@example.com'].map((value) => ({
            kind: 'text',
            field: 'email',
            op: 'is',
            value,
          })),
        },
      }),
      created_at: '2026-05-01',
      created_by: 'staff',
      changed_at: '2026-05-01',
      changed_by: 'staff',
      recorded_at: '2026-05-01',
    },
    'segment_id',
  )
  await insert(database, 'export_schedules', {
    winery_id: wineryId,
    segment_id: segment,
    format: 'csv',
    columns: ['email'],
    at_time: '06:30',
    made_by_kind: 'user',
    made_by_id: 'x',
    made_by: 'staff',
    made_at: '2026-05-01',
  })
  return { ...made, customerId, otherId: bob!.customer_id }
}

export async function addBrand(
  database: Database,
  wineryId: string,
  businessGroupId: string,
): Promise<string> {
  const brandId = await insert(
    database,
    'brands',
    {
      winery_id: wineryId,
      code: 'JH',
      name: 'Juniper Hill',
      business_group_id: businessGroupId,
      business_id: `b-${wineryId}`,
    },
    'brand_id',
  )
  await insert(database, 'brand_businesses', {
    winery_id: wineryId,
    brand_id: brandId,
    business_id: `b-${wineryId}`,
    business_group_id: businessGroupId,
  })
  return brandId
}

export function addReservation(
  database: Database,
  wineryId: string,
  brandId: string,
  tockKey: string,
  fields: Record<string, unknown>,
) {
  return insert(
    database,
    'reservations',
    {
      winery_id: wineryId,
      brand_id: brandId,
      business_id: `b-${wineryId}`,
      tock_key: tockKey,
      starts_at: '2026-05-01T18:00:00Z',
      first_seen_pull: '1',
      changed_in_pull: '1',
      local_start: '2026-05-01 11:00:00',
      is_cancelled: false,
      status: 'Booked',
      time_zone: 'America/Los_Angeles',
      ...fields,
    },
    'reservation_id',
  )
}
