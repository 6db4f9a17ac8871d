/** What is kept of a reservation, and what eCELLAR makes of it. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { june20, person, type TockPlace, tockPlace } from './tock-place.ts'

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

test('what a reservation says is kept: party, start, experience, status, size, notes, place, guest (rule 1)', async () => {
  place.show('N', {
    reservations: [
      {
        id: 413,
        partySize: 6,
        partyState: 'CONFIRMED_VIA_TEXT',
        note: [{ text: 'Window seat' }, { text: 'Two\nlines' }],
        experience: { id: 9, name: 'Cave Tour', variety: 'RESERVATION' },
        seatingOption: { id: 4, name: 'Terrace' },
        dinerPatron: person(7, 'ada@example.com', 'Ada', 'Wine'),
      },
    ],
  })
  const report = await place.pull('N', 'initial')
  expect(report).toMatchObject({
    status: 'applied',
    reservations: { inSnapshot: 1, added: 1 },
    customers: { created: 1 },
    experiences: { new: 1, unmapped: 1 },
    locations: { new: 1, unmapped: 1 },
  })
  const { customer_id } = (await place.customer('ada@example.com')) ?? {}
  expect(await place.reservation('r:413')).toMatchObject({
    brand: 'N',
    party_name: 'Ada Wine',
    starts_at: new Date(june20(12)),
    time_zone: 'America/Los_Angeles',
    experience_id: '9',
    experience: 'Cave Tour',
    reservation_type: null,
    status: 'Confirmed',
    tock_state: 'CONFIRMED_VIA_TEXT',
    is_cancelled: false,
    party_size: 6,
    notes: 'Window seat\nTwo lines',
    location: null,
    seating_area: 'Terrace',
    customer_id,
    customer_email: 'ada@example.com',
    guest_email: 'ada@example.com',
    guest_first_name: 'Ada',
    guest_last_name: 'Wine',
    first_seen_pull: report.pullId,
    changed_in_pull: report.pullId,
    missing_since: null,
  })
})

test('take-out and delivery are orders: excluded, counted and not kept (rule 1)', async () => {
  place.show('N', {
    reservations: [
      { id: 1, experience: { id: 9, name: 'Bottles', variety: 'PICKUP' } },
      { id: 2, experience: { id: 9, name: 'Bottles', variety: 'DELIVERY' } },
      { id: 3 },
    ],
  })
  const { reservations, experiences } = await place.pull('N', 'initial')
  expect(reservations).toMatchObject({ inSnapshot: 3, added: 1, excluded: 2 })
  expect(experiences.new).toBe(1)
  expect(await place.rows('select tock_key from ecellar.reservations where winery_id = :id')).toEqual([
    { tock_key: 'r:3' },
  ])
})

test("the days of a brand are its business's, also over daylight-saving changes (rule 11)", async () => {
  const starts = {
    1: ['2026-03-08T09:30:00Z', '2026-03-08 01:30:00'],
    2: ['2026-03-08T10:30:00Z', '2026-03-08 03:30:00'],
    3: ['2026-11-01T08:30:00Z', '2026-11-01 01:30:00'],
    4: ['2026-11-01T09:30:00Z', '2026-11-01 01:30:00'],
    5: ['2026-07-02T06:30:00Z', '2026-07-01 23:30:00'],
  } as const
  const reservations = Object.entries(starts).map(([id, [utc]]) => ({
    id: Number(id),
    serviceDateTimestamp: Date.parse(utc),
  }))
  place.show('N', { reservations })
  place.show('S', { reservations: [{ id: 6, serviceDateTimestamp: Date.parse('2026-07-02T05:30:00Z') }] })
  await place.pull('N', 'initial')
  await place.pull('S', 'initial')
  const kept = await place.rows(
    `select tock_key, starts_at, local_start::text as local, time_zone from reporting.reservations where winery = :winery order by tock_key`,
  )
  expect(kept).toEqual([
    ...Object.entries(starts).map(([id, [utc, local]]) => ({
      tock_key: `r:${id}`,
      starts_at: new Date(utc),
      local,
      time_zone: 'America/Los_Angeles',
    })),
    {
      tock_key: 'r:6',
      starts_at: new Date('2026-07-02T05:30:00Z'),
      local: '2026-07-02 00:30:00',
      time_zone: 'America/Chicago',
    },
  ])
})

test('where dateTime disagrees with the timestamp, the timestamp wins (rule 11)', async () => {
  place.show('N', { reservations: [{ id: 1, dateTime: '2026-01-01T03:00' }] })
  await place.pull('N', 'initial')
  expect((await place.reservation('r:1')).starts_at).toEqual(new Date(june20(12)))
})

test('a row with an unreadable start or zone, or without any id, is an exception, resolved once it is readable (rules 5 and 11)', async () => {
  const business = { id: Number(place.businessId('N')), name: 'N', timeZone: 'America/Los_Angeles' }
  place.show('N', {
    reservations: [
      { id: 1, serviceDateTimestamp: 'soon', dateTime: 'tomorrow' },
      { id: 2, business: { ...business, timeZone: 'Moon/Base' } },
      { id: undefined, walkinId: undefined },
    ],
  })
  const report = await place.pull('N', 'initial')
  expect(report.reservations).toMatchObject({ inSnapshot: 3, exceptions: 3, added: 0 })
  expect(await place.exceptions()).toMatchObject([
    { code: 'row_without_id', tock_key: null, resolved_at: null },
    { code: 'unreadable_time', tock_key: 'r:1', resolved_at: null },
    { code: 'unreadable_time', tock_key: 'r:2', resolved_at: null },
  ])
  place.show('N', { reservations: [{ id: 1 }, { id: 2 }] })
  expect((await place.pull('N')).reservations).toMatchObject({ added: 2, exceptions: 0 })
  for (const exception of await place.exceptions()) expect(exception.resolved_at).not.toBeNull()
})

test("eCELLAR's status follows Tock's three fields, Tock's own word is kept beside it (rule 12)", async () => {
  const words: [string, object][] = [
    ['Transferred', { transferredOut: true, isCancelled: true, partyState: 'CANCELLED' }],
    ['Cancelled', { isCancelled: true, partyState: 'EXPECTED' }],
    ['Cancelled', { isCancelled: false, partyState: 'CANCELLED' }],
    ['No Show', { partyState: 'NO_SHOW' }],
    ['Booked', { partyState: 'EXPECTED' }],
    ['Booked', { partyState: 'AWAITING_RESPONSE' }],
    ['Confirmed', { partyState: 'CONFIRMED_VIA_TEXT' }],
    ['Confirmed', { partyState: 'CONFIRMED_VIA_EMAIL' }],
    ['Arrived', { partyState: 'ARRIVED' }],
    ['Arrived', { partyState: 'PARTIALLY_ARRIVED' }],
    ['Seated', { partyState: 'SEATED' }],
    ['Seated', { partyState: 'PARTIALLY_SEATED' }],
    ['Completed', { partyState: 'LEFT' }],
    ['Completed', { partyState: 'FINISHED' }],
    ['Other', { partyState: 'LINGERING' }],
    ['Other', { partyState: undefined }],
  ]
  place.show('N', { reservations: words.map(([, fields], at) => ({ id: 10 + at, ...fields })) })
  await place.pull('N', 'initial')
  const kept = await place.rows<{ status: string; tock_state: string | null }>(
    'select status, tock_state from reporting.reservations where winery = :winery order by tock_key',
  )
  expect(kept.map((row) => row.status)).toEqual(words.map(([status]) => status))
  expect(kept[14]).toEqual({ status: 'Other', tock_state: 'LINGERING' })
})

test('a visit is counted once a snapshot taken after the start shows it, without a row being rewritten (rule 13)', async () => {
  const ada = person(7, 'ada@example.com', 'Ada', 'Wine')
  const reservations = [
    { id: 1, dinerPatron: ada, serviceDateTimestamp: june20(10) },
    { id: 2, dinerPatron: ada, serviceDateTimestamp: june20(15) },
    { id: 3, dinerPatron: ada, serviceDateTimestamp: june20(34) },
    { id: 4, dinerPatron: ada, serviceDateTimestamp: june20(58), partyState: 'NO_SHOW' },
    { id: 5, dinerPatron: ada, serviceDateTimestamp: june20(82), isCancelled: true, partyState: 'CANCELLED' },
    { id: 6, dinerPatron: ada, serviceDateTimestamp: june20(106), transferredOut: true },
  ]
  place.show('N', { reservations })
  await place.pull('N', 'initial')
  const versions = () =>
    place.rows('select tock_key, xmin::text from ecellar.reservations where winery_id = :id order by 1')
  const before = await versions()
  expect((await place.customer('ada@example.com'))?.visits).toBe(0)
  place.show('N', { reservations, takenAt: new Date('2026-06-30T07:00:00Z') })
  await place.pull('N')
  expect(await versions()).toEqual(before)
  expect(
    await place.rows(
      `select visits, first_visit_on::text as first, last_visit_on::text as last from reporting.customers where winery = :winery`,
    ),
  ).toEqual([{ visits: 2, first: '2026-06-20', last: '2026-06-21' }])
  expect((await place.reservation('r:1')).is_visit).toBe(true)
  expect((await place.reservation('r:4')).is_visit).toBe(false)
})

test('the same day at two brands is two visits, and a visit that goes missing stays one (rule 13)', async () => {
  const dinerPatron = person(7, 'ada@example.com', 'Ada', 'Wine')
  const takenAt = (day: number) => new Date(`2026-06-${day}T07:00:00Z`)
  for (const brand of ['N', 'S']) {
    place.show(brand, { reservations: [{ id: 1, dinerPatron }, { id: 2 }], takenAt: takenAt(22) })
    await place.pull(brand, 'initial')
  }
  expect((await place.customer('ada@example.com'))?.visits).toBe(2)
  place.show('N', { reservations: [{ id: 2 }], takenAt: takenAt(23) })
  expect((await place.pull('N')).reservations.missing).toBe(1)
  expect((await place.customer('ada@example.com'))?.visits).toBe(2)
})

test('an upcoming reservation that goes missing before its start never becomes a visit (rule 13)', async () => {
  const dinerPatron = person(7, 'ada@example.com', 'Ada', 'Wine')
  place.show('N', { reservations: [{ id: 1, dinerPatron }, { id: 2 }] })
  await place.pull('N', 'initial')
  for (const day of [10, 22]) {
    place.show('N', { reservations: [{ id: 2 }], takenAt: new Date(`2026-06-${day}T07:00:00Z`) })
    await place.pull('N')
  }
  expect((await place.customer('ada@example.com'))?.visits).toBe(0)
})

test('experiences are collected by id with name and count; a rename keeps the mapping, which holds for the past too (rule 14)', async () => {
  const tour = (name: string) => ({ id: 9, name, variety: 'RESERVATION' })
  place.show('N', {
    reservations: [
      { id: 1, experience: tour('Cave Tour') },
      { id: 2, experience: tour('Cave Tour') },
      { walkinId: 77, experience: undefined },
    ],
  })
  expect((await place.pull('N', 'initial')).experiences).toEqual({ new: 2, unmapped: 2 })
  const listed = () =>
    place.rows(
      'select experience_id, name, reservations, reservation_type from reporting.experiences where winery = :winery order by 1',
    )
  expect(await listed()).toEqual([
    { experience_id: '9', name: 'Cave Tour', reservations: 2, reservation_type: null },
    { experience_id: 'walk-in', name: 'Walk-in', reservations: 1, reservation_type: null },
  ])
  await place.rows(`with made as (
      insert into ecellar.list_entries (winery_id, list, name, not_a_visit) values (:id, 'reservation type', 'Tour', true) returning entry_id
    ) update ecellar.experiences set reservation_type_id = (select entry_id from made) where winery_id = :id and experience_id = '9'`)
  await place.rows(
    `update ecellar.experiences set ignored = true where winery_id = :id and experience_id = 'walk-in'`,
  )
  place.show('N', {
    reservations: [
      { id: 1, experience: tour('Cave Tour') },
      { id: 2, sequenceId: 2, lastUpdatedTimestamp: 1_779_000_000_000, experience: tour('Grand Cave Tour') },
      { walkinId: 77, experience: undefined },
    ],
    takenAt: new Date('2026-06-25T07:00:00Z'),
  })
  expect((await place.pull('N')).experiences).toEqual({ new: 0, unmapped: 0 })
  expect(await listed()).toMatchObject([
    { name: 'Grand Cave Tour', reservation_type: 'Tour' },
    { reservation_type: null },
  ])
  expect(await place.reservation('r:1')).toMatchObject({ reservation_type: 'Tour', is_visit: false })
  expect((await place.reservation('w:77')).is_visit).toBe(true)
})

test('a reservation and a walk-in of the same number are two (rule 14)', async () => {
  place.show('N', { reservations: [{ id: 5 }, { walkinId: 5, dinerPatron: undefined }] })
  expect((await place.pull('N', 'initial')).reservations.added).toBe(2)
  expect(await place.reservation('w:5')).toMatchObject({
    guest_email: null,
    customer_id: null,
    party_name: null,
  })
})
