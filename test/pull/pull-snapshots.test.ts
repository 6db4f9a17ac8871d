/** One snapshot after the other: what is new, changed, stale, missing, and what is remembered of it. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { countsAddUp, person, type TockPlace, tockPlace } from './tock-place.ts'

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

test('of a key twice in one snapshot the higher sequence wins, then the later edit; the other is stale (rule 2)', async () => {
  place.show('N', {
    rowsPerFile: 1,
    reservations: [
      { id: 1, sequenceId: 5, partySize: 5 },
      { id: 1, sequenceId: 4, partySize: 4 },
      { id: 2, sequenceId: 1, partySize: 2, lastUpdatedTimestamp: 1_700_000_000_000 },
      { id: 2, sequenceId: 1, partySize: 3, lastUpdatedTimestamp: 1_700_000_000_001 },
    ],
  })
  const report = await place.pull('N', 'initial')
  expect(report.reservations).toMatchObject({ inSnapshot: 4, added: 2, stale: 2 })
  expect((await place.reservation('r:1')).party_size).toBe(5)
  expect((await place.reservation('r:2')).party_size).toBe(3)
  expect((await place.pull('N')).reservations).toMatchObject({ inSnapshot: 4, unchanged: 2, stale: 2 })
})

test('the counts of a pull add up, whatever its rows are (rule 5)', async () => {
  const first = [{ id: 1 }, { id: 2 }, { id: 3, sequenceId: 9 }, { id: 4 }, { id: 5 }]
  place.show('N', { reservations: first })
  const initial = await place.pull('N', 'initial')
  expect(initial.reservations).toMatchObject({ inSnapshot: 5, added: 5 })
  place.show('N', {
    reservations: [
      { id: 1 },
      { id: 2, sequenceId: 2, partySize: 9 },
      { id: 3, sequenceId: 8, partySize: 9 },
      { id: 4, sequenceId: 2 },
      { id: 6 },
      { id: 7, experience: { id: 1, name: 'Bottles', variety: 'PICKUP' } },
      { id: undefined, walkinId: undefined },
      { id: 8, business: { id: Number(place.businessId('N')), name: 'N', timeZone: 'Moon/Base' } },
    ],
  })
  const report = await place.pull('N')
  expect(report.reservations).toEqual({
    inSnapshot: 8,
    added: 1,
    changed: 1,
    unchanged: 2,
    excluded: 1,
    stale: 1,
    exceptions: 2,
    missing: 1,
  })
  expect(countsAddUp(report)).toBe(true)
})

test('a row with a lower sequence than the stored one is stale and ignored (rule 6)', async () => {
  place.show('N', { reservations: [{ id: 1, sequenceId: 5, partySize: 5 }] })
  await place.pull('N', 'initial')
  place.show('N', {
    reservations: [{ id: 1, sequenceId: 4, partySize: 4, lastUpdatedTimestamp: 1_900_000_000_000 }],
  })
  expect((await place.pull('N')).reservations).toMatchObject({ stale: 1, changed: 0 })
  expect(await place.reservation('r:1')).toMatchObject({ party_size: 5, missing_since: null })
})

test('without a sequence the later edit counts, and of equal ones the newer snapshot (rule 6)', async () => {
  const at = (partySize: number, lastUpdatedTimestamp: number) => ({
    reservations: [{ id: 1, sequenceId: undefined, partySize, lastUpdatedTimestamp }],
  })
  place.show('N', at(5, 1_700_000_000_005))
  await place.pull('N', 'initial')
  place.show('N', at(4, 1_700_000_000_004))
  expect((await place.pull('N')).reservations.stale).toBe(1)
  place.show('N', at(6, 1_700_000_000_005))
  expect((await place.pull('N')).reservations.changed).toBe(1)
  expect((await place.reservation('r:1')).party_size).toBe(6)
})

test('a row in which only the change markers differ counts as unchanged, without history, and is remembered (rule 6)', async () => {
  place.show('N', { reservations: [{ id: 1, sequenceId: 1 }] })
  const initial = await place.pull('N', 'initial')
  place.show('N', { reservations: [{ id: 1, sequenceId: 7, lastUpdatedTimestamp: 1_790_000_000_000 }] })
  expect((await place.pull('N')).reservations).toMatchObject({ unchanged: 1, changed: 0, stale: 0 })
  expect(await place.rows('select * from ecellar.changes where winery_id = :id')).toEqual([])
  expect((await place.reservation('r:1')).changed_in_pull).toBe(initial.pullId)
  place.show('N', { reservations: [{ id: 1, sequenceId: 6, partySize: 6 }] })
  expect((await place.pull('N')).reservations.stale).toBe(1)
})

test('a reservation that a complete snapshot no longer shows is marked, kept, and unmarked when it returns (rule 7)', async () => {
  place.show('N', { reservations: [{ id: 1 }, { id: 2 }] })
  await place.pull('N', 'initial')
  place.show('N', { reservations: [{ id: 1 }] })
  const gone = await place.pull('N')
  expect(gone.reservations).toMatchObject({ inSnapshot: 1, unchanged: 1, missing: 1 })
  expect(await place.reservation('r:2')).toMatchObject({
    missing_since: new Date(gone.snapshot.takenAt ?? 0),
    changed_in_pull: gone.pullId,
  })
  place.show('N', { reservations: [{ id: 1 }] })
  expect((await place.pull('N')).reservations.missing).toBe(0)
  place.show('N', { reservations: [{ id: 1 }, { id: 2 }] })
  expect((await place.pull('N')).reservations).toMatchObject({ changed: 1, unchanged: 1, added: 0 })
  expect((await place.reservation('r:2')).missing_since).toBeNull()
})

test('stale rows, orders and unreadable rows are there: their reservations are not missing (rules 5 and 7)', async () => {
  place.show('N', { reservations: [{ id: 1, sequenceId: 5 }, { id: 2 }, { id: 3 }] })
  await place.pull('N', 'initial')
  place.show('N', {
    reservations: [
      { id: 1, sequenceId: 4 },
      { id: 2, experience: { id: 1, name: 'Bottles', variety: 'PICKUP' } },
      { id: 3, business: { id: Number(place.businessId('N')), timeZone: 'Moon/Base' } },
    ],
  })
  expect((await place.pull('N')).reservations).toMatchObject({
    stale: 1,
    excluded: 1,
    exceptions: 1,
    missing: 0,
  })
  expect(
    await place.rows(
      'select 1 from ecellar.reservations where winery_id = :id and missing_since is not null',
    ),
  ).toEqual([])
})

test('what Tock clears on a reservation is cleared here (rule 7)', async () => {
  place.show('N', {
    reservations: [{ id: 1, note: [{ text: 'Allergic' }], seatingOption: { id: 4, name: 'Terrace' } }],
  })
  await place.pull('N', 'initial')
  place.show('N', {
    reservations: [{ id: 1, sequenceId: 2, partySize: undefined, seatingOption: undefined }],
  })
  await place.pull('N')
  expect(await place.reservation('r:1')).toMatchObject({ notes: null, party_size: null, seating_area: null })
})

test('every change is remembered with pull, field, before and after (rule 23)', async () => {
  place.show('N', {
    reservations: [{ id: 1, partySize: 2, dinerPatron: person(7, 'ada@example.com', 'Ada', 'Wine') }],
  })
  await place.pull('N', 'initial')
  expect(await place.rows('select 1 from ecellar.changes where winery_id = :id')).toEqual([])
  place.show('N', {
    reservations: [
      {
        id: 1,
        sequenceId: 2,
        partySize: 3,
        partyState: 'SEATED',
        dinerPatron: person(7, 'ada@example.com', 'Ada', 'Vine'),
      },
    ],
    guests: [{ patron: person(7, 'ada@example.com', 'Ada', 'Vine') }],
  })
  const report = await place.pull('N')
  const changes = await place.rows(
    'select pull_id::text, entity, field, before, after, made_by from ecellar.changes where winery_id = :id order by entity, field',
  )
  const of = (entity: string, field: string, before: string, after: string) => ({
    pull_id: report.pullId,
    entity,
    field,
    before,
    after,
    made_by: 'pull',
  })
  expect(changes).toEqual([
    of('customer', 'last_name', 'Wine', 'Vine'),
    of('reservation', 'guest_last_name', 'Wine', 'Vine'),
    of('reservation', 'party_name', 'Ada Wine', 'Ada Vine'),
    of('reservation', 'party_size', '2', '3'),
    of('reservation', 'status', 'Booked', 'Seated'),
    of('reservation', 'tock_state', 'EXPECTED', 'SEATED'),
  ])
})

test('a reservation that returns by a stale row counts as changed and has that in its history (rules 5 and 23)', async () => {
  place.show('N', { reservations: [{ id: 1, sequenceId: 5 }, { id: 2 }] })
  await place.pull('N', 'initial')
  place.show('N', { reservations: [{ id: 2 }] })
  await place.pull('N')
  place.show('N', { reservations: [{ id: 1, sequenceId: 4, partySize: 8 }, { id: 2 }] })
  const report = await place.pull('N')
  expect(report.reservations).toMatchObject({ inSnapshot: 2, changed: 1, unchanged: 1, stale: 0 })
  expect(countsAddUp(report)).toBe(true)
  const returned = await place.reservation('r:1')
  expect(returned).toMatchObject({ missing_since: null, changed_in_pull: report.pullId })
  expect(returned.party_size).not.toBe(8)
  const changes = await place.rows(
    `select before is null as was_null, after is null as is_null from ecellar.changes where winery_id = :id and field = 'missing_since' order by change_id`,
  )
  expect(changes).toEqual([
    { was_null: true, is_null: false },
    { was_null: false, is_null: true },
  ])
})

test('history is kept as long as the winery sets, and no longer (rule 23)', async () => {
  place.show('N', { reservations: [{ id: 1 }] })
  await place.pull('N', 'initial')
  await place.rows(`update ecellar.wineries set history_days = 30 where winery_id = :id`)
  await place.rows(`insert into ecellar.changes (winery_id, entity, entity_id, field, changed_at, made_by) values
    (:id, 'customer', 1, 'old', now() - interval '31 days', 'staff'), (:id, 'customer', 1, 'young', now() - interval '29 days', 'staff')`)
  await place.pull('N')
  expect(await place.rows('select field from ecellar.changes where winery_id = :id')).toEqual([
    { field: 'young' },
  ])
})
