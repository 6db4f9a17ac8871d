import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { customerSorts } from '../../src/contract/api/customer.ts'
import {
  type CustomerFilter,
  type CustomerSort,
  countCustomers,
  searchCustomers,
} from '../../src/crm/customers-search.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type BookedWinery, bookedWinery } from './booked-winery.ts'
import { query } from './customers-winery.ts'

let database: TestDatabase
let winery: BookedWinery
const id = new Map<string, string>()
beforeAll(async () => {
  database = await freshDatabase()
  winery = await bookedWinery(database)
  const others = await bookedWinery(database)
  const add = async (name: string, fields: Record<string, unknown>) =>
    id.set(name, await winery.customer(fields))
  await add('müller', { first_name: 'Jörg', last_name: 'Müller', ecellar_customer_id: 'EC-1001' })
  await add('decomposed', { first_name: 'Zoe\u0308', last_name: 'Nun\u0303ez', email_consent: 'in' })
  await add('obrien', { first_name: 'Seán', last_name: "O'Brien", email: 'sean@juniper.example' })
  await add('berg', { first_name: 'Anna', last_name: 'van der Berg', active: false, email: null })
  await add('soren', { first_name: 'Søren', last_name: 'Łukasz', email_consent: 'out' })
  await add('tock', {
    first_name: 'Mia',
    last_name: '50% (off)',
    created_by: 'tock',
    created_in_pull: '7',
    released_at: null,
    created_at: '2026-05-01T05:00:00Z',
    email_consent: 'in',
  })
  for (const name of ['berg', 'tock']) {
    const patronId = await winery.guest(id.get(name)!, { email_key: `${name}-at-tock@example.com` })
    const brand = name === 'berg' ? 0 : 1
    await winery.reservation({ customerId: id.get(name)!, patronId, brand, day: '2026-05-01' })
    await winery.reservation({ customerId: id.get(name)!, patronId, brand, day: '2026-05-01' })
  }
  await others.customer({ first_name: 'Jörg', last_name: 'Müller', ecellar_customer_id: 'EC-1001' })
})
afterAll(() => database.drop())

const all = { brandIds: null, inFull: true }
const page = { sort: 'createdAt' as CustomerSort, after: null, limit: 100 }

async function names(filter: CustomerFilter, viewer: Parameters<typeof searchCustomers>[2] = all) {
  const found = await searchCustomers(database.db, winery.wineryId, viewer, filter, page)
  expect(await countCustomers(database.db, winery.wineryId, viewer, filter)).toBe(found.length)
  const known = new Map([...id].map(([name, customerId]) => [customerId, name]))
  return found.map((one) => known.get(one.customerId)).sort()
}

describe('what is typed is found', () => {
  test.each([
    ['muller', ['müller']],
    ['MÜLLER', ['müller']],
    ['Mull jorg', ['müller']],
    ['zoë núñez', ['decomposed']],
    ['zoe nunez', ['decomposed']],
    ["o'brien", ['obrien']],
    ['juniper', ['obrien']],
    ['berg', ['berg']],
    ['soren lukasz', ['soren']],
    ['ec-1001', ['müller']],
    ['50% (off)', ['tock']],
    ['berg-at-tock@example.com', ['berg']],
    ['Sean@Juniper.example', ['obrien']],
    ['.*', []],
    ['nobody', []],
    ['muller nobody', []],
  ])('%s', async (text, expected) => {
    expect(await names({ text })).toEqual(expected)
  })

  test('our own number too', async () => {
    expect(await names({ text: id.get('soren') ?? '' })).toEqual(['soren'])
  })

  test('whoever sees no names finds nobody by trying names and addresses, only by numbers', async () => {
    const masked = { brandIds: null, inFull: false }
    for (const text of ['muller', 'Sean@Juniper.example', 'juniper', 'berg-at-tock@example.com']) {
      expect(await names({ text }, masked)).toEqual([])
    }
    expect(await names({ text: 'EC-1001' }, masked)).toEqual(['müller'])
  })
})

