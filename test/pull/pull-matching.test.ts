/** Whose a reservation is: the guest, and the customer whom he is matched to. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { customerEmails, insertCustomer } from './customers-of-place.ts'
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
const emails = () => customerEmails(place)

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
