import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { erasureHash } from '../../src/access/erasure-hash.ts'
import { erasePerson } from '../../src/crm/customers-erase.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
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
const existing = (values: Record<string, string | boolean | null>) => {
  const row = { email: 'ada@example.com', first_name: null, last_name: null, active: true, ...values }
  const cell = (value: string | boolean | null) => (value === null ? 'null' : `'${value}'`)
  return place.rows(`insert into ecellar.customers (winery_id, email_key, created_by, released_at, created_at, ${Object.keys(row).join(', ')})
    values (:id, lower('${row.email}'), 'import', '2020-01-01', '2020-01-01', ${Object.values(row).map(cell).join(', ')})`)
}
const entry = (list: string, name: string) =>
  `(insert into ecellar.list_entries (winery_id, list, name) values (:id, '${list}', '${name}') returning entry_id)`
const emails = async () =>
  (
    await place.rows<{ email: string }>(
      'select email from reporting.customers where winery = :winery order by email',
    )
  ).map((row) => row.email)
const brandId = async (code: string) =>
  (
    await place.rows<{ brand_id: string }>(
      `select brand_id from ecellar.brands where winery_id = :id and code = '${code}'`,
    )
  )[0]?.brand_id

test("the customer is the diner, not the owner; the owner's e-mail serves only for the same patron (rule 15)", async () => {
  const owner = person(1, 'owner@example.com', 'Olga', 'Owner')
  place.show('N', {
    reservations: [
      { id: 1, dinerPatron: ada, ownerPatron: owner },
      { id: 2, dinerPatron: person(2, null, 'Dan', 'Diner'), ownerPatron: owner },
      {
        id: 3,
        dinerPatron: person(3, null, 'Same', 'Person'),
        ownerPatron: person(3, 'same@example.com', 'Same', 'Person'),
      },
      { id: 4, dinerPatron: undefined, ownerPatron: person(4, 'alone@example.com', 'Al', 'One') },
    ],
  })
  await place.pull('N', 'initial')
  expect(await emails()).toEqual(['ada@example.com', 'alone@example.com', 'same@example.com'])
  expect(await place.reservation('r:2')).toMatchObject({
    customer_id: null,
    guest_email: null,
    party_name: 'Dan Diner',
  })
  expect((await place.reservation('r:3')).customer_email).toBe('same@example.com')
  expect((await place.reservation('r:4')).customer_email).toBe('alone@example.com')
})

test('a reservation without an e-mail is kept, and linked when a later snapshot brings one (rule 15)', async () => {
  const bare = person(7, null, 'Ada', 'Wine')
  const other = { id: 2, dinerPatron: person(8, null, 'Bo', 'Vine') }
  place.show('N', { reservations: [{ id: 1, dinerPatron: bare }, other] })
  expect((await place.pull('N', 'initial')).customers.created).toBe(0)
  place.show('N', { reservations: [{ id: 1, sequenceId: 2, dinerPatron: ada }, other] })
  expect((await place.pull('N')).customers.created).toBe(1)
  expect((await place.reservation('r:1')).customer_email).toBe('ada@example.com')
})

test('an e-mail that only the guest profile brings links the reservations, also those of an unchanged file (rule 15)', async () => {
  const reservations = [{ id: 1, dinerPatron: person(7, null, 'Ada', 'Wine') }]
  place.show('N', { reservations })
  await place.pull('N', 'initial')
  place.show('N', { reservations, guests: [{ patron: ada }] })
  const report = await place.pull('N')
  expect(report).toMatchObject({ snapshot: { filesUnchanged: 1 }, customers: { created: 1 } })
  expect(await place.reservation('r:1')).toMatchObject({
    customer_email: 'ada@example.com',
    guest_email: null,
  })
})

test('walk-ins match and create like anyone (rule 15)', async () => {
  place.show('N', {
    reservations: [
      { walkinId: 1, dinerPatron: ada },
      { walkinId: 2, dinerPatron: undefined },
    ],
  })
  expect((await place.pull('N', 'initial')).customers.created).toBe(1)
  expect((await place.reservation('w:1')).customer_email).toBe('ada@example.com')
})

