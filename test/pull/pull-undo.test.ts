import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importCustomers } from '../../src/crm/customers-import.ts'
import { optOutCustomer } from '../../src/crm/customers-opt-out.ts'
import { releaseCustomers } from '../../src/crm/customers-release.ts'
import { giveBusinesses } from '../../src/crm/give-businesses.ts'
import { decodeTable } from '../../src/crm/read-table-file.ts'
import { findWinery } from '../../src/crm/wineries.ts'
import { inWinery } from '../../src/database/tenant-session.ts'
import { undoPull } from '../../src/pull/undo/undo-pull.ts'
import { actor } from '../actor.ts'
import { hash } from '../crm/customers-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { dumpRows, sayOfWinery } from './dump-tables.ts'
import { person, type Snapshot, type TockPlace, tockPlace } from './tock-place.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const undo = (pullId: string, what: 'initial pull' | 'customers' = 'initial pull', dryRun = false) =>
  undoPull({ db: database.db, actor, why: 'filed under the wrong brand', dryRun }, pullId, what)
const emails = async (place: TockPlace) =>
  (
    await place.rows<{ email: string }>(
      'select email from reporting.customers where winery = :winery order by 1',
    )
  ).map((row) => row.email)

async function withPlace(work: (place: TockPlace) => Promise<void>, codes = ['N', 'S']) {
  const place = await tockPlace(database, codes)
  try {
    await work(place)
  } finally {
    await place.close()
  }
}

const people = ['ada', 'bob', 'cleo', 'dan', 'eve'].map((name, index) =>
  person(index + 1, `${name}@example.com`, name, 'Guest'),
)
const [ada, bob, cleo, dan] = people
/** Each simulator has its own otherwise. */
const same = {
  experience: { id: 11, name: 'Tasting', variety: 'RESERVATION' },
  seatingOption: { id: 12, name: 'Room' },
}
const guests = people.map((patron) => ({ patron, optIn: true, optInSource: 'NEWSLETTER' }))
const dined = (...diners: unknown[]): Snapshot => ({
  reservations: diners.map((dinerPatron, index) => ({
    id: index + 1,
    dinerPatron,
    ...same,
  })) as NonNullable<Snapshot['reservations']>,
})

describe('what an initial pull brought', () => {
  test('goes, and is shown first', () =>
    withPlace(async (place) => {
      place.show('N', dined(ada, bob))
      const { pullId } = await place.pull('N', 'initial')
      const before = await dumpRows(database)
      expect(await undo(pullId, 'initial pull', true)).toMatchObject({
        reservations: 2,
        customers: 2,
        undone: false,
      })
      expect(await dumpRows(database)).toEqual(before)
      expect(await undo(pullId)).toMatchObject({ reservations: 2, customers: 2, undone: true })
      expect(await emails(place)).toEqual([])
      expect(await place.rows('select * from reporting.reservations where winery = :winery')).toEqual([])
      await expect(place.pull('N', 'manual')).rejects.toThrow('has not had its initial pull')
      await expect(undo(pullId)).rejects.toThrow('was taken back before')
    }))

  test('but for customers who were matched, edited, released or exported', () =>
    withPlace(async (place) => {
      const frank = person(6, 'frank@example.com', 'Frank', 'Out')
      place.show('N', dined(ada, bob, cleo, dan, frank))
      place.show('S', dined(ada))
      const { pullId } = await place.pull('N', 'initial')
      await place.pull('S', 'initial')
      const options = { db: database.db, wineryId: place.wineryId, actor }
      await releaseCustomers(options, { email: 'bob@example.com' })
      await sql`
        insert into ecellar.exports (winery_id, name, made_by, customer_ids)
        select winery_id, 'x', 'x', array[customer_id] from ecellar.customers
        where winery_id = ${place.wineryId} and email = 'dan@example.com'`.execute(database.db)
      await optOutCustomer({ ...options, why: 'asked' }, 'frank@example.com')
      expect(await undo(pullId)).toMatchObject({
        reservations: 5,
        customers: 1,
        kept: { matched: 1, edited: 1, released: 1, exported: 1 },
      })
      expect(await emails(place)).toEqual([
        'ada@example.com',
        'bob@example.com',
        'dan@example.com',
        'frank@example.com',
      ])
      expect(
        await place.rows('select brand, customer_email from reporting.reservations where winery = :winery'),
      ).toEqual([{ brand: 'S', customer_email: 'ada@example.com' }])
    }))

  test.each([
    ['a few diners', dined(ada, cleo), dined(bob, cleo)],
    ['guests of the group', { guests }, { ...dined(ada), guests: guests.slice(1) }],
  ] as [string, Snapshot, Snapshot][])(
    'leaves what a fresh database has after the right one: %s',
    async (_, wrong, right) => {
      await sameAsFresh(wrong, right)
    },
  )

  test('leaves what a fresh database has after the right one, whatever was pulled wrongly', async () => {
    const patron = fc.constantFrom(...people)
    const snapshot = fc.record({
      reservations: fc
        .array(fc.record({ dinerPatron: patron, partySize: fc.integer({ min: 1, max: 4 }) }), {
          maxLength: 5,
        })
        .map((rows) => rows.map((row, index) => ({ id: index + 1, ...row, ...same }))),
      guests: fc.subarray(guests),
    }) as fc.Arbitrary<Snapshot>
    await fc.assert(fc.asyncProperty(snapshot, snapshot, sameAsFresh), { numRuns: 6, endOnFailure: true })
  }, 300_000)

  async function sameAsFresh(wrong: Snapshot, right: Snapshot) {
    const say: unknown[] = []
    for (const isFresh of [true, false]) {
      await withPlace(
        async (place) => {
          const winery = await findWinery(database.db, place.slug)
          const file = Buffer.from('email,first_name\nada@example.com,\n')
          await importCustomers({ database, winery, actor, hash }, decodeTable(file))
          if (!isFresh) {
            place.show('N', wrong)
            await undo((await place.pull('N', 'initial')).pullId)
          }
          place.show('N', right)
          await place.pull('N', 'initial')
          say.push(await sayOfWinery(place))
        },
        ['N'],
      )
    }
    expect(say[1]).toEqual(say[0])
  }
})

