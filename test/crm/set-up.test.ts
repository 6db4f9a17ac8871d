import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addBrand, findBrand } from '../../src/crm/brands.ts'
import { disableBrand, enableBrand } from '../../src/crm/enabling.ts'
import { changeSettings, showSettings } from '../../src/crm/web-store-settings.ts'
import { addWinery, findWinery } from '../../src/crm/wineries.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

let database: TestDatabase
let number = 0

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

async function newWinery() {
  number += 1
  const { winery } = await addWinery(
    database.db,
    { slug: `winery-${number}`, name: `Winery ${number}` },
    actor,
  )
  return winery
}
function newBusiness(): string {
  number += 1
  return String(1000 + number)
}
const revision = async (slug: string) => Number((await findWinery(database.db, slug)).identity_revision)

describe('a winery', () => {
  it('that is there under the same name takes over the zone and the contact', async () => {
    const given = { slug: 'juniper-hill', name: 'Juniper Hill' }
    expect((await addWinery(database.db, given, actor)).outcome).toBe('added')
    expect((await addWinery(database.db, given, actor)).outcome).toBe('unchanged')
    const again = await addWinery(
      database.db,
      {
        ...given,
        timeZone: 'europe/rome',
        reservationContact: 'desk@example.com',
      },
      actor,
    )
    expect(again).toMatchObject({
      outcome: 'updated',
      winery: { time_zone: 'Europe/Rome', reservation_contact: 'desk@example.com' },
    })
    expect((await addWinery(database.db, given, actor)).winery.time_zone).toBe('Europe/Rome')
  })

  it('under another name is refused', async () => {
    const taken = addWinery(database.db, { slug: 'juniper-hill', name: 'Other' }, actor)
    await expect(taken).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('Juniper Hill'),
    })
  })

  it.each([
    { slug: 'Juniper', name: 'x' },
    { slug: '-x', name: 'x' },
    { slug: 'x', name: '  ' },
    { slug: 'x', name: 'x', timeZone: 'Mars/Olympus' },
    { slug: 'x', name: 'x', timeZone: '+02:00' },
    { slug: 'x', name: 'x', reservationContact: 'nobody' },
  ])('is refused when something cannot be: %j', async (given) => {
    await expect(addWinery(database.db, given, actor)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('that is not there is answered with one that looks like it', async () => {
    await expect(findWinery(database.db, 'juniper-hil')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('"juniper-hill"'),
    })
  })
})

