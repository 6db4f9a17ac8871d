import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addBrand, type Brand } from '../../src/crm/brands.ts'
import { ignoreExperience, listExperiences, mapExperience } from '../../src/crm/experiences.ts'
import { listLocations, mapLocation } from '../../src/crm/locations.ts'
import { addWinery } from '../../src/crm/wineries.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

let database: TestDatabase
let brand: Brand

beforeAll(async () => {
  database = await freshDatabase()
  const { winery } = await addWinery(database.db, { slug: 'juniper-hill', name: 'Juniper Hill' }, actor)
  const given = { code: 'JH', name: 'Juniper Hill', businessGroupId: '55', businessId: '707' }
  brand = (await addBrand(database.db, winery.winery_id, given, actor)).brand
  const { winery_id, brand_id } = brand
  await database.db
    .insertInto('experiences')
    .values([
      { winery_id, brand_id, experience_id: '100', name: 'Estate Tasting' },
      { winery_id, brand_id, experience_id: '101', name: 'Virtual Tasting' },
    ])
    .execute()
  await database.db
    .insertInto('seating_areas')
    .values({ winery_id, brand_id, seating_area_id: '9', name: 'Terrace' })
    .execute()
  for (const [key, day, experience, area] of [
    ['r:1', '2020-05-01', '100', '9'],
    ['r:2', '2020-05-02', '100', null],
    ['r:3', '2099-05-03', '100', null],
    ['r:4', '2020-05-04', '101', null],
  ]) {
    await sql`insert into ecellar.reservations (winery_id, brand_id, business_id, tock_key, starts_at, local_start,
        time_zone, first_seen_pull, changed_in_pull, is_cancelled, status, experience_id, seating_area_id, last_shown_at)
      values (${winery_id}, ${brand_id}, '707', ${key}, ${day}::timestamptz, ${day}::timestamp, 'UTC', 1, 1, false,
        'Completed', ${experience}, ${area}, '2100-01-01')`.execute(database.db)
  }
})
afterAll(() => database.drop())

const reservations = async () => {
  const { rows } = await sql<Record<string, unknown>>`
    select tock_key, reservation_type, location, is_visit from reporting.reservations order by tock_key`.execute(
    database.db,
  )
  return Object.fromEntries(rows.map(({ tock_key, ...rest }) => [tock_key, rest]))
}

describe('mapping an experience', () => {
  it('counts the past reservations, which get the reservation type too', async () => {
    const given = { experienceId: '100', reservationType: 'Tasting', create: true }
    expect(await mapExperience(database.db, brand, given, actor)).toMatchObject({
      pastReservations: 2,
      reservations: 3,
      experience: 'Estate Tasting',
      reservationType: 'Tasting',
      notAVisit: false,
    })
    expect(await reservations()).toMatchObject({
      'r:1': { reservation_type: 'Tasting', is_visit: true },
      'r:3': { reservation_type: 'Tasting' },
      'r:4': { reservation_type: null },
    })
  })

  it('to a type that is no visit takes its reservations out of the visits, until it is undone', async () => {
    const given = { experienceId: '101', reservationType: 'Online' }
    await mapExperience(database.db, brand, { ...given, create: true, notAVisit: true }, actor)
    expect((await reservations())['r:4']).toMatchObject({ reservation_type: 'Online', is_visit: false })
    const unnamed = await mapExperience(database.db, brand, { ...given, create: false }, actor)
    expect(unnamed.notAVisit).toBe(true)
    await mapExperience(database.db, brand, { ...given, create: false, notAVisit: false }, actor)
    expect((await reservations())['r:4']).toMatchObject({ is_visit: true })
  })

  it('refuses a type that the list lacks and an experience that nobody has seen', async () => {
    const unknownType = mapExperience(
      database.db,
      brand,
      {
        experienceId: '100',
        reservationType: 'Tastin',
        create: false,
      },
      actor,
    )
    await expect(unknownType).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('Did you mean "Tasting"?'),
    })
    const map = (experienceId: string) =>
      mapExperience(database.db, brand, { experienceId, reservationType: 'New one', create: true }, actor)
    await expect(map('108')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('"100"'),
    })
    await expect(map('estate tasting')).rejects.toMatchObject({
      message: expect.stringContaining('the id 100'),
    })
    const types = await database.db.selectFrom('list_entries').select('name').orderBy('name').execute()
    expect(types.map((one) => one.name)).toEqual(['Online', 'Tasting'])
  })

  it('is apart from ignoring, which only takes it off the list', async () => {
    await ignoreExperience(database.db, brand, '100', true, actor)
    const listed = await listExperiences(database.db, brand.winery_id, 'JH')
    expect(listed.find((row) => row.experience_id === '100')).toMatchObject({
      ignored: true,
      reservation_type: 'Tasting',
      reservations: 3,
    })
    expect(await ignoreExperience(database.db, brand, '100', false, actor)).toMatchObject({ ignored: false })
    expect(await listExperiences(database.db, brand.winery_id, 'other')).toEqual([])
  })
})

describe('mapping a location', () => {
  it("of the brand serves the areas that have none; an area's own goes first", async () => {
    const given = { location: 'Main House', create: true }
    expect(await mapLocation(database.db, brand, given, actor)).toMatchObject({
      pastReservations: 3,
      reservations: 4,
      seatingAreaId: null,
    })
    const area = await mapLocation(
      database.db,
      brand,
      {
        seatingAreaId: '9',
        location: 'Garden',
        create: true,
      },
      actor,
    )
    expect(area).toMatchObject({ pastReservations: 1, seatingArea: 'Terrace' })
    expect(await reservations()).toMatchObject({
      'r:1': { location: 'Garden' },
      'r:2': { location: 'Main House' },
    })
    expect(await mapLocation(database.db, brand, { ...given, create: false }, actor)).toMatchObject({
      reservations: 3,
    })
    const listed = await listLocations(database.db, brand.winery_id)
    expect(listed.map((row) => [row.seating_area_id, row.location])).toEqual([
      [null, 'Main House'],
      ['9', 'Garden'],
    ])
  })

  it('refuses an area that nobody has seen', async () => {
    const unknown = mapLocation(
      database.db,
      brand,
      { seatingAreaId: '8', location: 'Garden', create: false },
      actor,
    )
    await expect(unknown).rejects.toMatchObject({ code: 'not_found' })
  })
})