describe('beside another brand of the business group', () => {
  type Days = { wrong: Snapshot; right: Snapshot; other: Snapshot }
  type Order = (place: TockPlace, days: Days) => Promise<unknown>
  const show = async (place: TockPlace, brand: string, snapshot: Snapshot) => {
    place.show(brand, snapshot)
    return (await place.pull(brand, 'initial')).pullId
  }
  /** Each brand gets the business that is the other's, or its own again. */
  const swap = async (place: TockPlace) => {
    const brands = await place.rows<{ brandId: string; businessId: string }>(
      'select brand_id as "brandId", business_id as "businessId" from ecellar.brands where winery_id = :id',
    )
    const given = brands.map(({ brandId }, index) => ({
      brandId,
      businessGroupId: place.businessGroupId,
      businessId: brands[1 - index]?.businessId ?? '',
    }))
    await inWinery(database.db, place.wineryId, (trx) => giveBusinesses(trx, place.wineryId, given, actor))
  }
  const fresh: Order = async (place, { right, other }) => {
    await show(place, 'S', other)
    await show(place, 'N', right)
  }
  const orders: Record<string, Order> = {
    'that was pulled before': async (place, { wrong, right, other }) => {
      await show(place, 'S', other)
      await undo(await show(place, 'N', wrong))
      await show(place, 'N', right)
    },
    'that was pulled in between': async (place, { wrong, right, other }) => {
      const wrongly = await show(place, 'N', wrong)
      await show(place, 'S', other)
      await undo(wrongly)
      await show(place, 'N', right)
    },
    'that was pulled afterwards': async (place, { wrong, right, other }) => {
      await undo(await show(place, 'N', wrong))
      await show(place, 'S', other)
      await show(place, 'N', right)
    },
    'whose business it was filed with': async (place, { right, other }) => {
      place.show('S', other)
      await swap(place)
      await undo((await place.pull('N', 'initial')).pullId)
      await swap(place)
      await show(place, 'S', other)
      await show(place, 'N', right)
    },
  }
  const says = async (order: Order, days: Days) => {
    let say: unknown
    await withPlace(async (place) => {
      const winery = await findWinery(database.db, place.slug)
      const file = Buffer.from('email,first_name\nada@example.com,\n')
      await importCustomers({ database, winery, actor, hash }, decodeTable(file))
      await order(place, days)
      say = await sayOfWinery(place)
    })
    return say
  }
  /** Guests are the group's: each of its businesses lists the same. */
  const anyDays = fc
    .record({
      listed: fc.subarray(guests),
      diners: fc.tuple(...[1, 2, 3].map(() => fc.subarray(people, { maxLength: 4 }))),
    })
    .map(({ listed, diners }) => {
      const [wrong, right, other] = diners.map((each) => ({ ...dined(...each), guests: listed }))
      return { wrong, right, other } as Days
    })

  test.each(Object.entries(orders))(
    '%s, a right initial pull leaves what a fresh database has',
    async (_, order) => {
      const some = {
        wrong: { ...dined(ada, bob, cleo), guests },
        right: { ...dined(bob, dan), guests },
        other: { ...dined(cleo), guests },
      }
      expect(await says(order, some)).toEqual(await says(fresh, some))
      await fc.assert(
        fc.asyncProperty(anyDays, async (days) => {
          expect(await says(order, days)).toEqual(await says(fresh, days))
        }),
        { numRuns: 4, endOnFailure: true },
      )
    },
    300_000,
  )
})

describe('the customers that a pull created', () => {
  test('go, their reservations stay, and no later pull makes them again', () =>
    withPlace(
      async (place) => {
        place.show('N', dined(ada))
        await place.pull('N', 'initial')
        await sql`
        update ecellar.wineries set nightly_release = 'by-hand' where winery_id = ${place.wineryId}`.execute(
          database.db,
        )
        place.show('N', dined(ada, bob))
        const { pullId } = await place.pull('N', 'nightly')
        expect(await undo(pullId, 'customers')).toMatchObject({ reservations: 0, customers: 1 })
        expect(await emails(place)).toEqual(['ada@example.com'])
        place.show('N', dined(ada, bob, cleo))
        await place.pull('N', 'nightly')
        expect(await emails(place)).toEqual(['ada@example.com', 'cleo@example.com'])
        expect((await place.reservation('r:2')).customer_id).toBeNull()
      },
      ['N'],
    ))
})
