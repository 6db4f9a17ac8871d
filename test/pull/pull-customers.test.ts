/** Who becomes a customer, with what, and what of an existing one stays as it is. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { erasureHash } from '../../src/access/erasure-hash.ts'
import { erasePerson } from '../../src/crm/customers-erase.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { customerEmails, insertCustomer } from './customers-of-place.ts'
import { openSecrets } from './open-secrets.ts'
import { person, type TockPlace, tockPlace } from './tock-place.ts'

let database: TestDatabase
let place: TockPlace
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  place = await tockPlace(database, ['N', 'S'])
})
afterEach(() => place.close())

const ada = person(7, 'ada@example.com', 'Ada', 'Wine')

/** A customer as an import leaves it. */
const existing = (values: Parameters<typeof insertCustomer>[1]) => insertCustomer(place, values)
const entry = (list: string, name: string) =>
  `(insert into ecellar.list_entries (winery_id, list, name) values (:id, '${list}', '${name}') returning entry_id)`
const emails = () => customerEmails(place)
const brandId = async (code: string) =>
  (
    await place.rows<{ brand_id: string }>(
      `select brand_id from ecellar.brands where winery_id = :id and code = '${code}'`,
    )
  )[0]?.brand_id

test('new customers get the defaults of the brand they booked, else of the winery; no tier unless set (rule 17, M3)', async () => {
  await place.rows(`with source as ${entry('customer source', 'South Desk')}, tier as ${entry('allocation tier', 'First Growth')}
    insert into ecellar.web_store_settings (winery_id, brand_id, customer_source_id, allocation_tier_id)
    select :id::bigint, ${await brandId('S')}, source.entry_id, tier.entry_id from source, tier`)
  place.show('N', { reservations: [{ id: 1, dinerPatron: ada }] })
  place.show('S', { reservations: [{ id: 2, dinerPatron: person(8, 'bo@example.com') }] })
  await place.pull('N', 'initial')
  await place.pull('S', 'initial')
  expect(await place.customer('ada@example.com')).toMatchObject({
    customer_source: 'Tock',
    customer_type: 'Guest',
    allocation_tier: null,
    created_by: 'tock',
  })
  expect(await place.customer('bo@example.com')).toMatchObject({
    customer_source: 'South Desk',
    customer_type: 'Guest',
    allocation_tier: 'First Growth',
  })
})

test('guests without a reservation wait until every brand of their group had its initial pull (rule 17)', async () => {
  const guests = [{ patron: person(9, 'profile.only@example.com', 'Pro', 'File') }, { patron: ada }]
  place.show('N', { reservations: [{ id: 1, dinerPatron: ada }], guests })
  place.show('S', { reservations: [], guests })
  const first = await place.pull('N', 'initial')
  expect(first).toMatchObject({ guests: { read: 2, waiting: 1, bookersOnly: 0 }, customers: { created: 1 } })
  const second = await place.pull('S', 'initial')
  expect(second).toMatchObject({ guests: { waiting: 0 }, customers: { created: 1 } })
  expect(await emails()).toEqual(['ada@example.com', 'profile.only@example.com'])
})

test('a setting switches guests without a reservation off (rule 17)', async () => {
  await place.rows('update ecellar.wineries set guests_without_reservation = false where winery_id = :id')
  await place.rows(`delete from ecellar.brand_businesses where brand_id = ${await brandId('S')}`)
  await place.rows(`delete from ecellar.brands where brand_id = ${await brandId('S')}`)
  place.show('N', {
    reservations: [{ id: 1, dinerPatron: ada }],
    guests: [{ patron: person(9, 'profile.only@example.com') }],
  })
  expect(await place.pull('N', 'initial')).toMatchObject({
    customers: { created: 1 },
    guests: { waiting: 0 },
  })
  expect(await emails()).toEqual(['ada@example.com'])
})

test('who only booked for others is not created, and counted (rule 17)', async () => {
  const booker = person(1, 'booker@example.com', 'Bea', 'Booker')
  place.show('N', {
    reservations: [{ id: 1, dinerPatron: ada, ownerPatron: booker }],
    guests: [{ patron: booker }, { patron: ada }],
  })
  place.show('S', {})
  await place.pull('S', 'initial')
  expect(await place.pull('N', 'initial')).toMatchObject({
    guests: { bookersOnly: 1, waiting: 0 },
    customers: { created: 1 },
  })
  expect(await emails()).toEqual(['ada@example.com'])
  place.show('N', {
    reservations: [
      { id: 1, dinerPatron: ada, ownerPatron: booker },
      { id: 2, dinerPatron: booker },
    ],
    guests: [{ patron: booker }, { patron: ada }],
  })
  expect(await place.pull('N')).toMatchObject({ guests: { bookersOnly: 0 }, customers: { created: 1 } })
})