describe('a brand', () => {
  it('is found however its code is capitalised', async () => {
    const winery = await newWinery()
    const ids = { businessGroupId: '55', businessId: newBusiness() }
    await addBrand(database.db, winery.winery_id, { code: 'Est', name: 'Estate', ...ids }, actor)
    expect((await findBrand(database.db, winery.winery_id, 'EST')).name).toBe('Estate')
    await expect(findBrand(database.db, winery.winery_id, 'ES')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('"Est"'),
    })
    const again = await addBrand(
      database.db,
      winery.winery_id,
      { code: 'est', name: 'Estate II', ...ids },
      actor,
    )
    expect(again).toMatchObject({ outcome: 'updated', brand: { name: 'Estate II' } })
  })

  it("keeps its Business ID to itself, over all wineries, and ids are Tock's digits", async () => {
    const [one, two] = [await newWinery(), await newWinery()]
    const businessId = newBusiness()
    await addBrand(
      database.db,
      one.winery_id,
      { code: 'A', name: 'A', businessGroupId: '55', businessId },
      actor,
    )
    for (const winery of [one, two]) {
      const taken = addBrand(
        database.db,
        winery.winery_id,
        {
          code: 'B',
          name: 'B',
          businessGroupId: '55',
          businessId: ` ${businessId} `,
        },
        actor,
      )
      await expect(taken).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('belongs to one brand'),
      })
    }
    for (const wrong of ['', 'x7', '7.5', '-7']) {
      const given = { code: 'C', name: 'C', businessGroupId: '55', businessId: wrong }
      await expect(addBrand(database.db, two.winery_id, given, actor)).rejects.toMatchObject({
        code: 'invalid',
      })
    }
  })

  it('with another business starts over with an initial pull, and is no longer enabled', async () => {
    const winery = await newWinery()
    const [before, after] = [newBusiness(), newBusiness()]
    const given = { code: 'A', name: 'A', businessGroupId: '55', businessId: before }
    const { brand } = await addBrand(database.db, winery.winery_id, given, actor)
    await pretendInitialPull(brand.brand_id)
    await enableBrand(database.db, brand, actor)
    await sql`insert into ecellar.snapshot_files
      (winery_id, brand_id, business_id, kind, file_id, etag, reader_version, rows_read)
      values (${winery.winery_id}, ${brand.brand_id}, ${before}, 'guests', 'f', 'e', 1, 1)`.execute(
      database.db,
    )
    const counted = await revision(winery.slug)

    const moved = await addBrand(database.db, winery.winery_id, { ...given, businessId: after }, actor)
    expect(moved).toMatchObject({ outcome: 'another business', brand: { enabled_at: null } })
    const files = await sql`select from ecellar.snapshot_files where winery_id = ${winery.winery_id}`.execute(
      database.db,
    )
    expect(files.rows).toEqual([])
    expect(await revision(winery.slug)).toBe(counted + 1)
    await expect(enableBrand(database.db, moved.brand, actor)).rejects.toMatchObject({
      code: 'initial_pull_first',
    })

    const back = await addBrand(database.db, winery.winery_id, given, actor)
    await expect(enableBrand(database.db, back.brand, actor)).rejects.toMatchObject({
      code: 'initial_pull_first',
    })
    const businesses = await database.db
      .selectFrom('brand_businesses')
      .select('business_id')
      .where('brand_id', '=', brand.brand_id)
      .orderBy('business_id')
      .execute()
    expect(businesses.map((row) => row.business_id)).toEqual([before, after].sort())
  })

  it('is enabled after its initial pull, which says what is left to do', async () => {
    const winery = await newWinery()
    const businessId = newBusiness()
    const { brand } = await addBrand(
      database.db,
      winery.winery_id,
      {
        code: 'A',
        name: 'A',
        businessGroupId: '55',
        businessId,
      },
      actor,
    )
    await expect(enableBrand(database.db, brand, actor)).rejects.toMatchObject({ code: 'initial_pull_first' })
    await pretendInitialPull(brand.brand_id)
    await database.db
      .insertInto('experiences')
      .values([
        { winery_id: winery.winery_id, brand_id: brand.brand_id, experience_id: '1' },
        { winery_id: winery.winery_id, brand_id: brand.brand_id, experience_id: '2', ignored: true },
      ])
      .execute()
    const enabled = await enableBrand(database.db, brand, actor)
    expect(enabled).toMatchObject({
      alreadyEnabled: false,
      experiencesUnmapped: 1,
      locationsUnmapped: 0,
      nightlyRelease: 'with-pull',
    })
    const again = await enableBrand(database.db, await findBrand(database.db, winery.winery_id, 'A'), actor)
    expect(again).toMatchObject({ alreadyEnabled: true, enabledAt: enabled.enabledAt })
    await disableBrand(database.db, brand, actor)
    expect((await findBrand(database.db, winery.winery_id, 'A')).enabled_at).toBeNull()
  })
})