test('"Guest", "Walk-in", "Unknown", "TBD", "n/a", "-" and blanks are no names (rule 15)', async () => {
  const names = ['Guest', 'WALK-IN', 'walk in', 'Unknown', 'tbd', 'N/A', '-', '   ']
  place.show('N', {
    reservations: names.map((name, at) => ({
      id: at + 1,
      dinerPatron: person(at + 1, `p${at}@example.com`, name, ''),
    })),
  })
  await place.pull('N', 'initial')
  expect(
    await place.rows(
      'select distinct r.party_name, r.guest_first_name, c.first_name from reporting.reservations r join reporting.customers c using (customer_id) where r.winery = :winery',
    ),
  ).toEqual([{ party_name: null, guest_first_name: null, first_name: null }])
})

test('a patron who is linked stays so when the e-mail changes: a person is asked, the customer keeps the old one (rule 16)', async () => {
  place.show('N', { reservations: [{ id: 1, dinerPatron: ada }] })
  await place.pull('N', 'initial')
  place.show('N', {
    reservations: [{ id: 1, sequenceId: 2, dinerPatron: person(7, 'ada.new@example.com', 'Ada', 'Wine') }],
  })
  const report = await place.pull('N')
  expect(report.customers).toMatchObject({ created: 0, doubtful: 1 })
  expect(await emails()).toEqual(['ada@example.com'])
  expect(await place.reservation('r:1')).toMatchObject({
    customer_email: 'ada@example.com',
    guest_email: 'ada.new@example.com',
  })
  expect(await place.exceptions()).toMatchObject([
    { code: 'email_changed', tock_key: 'r:1', resolved_at: null },
  ])
})

test('e-mails are compared trimmed, case-folded, with the domain in ASCII; dots and plus-tags are untouched (rule 16)', async () => {
  await existing({ email: 'ada@xn--bcher-kva.example.com' })
  place.show('N', {
    reservations: [
      { id: 1, dinerPatron: person(1, '  ADA@BÜCHER.example.com ', 'Ada') },
      { id: 2, dinerPatron: person(2, 'bo.vine@example.com', 'Bo') },
      { id: 3, dinerPatron: person(3, 'bovine@example.com', 'Bo') },
      { id: 4, dinerPatron: person(4, 'bovine+wine@example.com', 'Bo') },
      { id: 5, dinerPatron: person(5, 'BoVine@Example.com', 'Bo') },
    ],
  })
  expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 3, matched: 1 })
  expect((await place.reservation('r:1')).customer_email).toBe('ada@xn--bcher-kva.example.com')
  expect((await place.reservation('r:5')).customer_id).toBe((await place.reservation('r:3')).customer_id)
})

test('several patrons may lead to one customer, over the brands too (rule 16)', async () => {
  place.show('N', { reservations: [{ id: 1, dinerPatron: ada }] })
  place.show('S', { reservations: [{ id: 1, dinerPatron: person(8, 'Ada@example.com', 'Ada', 'Wine') }] })
  await place.pull('N', 'initial')
  expect((await place.pull('S', 'initial')).customers).toMatchObject({ created: 0, matched: 1 })
  expect(await emails()).toEqual(['ada@example.com'])
})

test('an inactive customer is matched and stays inactive; of several the only active one wins (rule 16)', async () => {
  await existing({ email: 'ada@example.com', active: false })
  await existing({ email: 'bo@example.com', active: false, ecellar_customer_id: 'B1' })
  await existing({ email: 'bo@example.com', ecellar_customer_id: 'B2' })
  place.show('N', {
    reservations: [
      { id: 1, dinerPatron: ada },
      { id: 2, dinerPatron: person(8, 'bo@example.com') },
    ],
  })
  expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 0, matched: 2, doubtful: 0 })
  expect((await place.customer('ada@example.com'))?.active).toBe(false)
  const [bo] = await place.rows(
    `select ecellar_customer_id from ecellar.customers c join ecellar.reservations r using (winery_id, customer_id) where r.winery_id = :id and tock_key = 'r:2'`,
  )
  expect(bo).toEqual({ ecellar_customer_id: 'B2' })
})