test('archived profiles and profiles without an e-mail are counted and make nobody (rule 17)', async () => {
  place.show('S', {})
  await place.pull('S', 'initial')
  place.show('N', {
    guests: [
      { patron: person(1, 'old@example.com'), isArchived: true, nextGuestProfileId: 5 },
      { patron: person(2, null, 'No', 'Address') },
    ],
  })
  expect(await place.pull('N', 'initial')).toMatchObject({
    guests: { read: 2, archived: 1, withoutEmail: 1, waiting: 0 },
    customers: { created: 0 },
  })
})

test('without a source and a type there is no pull (rule 17)', async () => {
  await place.rows('update ecellar.web_store_settings set customer_type_id = null where winery_id = :id')
  await expect(place.pull('N', 'initial')).rejects.toMatchObject({ code: 'settings_missing' })
})

test("an existing customer's source, type, tier, active flag and e-mail stay; names come only where empty (rule 18)", async () => {
  await existing({ email: 'ada@example.com', first_name: 'Augusta' })
  await place.rows(`with source as ${entry('customer source', 'Club')}, type as ${entry('customer type', 'Member')}, tier as ${entry('allocation tier', 'Top')}
    update ecellar.customers set customer_source_id = source.entry_id, customer_type_id = type.entry_id, allocation_tier_id = tier.entry_id, active = false
    from source, type, tier where winery_id = :id`)
  place.show('N', { reservations: [{ id: 1, dinerPatron: person(7, 'ADA@example.com', 'Ada', 'Wine') }] })
  await place.pull('N', 'initial')
  expect(await place.customer('ada@example.com')).toMatchObject({
    first_name: 'Augusta',
    last_name: 'Wine',
    customer_source: 'Club',
    customer_type: 'Member',
    allocation_tier: 'Top',
    active: false,
    created_by: 'import',
  })
})

test("a customer that a pull made follows Tock's names until somebody edits it; an absent name wipes nothing (rule 18)", async () => {
  const show = (first: string | undefined, last: string | undefined, sequenceId: number) => {
    const patron = person(7, 'ada@example.com', first, last)
    place.show('N', {
      reservations: [{ id: 1, sequenceId, dinerPatron: patron }],
      guests: [{ patron, updatedAtTimestamp: 1_780_000_000_000 + sequenceId }],
    })
  }
  const name = async () => {
    const customer = await place.customer('ada@example.com')
    return [customer?.first_name, customer?.last_name]
  }
  show('Ada', 'Wine', 1)
  await place.pull('N', 'initial')
  show('Ada', 'Vine', 2)
  await place.pull('N')
  expect(await name()).toEqual(['Ada', 'Vine'])
  show(undefined, undefined, 3)
  await place.pull('N')
  expect(await name()).toEqual(['Ada', 'Vine'])
  await place.rows('update ecellar.customers set edited_at = now() where winery_id = :id')
  show('Adele', 'Wien', 4)
  await place.pull('N')
  expect(await name()).toEqual(['Ada', 'Vine'])
})

test('a name changed on a later reservation is followed where there is no profile (rule 18)', async () => {
  place.show('N', { reservations: [{ id: 1, dinerPatron: ada }] })
  await place.pull('N', 'initial')
  place.show('N', {
    reservations: [
      {
        id: 1,
        sequenceId: 2,
        lastUpdatedTimestamp: 1_780_000_000_000,
        dinerPatron: person(7, 'ada@example.com', 'Ada', 'Vine'),
      },
    ],
  })
  await place.pull('N')
  expect((await place.customer('ada@example.com'))?.last_name).toBe('Vine')
})