describe('filters', () => {
  test.each<[CustomerFilter, string[]]>([
    [{ released: false }, ['tock']],
    [{ createdBy: 'tock' }, ['tock']],
    [{ createdInPull: '7' }, ['tock']],
    [{ consent: 'in' }, ['decomposed', 'tock']],
    [{ consent: 'out' }, ['soren']],
    [{ mayMail: true }, ['decomposed']],
    [{ active: false }, ['berg']],
    // 22:00 of the day before in the winery's zone
    [{ createdFrom: '2026-04-30', createdTo: '2026-04-30' }, ['tock']],
    [{ createdFrom: '2026-05-01' }, []],
    [{ releasedFrom: '2026-02-01', releasedTo: '2026-02-01', consent: 'out' }, ['soren']],
    [{ released: true, active: true, consent: 'in', text: 'zoe' }, ['decomposed']],
  ])('%j', async (filter, expected) => {
    expect(await names(filter)).toEqual(expected)
  })

  test('by brand: who has a reservation there', async () => {
    const [first, second] = winery.brands.map((brand) => brand.brand_id)
    expect(await names({ brandIds: [first ?? ''] })).toEqual(['berg'])
    expect(await names({ brandIds: [first ?? '', second ?? ''] })).toEqual(['berg', 'tock'])
  })

  test('somebody limited to a brand sees who booked there, and nobody else', async () => {
    const viewer = { brandIds: [winery.brands[1]?.brand_id ?? ''], inFull: true }
    expect(await names({}, viewer)).toEqual(['tock'])
    expect(await names({ text: 'muller' }, viewer)).toEqual([])
    expect(await names({ brandIds: [winery.brands[0]?.brand_id ?? ''] }, viewer)).toEqual([])
  })
})

test('a row tells the facts and the visits: two reservations of one day are one', async () => {
  const [found] = await searchCustomers(database.db, winery.wineryId, all, { text: 'off' }, page)
  expect(found).toMatchObject({
    customerId: id.get('tock'),
    firstName: 'Mia',
    emailConsent: 'in',
    mayMail: false,
    createdBy: 'tock',
    createdInPull: '7',
    createdAt: new Date('2026-05-01T05:00:00Z'),
    visits: 1,
    visitsAttended: 1,
    firstVisitOn: '2026-05-01',
    lastVisitOn: '2026-05-01',
    nextVisitOn: null,
  })
})

test('another winery is not seen, and its id answers nothing', async () => {
  expect(await names({ text: 'muller' })).toEqual(['müller'])
  const elsewhere = await searchCustomers(database.db, '999999', all, {}, page)
  expect(elsewhere).toEqual([])
})

describe('paging', () => {
  let crowd: BookedWinery
  beforeAll(async () => {
    crowd = await bookedWinery(database)
    await query(
      database,
      `insert into ecellar.customers (winery_id, email, email_key, first_name, last_name, created_by, created_at, released_at)
      select $1, 'p' || n || '@example.com', 'p' || n || '@example.com', 'F' || n % 3, case when n % 4 > 0 then 'L' || n % 7 end,
        'import', timestamptz '2026-01-01' + n % 5 * interval '1 microsecond', case when n % 6 > 0 then timestamptz '2026-02-01' + n % 2 * interval '1 day' end
      from generate_series(1, 120) n`,
      [crowd.wineryId],
    )
  })

  test.each([...customerSorts])(
    'by %s shows each customer once and in order, whoever comes meanwhile',
    async (sort) => {
      const before = await query<{ customer_id: string }>(
        database,
        'select customer_id from ecellar.customers where winery_id = $1',
        [crowd.wineryId],
      )
      const seen: string[] = []
      const whole = await searchCustomers(
        database.db,
        crowd.wineryId,
        all,
        {},
        { sort, after: null, limit: 1000 },
      )
      let after: string | null = null
      do {
        const rows = await searchCustomers(database.db, crowd.wineryId, all, {}, { sort, after, limit: 29 })
        seen.push(...rows.map((row) => row.customerId))
        after = rows.length === 29 ? (rows.at(-1)?.customerId ?? null) : null
        // Before, among and after those that have been shown.
        await query(
          database,
          `insert into ecellar.customers (winery_id, last_name, created_by, created_at, released_at)
          select $1, name, 'import', at, at
          from unnest('{A,L3,Z}'::text[], '{2020-01-01,2026-01-01,2030-01-01}'::timestamptz[]) as one (name, at)`,
          [crowd.wineryId],
        )
      } while (after !== null)
      const known = new Set(before.map((row) => row.customer_id))
      const shown = seen.filter((one) => known.has(one))
      expect(new Set(seen).size).toBe(seen.length)
      expect(shown).toEqual(whole.map((row) => row.customerId).filter((one) => known.has(one)))
      expect(shown).toHaveLength(known.size)
    },
  )

  test('from a customer who is gone begins with a refusal, not somewhere', async () => {
    const gone = { sort: 'name' as const, after: '987654321', limit: 5 }
    await expect(searchCustomers(database.db, crowd.wineryId, all, {}, gone)).rejects.toMatchObject({
      code: 'invalid',
    })
  })
})