test('several customers with the address are one exception per address, and the reservations are kept (rule 16)', async () => {
  await existing({ email: 'ada@example.com', ecellar_customer_id: 'A1' })
  await existing({ email: 'ada@example.com', ecellar_customer_id: 'A2' })
  place.show('N', {
    reservations: [
      { id: 1, dinerPatron: ada },
      { id: 2, dinerPatron: person(8, 'ada@example.com') },
    ],
  })
  const report = await place.pull('N', 'initial')
  expect(report).toMatchObject({
    reservations: { added: 2, exceptions: 0 },
    customers: { created: 0, doubtful: 1 },
  })
  expect(await place.exceptions()).toMatchObject([{ code: 'several_customers', resolved_at: null }])
  await place.rows(
    `update ecellar.customers set active = false where winery_id = :id and ecellar_customer_id = 'A1'`,
  )
  await place.rows(
    'update ecellar.wineries set identity_revision = identity_revision + 1 where winery_id = :id',
  )
  expect((await place.pull('N')).customers).toMatchObject({ matched: 1, doubtful: 0 })
  expect((await place.exceptions())[0]?.resolved_at).not.toBeNull()
  expect((await place.reservation('r:1')).customer_email).toBe('ada@example.com')
})

test('an invalid address, and the address of another customer, are exceptions; the reservations are kept (rule 16)', async () => {
  place.show('N', {
    reservations: [
      { id: 1, dinerPatron: ada },
      { id: 2, dinerPatron: person(8, 'bo@example.com', 'Bo') },
    ],
  })
  await place.pull('N', 'initial')
  place.show('N', {
    reservations: [
      { id: 1, sequenceId: 2, dinerPatron: person(7, 'bo@example.com', 'Ada', 'Wine') },
      { id: 2, dinerPatron: person(8, 'bo@example.com', 'Bo') },
      { id: 3, dinerPatron: person(9, 'not an address', 'Cy') },
    ],
  })
  expect(await place.pull('N')).toMatchObject({
    reservations: { added: 1, changed: 1, exceptions: 0 },
    customers: { created: 0, doubtful: 2 },
  })
  expect(await place.exceptions()).toMatchObject([
    { code: 'email_of_another', tock_key: 'r:1' },
    { code: 'invalid_email', tock_key: 'r:3' },
  ])
  expect((await place.reservation('r:1')).customer_email).toBe('ada@example.com')
  expect(await place.reservation('r:3')).toMatchObject({ customer_id: null, guest_email: 'not an address' })
})

test('an address on the shared list never becomes or matches a customer; a domain stands for all of its addresses (rule 16)', async () => {
  await existing({ email: 'desk@hotel.example.com' })
  await place.rows(
    `insert into ecellar.shared_addresses (winery_id, email_key) values (:id, 'desk@hotel.example.com'), (:id, '@winery.example.com')`,
  )
  place.show('N', {
    reservations: [
      { id: 1, dinerPatron: person(1, 'Desk@hotel.example.com', 'Ada') },
      { id: 2, dinerPatron: person(2, 'host@winery.example.com', 'Bo') },
    ],
  })
  expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 0, matched: 0, doubtful: 0 })
  expect(await place.reservation('r:1')).toMatchObject({
    customer_id: null,
    guest_email: 'Desk@hotel.example.com',
  })
})

test('an address with five different party names is proposed as shared, with four it is not (rule 16)', async () => {
  const parties = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      id: at + 1,
      dinerPatron: person(at + 1, 'desk@hotel.example.com', `Party ${at}`, 'Of Hotel'),
    }))
  place.show('N', { reservations: parties(4) })
  await place.pull('N', 'initial')
  expect(await place.exceptions()).toEqual([])
  place.show('N', { reservations: parties(5) })
  await place.pull('N')
  expect(await place.exceptions()).toMatchObject([{ code: 'shared_address_proposed', resolved_at: null }])
})

test('five names of five patrons with one address are proposed as shared in the initial pull, too (rule 16)', async () => {
  place.show('N', {
    reservations: [1, 2, 3, 4, 5].map((at) => ({
      id: at,
      dinerPatron: person(at, 'desk@hotel.example.com', `Party ${at}`),
    })),
  })
  await place.pull('N', 'initial')
  expect(await place.exceptions()).toMatchObject([{ code: 'shared_address_proposed' }])
})

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