test('customers of the initial pull are not released, those of later pulls by the setting (rule 21)', async () => {
  const at = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      id: n + 1,
      dinerPatron: person(n + 1, `p${n + 1}@example.com`),
    }))
  const isReleased = async (number: number) =>
    (await place.customer(`p${number}@example.com`))?.released_at !== null
  place.show('N', { reservations: at(1) })
  expect((await place.pull('N', 'initial')).customers.unreleased).toBe(1)
  expect(await isReleased(1)).toBe(false)
  place.show('N', { reservations: at(2) })
  expect((await place.pull('N', 'nightly')).customers).toMatchObject({ created: 1, unreleased: 1 })
  expect(await isReleased(2)).toBe(true)
  await place.rows(`update ecellar.wineries set nightly_release = 'by-hand' where winery_id = :id`)
  place.show('N', { reservations: at(3) })
  await place.pull('N', 'nightly')
  expect(await isReleased(3)).toBe(false)
  await place.rows(`update ecellar.wineries set nightly_release = 'after:3' where winery_id = :id`)
  place.show('N', { reservations: at(4) })
  await place.pull('N', 'nightly')
  expect(await isReleased(4)).toBe(false)
  await place.rows(
    `update ecellar.customers set release_due_at = now() - interval '1 minute' where winery_id = :id and email = 'p4@example.com'`,
  )
  expect((await place.pull('N', 'nightly')).customers.unreleased).toBe(2)
  expect(await isReleased(4)).toBe(true)
})

test('who was erased does not come back: the reservation remains, counted, without the person (rule 22)', async () => {
  const key = await openSecrets.erasureKey()
  const hashes = [
    erasureHash(key, 'email', 'ada@example.com'),
    erasureHash(key, 'patron', `${place.businessGroupId}/8`),
  ]
  await place.rows(
    `insert into ecellar.erasures (winery_id, hash) values (:id, '${hashes[0]}'), (:id, '${hashes[1]}')`,
  )
  place.show('S', {})
  await place.pull('S', 'initial')
  const bo = person(8, 'bo.other@example.com', 'Bo', 'Erased')
  place.show('N', {
    reservations: [
      { id: 1, dinerPatron: ada, note: [{ text: 'Ada likes red' }] },
      { id: 2, dinerPatron: bo, note: [{ text: 'Bo likes white' }] },
      { id: 3, dinerPatron: person(9, 'cy@example.com', 'Cy', 'Guest'), ownerPatron: bo },
    ],
    guests: [{ patron: ada }, { patron: bo }],
  })
  const report = await place.pull('N', 'initial')
  expect(report).toMatchObject({ reservations: { inSnapshot: 3, added: 3 }, customers: { created: 1 } })
  expect(await emails()).toEqual(['cy@example.com'])
  for (const key of ['r:1', 'r:2']) {
    expect(await place.reservation(key)).toMatchObject({
      party_name: null,
      notes: null,
      guest_email: null,
      guest_first_name: null,
      guest_last_name: null,
      customer_id: null,
    })
  }
  const everything = JSON.stringify([
    await place.rows('select * from ecellar.patrons where winery_id = :id'),
    await place.rows('select * from ecellar.reservations where winery_id = :id'),
  ])
  for (const trace of ['ada@example.com', 'bo.other', 'Erased', 'likes'])
    expect(everything).not.toContain(trace)
})

test('who is erased while a pull is reading does not come back with it (rules 3 and 22)', async () => {
  place.show('N', { reservations: [{ id: 1, dinerPatron: ada }, { id: 2 }] })
  await place.pull('N', 'initial')
  place.show('N', { reservations: [{ id: 1, sequenceId: 2, partySize: 9, dinerPatron: ada }, { id: 2 }] })
  place.simulator.setFault({ kind: 'slow', delayMs: 700 }, place.businessId('N'))
  const before = place.simulator.stats.listings
  const pulling = place.pull('N', 'nightly', { retry: { tries: 2, totalMs: 10_000 } })
  await expect.poll(() => place.simulator.stats.listings, { timeout: 5_000 }).toBeGreaterThan(before)
  const key = await openSecrets.erasureKey()
  await new Promise((resolve) => setTimeout(resolve, 200))
  const hash = (what: 'email' | 'patron', value: string) => erasureHash(key, what, value)
  await erasePerson({ db: database.db, wineryId: place.wineryId, actor, hash }, { email: 'ada@example.com' })
  expect((await pulling).status).toBe('applied')
  expect(await place.customer('ada@example.com')).toBeUndefined()
  expect(await place.reservation('r:1')).toMatchObject({
    party_size: 9,
    party_name: null,
    guest_email: null,
    customer_id: null,
  })
})