describe('Web Store Settings', () => {
  it('take no name that the list lacks, offer near ones, and create on purpose', async () => {
    const { winery_id } = await newWinery()
    await changeSettings(database.db, winery_id, '0', { customerSource: 'Web Store', create: true }, actor)
    await expect(
      changeSettings(database.db, winery_id, '0', { customerSource: 'Web Stor' }, actor),
    ).rejects.toMatchObject({
      code: 'invalid',
      message: 'There is no customer source "Web Stor". Did you mean "Web Store"?',
    })
    await changeSettings(database.db, winery_id, '0', { customerSource: ' web store ', create: true }, actor)
    const entries = await database.db
      .selectFrom('list_entries')
      .select('name')
      .where('winery_id', '=', winery_id)
      .execute()
    expect(entries).toEqual([{ name: 'Web Store' }])
  })

  it("of a brand override the winery's, and what is not named stays", async () => {
    const winery = await newWinery()
    const { brand } = await addBrand(
      database.db,
      winery.winery_id,
      {
        code: 'A',
        name: 'A',
        businessGroupId: '55',
        businessId: newBusiness(),
      },
      actor,
    )
    const set = (brandId: string, change: Parameters<typeof changeSettings>[3]) =>
      changeSettings(database.db, winery.winery_id, brandId, { create: true, ...change }, actor)
    await set('0', { customerSource: 'Tock', customerType: 'Visitor', allocationTier: 'Gold' })
    await set(brand.brand_id, { customerType: 'Guest', allocationTier: 'Silver' })
    await set('0', { customerSource: 'Booking' })
    const shown = await showSettings(database.db, winery)
    expect(shown.defaults).toEqual({
      customerSource: 'Booking',
      customerType: 'Visitor',
      allocationTier: 'Gold',
    })
    expect(shown.brands[0]).toMatchObject({
      own: { customerSource: null, customerType: 'Guest', allocationTier: 'Silver' },
      effective: { customerSource: 'Booking', customerType: 'Guest', allocationTier: 'Silver' },
    })
    await set('0', { allocationTier: 'none' })
    await set(brand.brand_id, { allocationTier: 'None' })
    const later = await showSettings(database.db, winery)
    expect(later.brands[0]?.effective.allocationTier).toBeNull()
  })

  it('keep shared addresses in the form in which addresses are compared, and match anew', async () => {
    const winery = await newWinery()
    const before = await revision(winery.slug)
    await changeSettings(
      database.db,
      winery.winery_id,
      '0',
      {
        sharedAddresses: [' Concierge@Hotel.Example ', '@Winery.Example'],
        guestsWithoutReservation: false,
        nightlyRelease: 'after:7',
        historyDays: 30,
        guardPercent: 40,
        mailPolicy: 'not-opted-out',
      },
      actor,
    )
    expect(await showSettings(database.db, winery)).toMatchObject({
      sharedAddresses: ['@winery.example', 'concierge@hotel.example'],
      guestsWithoutReservation: false,
      nightlyRelease: 'after:7',
      historyDays: 30,
      guardPercent: 40,
      mailPolicy: 'not-opted-out',
    })
    expect(await revision(winery.slug)).toBe(before + 1)
    await changeSettings(database.db, winery.winery_id, '0', { historyDays: 31 }, actor)
    expect(await revision(winery.slug)).toBe(before + 1)
  })

  it.each([
    { sharedAddresses: ['nobody'] },
    { sharedAddresses: ['@'] },
    { historyDays: 0 },
    { guardPercent: 101 },
    { nightlyRelease: 'after:0' },
    { customerSource: ' ', create: true },
  ])('refuse what cannot be, and change nothing: %j', async (change) => {
    const winery = await newWinery()
    const before = await showSettings(database.db, winery)
    await expect(
      changeSettings(database.db, winery.winery_id, '0', { mailPolicy: 'not-opted-out', ...change }, actor),
    ).rejects.toMatchObject({ code: 'invalid' })
    expect(await showSettings(database.db, winery)).toEqual(before)
  })
})

async function pretendInitialPull(brandId: string): Promise<void> {
  await database.db
    .updateTable('brand_businesses')
    .set({ initial_pull_id: '1' })
    .where('brand_id', '=', brandId)
    .execute()
}
