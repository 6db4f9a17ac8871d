import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reservationSorts } from '../../src/contract/api/reservation.ts'
import { mapExperience } from '../../src/crm/experiences.ts'
import { mapLocation } from '../../src/crm/locations.ts'
import {
  countReservations,
  type ReservationFilter,
  type ReservationPlace,
  readReservation,
  searchReservations,
} from '../../src/crm/reservations-search.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type BookedWinery, bookedWinery } from './booked-winery.ts'
import { insert, query } from './customers-winery.ts'

let database: TestDatabase
let winery: BookedWinery
const key = new Map<string, string>()
let ada: string
beforeAll(async () => {
  database = await freshDatabase()
  winery = await bookedWinery(database)
  const other = await bookedWinery(database)
  await other.reservation({ day: '2026-05-01' }, { party_name: 'Ada Lovelace' })
  const { wineryId, brands } = winery
  const place = { winery_id: wineryId, brand_id: brands[0]?.brand_id }
  await insert(database, 'experiences', { ...place, experience_id: '9', name: 'Cave Tour' })
  await insert(database, 'experiences', { ...place, experience_id: '8', name: 'Tasting' })
  await insert(database, 'seating_areas', { ...place, seating_area_id: '3', name: 'Terrace' })
  const brand = brands[0]!
  const mapped = { experienceId: '9', reservationType: 'Tour', create: true }
  await mapExperience(database.db, brand, mapped, actor)
  await mapLocation(database.db, brand, { seatingAreaId: '3', location: 'The Terrace', create: true }, actor)
  ada = await winery.customer({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' })
  const patronId = await winery.guest(ada)
  const add = async (
    name: string,
    of: Parameters<BookedWinery['reservation']>[0],
    fields: Record<string, unknown> = {},
  ) => key.set(name, await winery.reservation(of, fields))
  await add(
    'tour',
    { customerId: ada, patronId, day: '2026-05-01' },
    {
      experience_id: '9',
      seating_area_id: '3',
      party_name: 'Ada Lovelace',
      guest_email: 'Ada@Example.com',
      notes: 'a quiet table',
    },
  )
  await add(
    'late',
    { day: '2026-05-31' },
    {
      experience_id: '8',
      party_name: 'Bo Bell',
      status: 'Cancelled',
      // 23:30 there is the next day in UTC.
      starts_at: '2026-06-01T06:30:00Z',
      local_start: '2026-05-31T23:30:00',
    },
  )
  await add(
    'gone',
    { brand: 1, day: '2026-05-15' },
    {
      tock_key: 'w:9001',
      party_name: 'José Núñez',
      status: 'Booked',
      missing_since: '2026-06-10T00:00:00Z',
      first_seen_pull: '4',
      changed_in_pull: '5',
    },
  )
})
afterAll(() => database.drop())

const all = { brandIds: null, inFull: true }
const page = { sort: 'startsAt' as const, after: null, limit: 100 }

async function names(filter: ReservationFilter, viewer: Parameters<typeof searchReservations>[2] = all) {
  const found = await searchReservations(database.db, winery.wineryId, viewer, filter, page)
  expect(await countReservations(database.db, winery.wineryId, viewer, filter)).toBe(found.length)
  const known = new Map([...key].map(([name, tockKey]) => [tockKey, name]))
  return found.map((one) => known.get(one.tockKey))
}

test.each<[ReservationFilter, string[]]>([
  [{}, ['tour', 'gone', 'late']],
  // The business's day, not UTC's.
  [{ from: '2026-05-31', to: '2026-05-31' }, ['late']],
  [{ from: '2026-06-01' }, []],
  [{ to: '2026-05-30' }, ['tour', 'gone']],
  [{ statuses: ['Cancelled', 'Booked'] }, ['gone', 'late']],
  [{ experienceId: '9' }, ['tour']],
  [{ reservationType: 'tour' }, ['tour']],
  [{ reservationType: null }, ['gone', 'late']],
  [{ location: 'The Terrace' }, ['tour']],
  [{ location: null }, ['gone', 'late']],
  [{ seatingAreaId: '3' }, ['tour']],
  [{ seatingAreaId: null }, ['gone', 'late']],
  [{ isVisit: true }, ['tour', 'gone']],
  [{ missing: true }, ['gone']],
  [{ firstSeenPull: '4' }, ['gone']],
  [{ changedInPull: '5' }, ['gone']],
  [{ text: 'lovelace ada' }, ['tour']],
  [{ text: 'NUNEZ' }, ['gone']],
  [{ text: 'ada@example' }, ['tour']],
  [{ text: 'quiet' }, ['tour']],
  [{ text: '9001' }, ['gone']],
  [{ text: 'nobody' }, []],
])('%j', async (filter, expected) => {
  expect(await names(filter)).toEqual(expected)
})

test('of one customer, and of one brand', async () => {
  expect(await names({ customerId: ada })).toEqual(['tour'])
  expect(await names({ customerId: '424242' })).toEqual([])
  expect(await names({ brandIds: [winery.brands[1]?.brand_id ?? ''] })).toEqual(['gone'])
})

test('somebody limited to a brand sees that brand alone', async () => {
  const viewer = { brandIds: [winery.brands[1]?.brand_id ?? ''], inFull: true }
  expect(await names({}, viewer)).toEqual(['gone'])
  expect(await names({ brandIds: [winery.brands[0]?.brand_id ?? ''] }, viewer)).toEqual([])
  expect(await names({ customerId: ada }, viewer)).toEqual([])
})

test('whoever sees no names, addresses and notes finds nothing by trying them', async () => {
  const masked = { brandIds: null, inFull: false }
  for (const text of ['lovelace', 'ada@example', 'quiet']) expect(await names({ text }, masked)).toEqual([])
  expect(await names({ text: '9001' }, masked)).toEqual(['gone'])
})

test('a row shows what reporting.reservations shows', async () => {
  const { rows } = await sql<Record<string, unknown>>`
    select * from reporting.reservations where winery = ${winery.winery.slug} order by starts_at`.execute(
    database.db,
  )
  const listed = await searchReservations(database.db, winery.wineryId, all, {}, page)
  expect(listed).toHaveLength(rows.length)
  for (const [index, row] of rows.entries()) {
    for (const [column, value] of Object.entries(row)) {
      if (column === 'winery' || column === 'local_start') continue
      const name = column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
      expect(listed[index], column).toHaveProperty(name, value)
    }
  }
  expect(listed[2]?.localStart).toBe('2026-05-31T23:30:00')
})

test('one is shown by its brand and Tock’s number; the present business goes first', async () => {
  const [brand, other] = winery.brands
  const shown = await readReservation(
    database.db,
    winery.wineryId,
    brand?.brand_id ?? '',
    key.get('tour') ?? '',
  )
  expect(shown).toMatchObject({
    brand: 'JH',
    experience: 'Cave Tour',
    reservationType: 'Tour',
    customerId: ada,
  })
  expect(
    await readReservation(database.db, winery.wineryId, other?.brand_id ?? '', key.get('tour') ?? ''),
  ).toBeNull()
  const before = { winery_id: winery.wineryId, brand_id: other?.brand_id, business_id: 'old' }
  await insert(database, 'brand_businesses', { ...before, business_group_id: '55' })
  await winery.reservation(
    { brand: 1, day: '2026-12-01' },
    { business_id: 'old', tock_key: 'w:9001', party_name: 'Of old' },
  )
  const now = await readReservation(database.db, winery.wineryId, other?.brand_id ?? '', 'w:9001')
  expect(now?.partyName).toBe('José Núñez')
})

describe('paging', () => {
  test.each([...reservationSorts])(
    'by %s shows each once and in order, whatever comes meanwhile',
    async (sort) => {
      const crowd = await bookedWinery(database)
      const [one, two] = crowd.brands
      const add = (from: number, to: number) =>
        query(
          database,
          `insert into ecellar.reservations (winery_id, brand_id, business_id, tock_key, starts_at, local_start, time_zone,
          status, is_cancelled, first_seen_pull, changed_in_pull, created_at)
        select $1, case when n % 2 = 0 then $2::bigint else $3::bigint end, case when n % 2 = 0 then $4 else $5 end, 'r:' || n,
          timestamptz '2026-05-01' + n % 4 * interval '1 microsecond', '2026-05-01', 'UTC', 'Booked', false, 1, 1,
          case when n % 5 > 0 then timestamptz '2026-01-01' + n % 3 * interval '1 day' end
        from generate_series($6::int, $7::int) n`,
          [crowd.wineryId, one?.brand_id, two?.brand_id, one?.business_id, two?.business_id, from, to],
        )
      await add(1, 90)
      const fetch = (after: ReservationPlace | null, limit: number) =>
        searchReservations(database.db, crowd.wineryId, all, {}, { sort, after, limit })
      const whole = (await fetch(null, 1000)).map((row) => row.tockKey)
      const seen: string[] = []
      let after: ReservationPlace | null = null
      let next = 91
      do {
        const rows = await fetch(after, 23)
        seen.push(...rows.map((row) => row.tockKey))
        const last = rows.at(-1)
        after =
          rows.length === 23 && last ? { sortedBy: last.sortedBy, reservationId: last.reservationId } : null
        await add(next, next + 3)
        next += 4
      } while (after !== null)
      const known = new Set(whole)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.filter((one) => known.has(one))).toEqual(whole)
    },
  )
})
