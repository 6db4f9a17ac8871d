import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordAudit } from '../../src/access/audit.ts'
import { erasePerson } from '../../src/crm/customers-erase.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { addBrand, addReservation, wineryWithAnn } from './customers-known-everywhere.ts'
import { hash, insert, newWinery, query } from './customers-winery.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

describe('an erased customer', () => {
  test('stands nowhere any more: not in one text of one table', async () => {
    const { wineryId, customerId } = await wineryWithAnn(database)
    expect(await mentions(wineryId, ['quillfeather'])).not.toEqual([])
    const receipt = await erase(wineryId, { email: 'Ann.Quillfeather@Example.com ' })
    expect(await mentions(wineryId, ['quillfeather', 'p-4711'])).toEqual([])
    expect(receipt).toMatchObject({
      erased: true,
      found: true,
      customers: 1,
      patrons: 1,
      reservations: 3,
      exceptions: 3,
      segments: 1,
      scheduledFiles: 0,
    })
    const segments = await query(
      database,
      'select name, definition from ecellar.segments where winery_id = $1',
      [wineryId],
    )
    expect(segments).toMatchObject([
      {
        name: 'Visits of [erased]',
        definition: { where: { of: [{ value: '[erased]' }, { value: 'jo.ann.q@example.com' }] } },
      },
    ])
    expect(receipt.exports).toEqual([
      { exportId: expect.any(String), name: 'Club, spring', madeAt: expect.any(String) },
    ])
    expect(JSON.stringify(receipt).toLowerCase()).not.toContain('quillfeather')
    expect(
      await query(database, 'select from ecellar.customers where customer_id = $1', [customerId]),
    ).toEqual([])
  })

  test('who may stand in a downloaded file of a preview has it named by the receipt', async () => {
    const { wineryId } = await wineryWithAnn(database)
    const other = await newWinery(database)
    const previewed = async (id: string, group: string) => {
      const brand = { code: group, name: group, business_group_id: group, business_id: `${id}-${group}` }
      const brandId = await insert(database, 'brands', { winery_id: id, ...brand }, 'brand_id')
      const business = { winery_id: id, brand_id: brandId, business_id: brand.business_id }
      await insert(database, 'brand_businesses', { ...business, business_group_id: group })
      const pull = { kind: 'preview', status: 'previewed', started_at: new Date(), finished_at: new Date() }
      return insert(database, 'pulls', { ...business, ...pull }, 'pull_id')
    }
    const download = (id: string, pullId: string) =>
      recordAudit(database.db, {
        wineryId: id,
        actor,
        action: 'guests.in-full',
        subject: `pull ${pullId}`,
        details: { downloaded: 'all guests' },
      })
    const [hers, anothers, neighbours] = [
      await previewed(wineryId, 'group-1'),
      await previewed(wineryId, 'group-9'),
      await previewed(other.wineryId, 'group-1'),
    ]
    await download(wineryId, hers)
    await download(wineryId, anothers)
    await download(other.wineryId, neighbours)
    const receipt = await erase(wineryId, { email: 'ann.quillfeather@example.com' })
    expect(receipt.previewDownloads).toEqual([{ pullId: hers, downloadedAt: expect.any(String) }])
  })

  test('leaves reservations, counted, and what belongs to others', async () => {
    const { wineryId, otherId } = await wineryWithAnn(database)
    await erase(wineryId, { email: 'ann.quillfeather@example.com' })
    expect(
      await query(
        database,
        `select tock_key, party_name, notes, guest_email, customer_id, guest_patron_id, owner_patron_id, status
        from ecellar.reservations where winery_id = $1 order by tock_key`,
        [wineryId],
      ),
    ).toEqual([
      { ...nobody, tock_key: 'r:1', status: 'Booked' },
      { ...nobody, tock_key: 'r:2', status: 'Booked' },
      {
        ...nobody,
        tock_key: 'r:3',
        status: 'Booked',
        notes: 'Window seat',
        guest_email: 'bob@example.com',
        customer_id: otherId,
        guest_patron_id: 'p-2',
      },
      {
        ...nobody,
        tock_key: 'r:4',
        status: 'Booked',
        party_name: 'Bob Other',
        guest_email: 'bob@example.com',
        customer_id: otherId,
        guest_patron_id: 'p-2',
      },
    ])
    expect(
      await query(database, 'select field from ecellar.changes where winery_id = $1 order by field', [
        wineryId,
      ]),
    ).toEqual([{ field: 'status' }])
  })

  test('leaves hashes of every address and patron, and moves the matching on', async () => {
    const { wineryId, revision } = await wineryWithAnn(database)
    const before = await revision()
    await erase(wineryId, { email: 'ann.quillfeather@example.com' })
    const hashes = await query<{ hash: string }>(
      database,
      'select hash from ecellar.erasures where winery_id = $1',
      [wineryId],
    )
    expect(hashes.map((row) => row.hash).sort()).toEqual(
      [
        hash('email', 'ann.quillfeather@example.com'),
        hash('email', 'old.quillfeather@example.com'),
        hash('email', 'quillfeather.work@example.com'),
        hash('patron', 'group-1/p-4711'),
        hash('patron', 'ecellar/E-1'),
      ].sort(),
    )
    expect(Number(await revision())).toBe(Number(before) + 1)
  })

  test('is not brought back by an import, neither by an address nor by eCELLAR’s number', async () => {
    const { wineryId, bring, customers } = await wineryWithAnn(database)
    await erase(wineryId, { email: 'ann.quillfeather@example.com' })
    expect(
      await bring(
        'customer_id,email,last_name\n,OLD.quillfeather@example.com,Quillfeather\nE-1,,Quillfeather\n,new@example.com,New\n',
      ),
    ).toMatchObject({ erasedSkipped: 2, created: 1 })
    expect((await customers()).map((row) => row.last_name)).toEqual(['Other', 'New'])
  })

  test('can be named by id; another customer with the same address stays reachable', async () => {
    const { wineryId, bring, customers } = await newWinery(database)
    await bring('customer_id,email,first_name\n1,home@example.com,One\n2,home@example.com,Two\n')
    const [one] = await customers()
    expect(await erase(wineryId, { customerId: one?.customer_id ?? '' })).toMatchObject({ customers: 1 })
    expect(await bring('email,first_name\nhome@example.com,Zwei\n')).toMatchObject({ updated: 1 })
    await expect(erase(wineryId, { customerId: one?.customer_id ?? '' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('an erased address', () => {
  test('without a customer takes guests and reservations along', async () => {
    const { wineryId } = await newWinery(database)
    const brandId = await addBrand(database, wineryId, 'group-1')
    await insert(database, 'patrons', {
      winery_id: wineryId,
      business_group_id: 'group-1',
      patron_id: 'p-9',
      booking_email: 'wisteria@example.com',
      booking_email_key: 'wisteria@example.com',
      booking_last_name: 'Wisteriagh',
    })
    await addReservation(database, wineryId, brandId, 'r:9', {
      guest_email: ' Wisteria@Example.COM',
      guest_last_name: 'Wisteriagh',
      party_name: 'Wisteriagh party',
    })
    expect(await erase(wineryId, { email: 'wisteria@example.com' })).toMatchObject({
      found: true,
      customers: 0,
      patrons: 1,
      reservations: 1,
    })
    expect(await mentions(wineryId, ['wisteria'])).toEqual([])
  })

  test('of nobody is kept out all the same, and the receipt says that nothing was found', async () => {
    const { wineryId, bring } = await newWinery(database)
    expect(await erase(wineryId, { email: 'nobody@example.com' })).toMatchObject({
      erased: true,
      found: false,
      customers: 0,
      reservations: 0,
    })
    expect(await bring('email\nnobody@example.com\n')).toMatchObject({ erasedSkipped: 1, created: 0 })
  })

  test('that is none is refused', async () => {
    const { wineryId } = await newWinery(database)
    await expect(erase(wineryId, { email: 'nobody' })).rejects.toMatchObject({ code: 'invalid' })
  })
})

const nobody = {
  party_name: null,
  notes: null,
  guest_email: null,
  customer_id: null,
  guest_patron_id: null,
  owner_patron_id: null,
}

function erase(wineryId: string, who: { email: string } | { customerId: string }) {
  return erasePerson({ db: database.db, wineryId, actor, hash }, who)
}

/** Looks into every text column (arrays and JSON too) of every table of the product that has a winery's rows. */
async function mentions(wineryId: string, words: string[]): Promise<string[]> {
  const columns = await query<{ table_name: string; column_name: string }>(
    database,
    `select c.table_name, c.column_name
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    join information_schema.columns w using (table_schema, table_name)
    where c.table_schema = 'ecellar' and t.table_type = 'BASE TABLE' and w.column_name = 'winery_id'
      and c.data_type in ('text', 'character varying', 'ARRAY', 'json', 'jsonb', 'USER-DEFINED')`,
  )
  expect(columns.length).toBeGreaterThan(100)
  const found = await query<{ place: string }>(
    database,
    columns
      .map(
        ({ table_name, column_name }) =>
          `select distinct '${table_name}.${column_name}' as place from ecellar.${table_name}
          where winery_id = $1 and lower(${column_name}::text) like any($2::text[])`,
      )
      .join(' union all '),
    [wineryId, words.map((word) => `%${word}%`)],
  )
  return found.map((row) => row.place)
}
