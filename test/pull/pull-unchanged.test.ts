import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { PullReport } from '../../src/contract/pull-report.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { dumpRows } from './dump-tables.ts'
import { countsAddUp, person, type TockPlace, tockPlace } from './tock-place.ts'

let database: TestDatabase
let place: TockPlace
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  place = await tockPlace(database)
})
afterEach(() => place.close())

const ada = person(7, 'ada@example.com', 'Ada', 'Wine')
const bo = person(8, 'bo@example.com', 'Bo', 'Vine')
const full = {
  rowsPerFile: 2,
  reservations: [
    { id: 1, dinerPatron: ada },
    { id: 2, dinerPatron: bo, sequenceId: 5 },
    { id: 2, dinerPatron: bo, sequenceId: 4 },
    { id: 3, dinerPatron: person(9, 'no address') },
    { id: 4, experience: { id: 1, name: 'Bottles', variety: 'PICKUP' } },
    { id: undefined, walkinId: undefined },
    { id: 5, dinerPatron: person(10, null), ownerPatron: person(11, 'booker@example.com') },
  ],
  guests: [
    { patron: ada, optIn: true, optInSource: 'PURCHASE' },
    { patron: bo, isArchived: true },
    { patron: person(11, 'booker@example.com') },
    { patron: person(12, null, 'No', 'Address') },
    { patron: person(13, 'profile.only@example.com') },
  ],
}

/** A report without what differs from pull to pull. */
const figures = ({ reservations, guests, customers, experiences, locations }: PullReport) => ({
  reservations,
  guests,
  customers,
  experiences,
  locations,
})

test('the same snapshot again changes no row (rule 4)', async () => {
  place.show('N', full)
  await place.pull('N', 'initial')
  const before = await dumpRows(database)
  for (const more of [{}, { reread: true }]) {
    const report = await place.pull('N', 'manual', more)
    expect(report.reservations).toMatchObject({ added: 0, changed: 0, missing: 0 })
    expect(await dumpRows(database)).toEqual(before)
  }
  place.simulator.edit(place.businessId('N')).setETag(false)
  await place.pull('N')
  expect(await dumpRows(database)).toEqual(before)
})

test('a newer snapshot with the same rows changes no row either (rule 4)', async () => {
  place.show('N', full)
  await place.pull('N', 'initial')
  const before = await dumpRows(database)
  place.show('N', { ...full, rowsPerFile: 3, order: 'reversed' })
  const report = await place.pull('N')
  expect(report.reservations).toMatchObject({ added: 0, changed: 0, missing: 0 })
  expect(await dumpRows(database)).toEqual(before)
})

test('an unchanged file is not transferred again, and the counts are as if it had been (rule 9)', async () => {
  place.show('N', full)
  await place.pull('N', 'initial')
  place.show('N', full)
  const whole = await place.pull('N', 'manual', { reread: true })
  const { files, bytes } = place.simulator.stats
  const report = await place.pull('N')
  expect(report.snapshot).toMatchObject({ filesUnchanged: expect.any(Number) })
  expect(report.snapshot.filesUnchanged).toBeGreaterThan(0)
  expect(place.simulator.stats.files - files).toBe(report.snapshot.files - report.snapshot.filesUnchanged)
  expect(place.simulator.stats.bytes - bytes).toBe(report.snapshot.bytes)
  expect(figures(report)).toEqual(figures(whole))
  expect(countsAddUp(report)).toBe(true)
})

test('where every file is unchanged nothing is transferred at all (rule 9)', async () => {
  const { reservations, guests } = full
  place.show('N', {
    reservations: reservations.filter((row) => row.sequenceId !== 4),
    guests,
    rowsPerFile: 2,
  })
  const initial = await place.pull('N', 'initial')
  const whole = await place.pull('N', 'manual', { reread: true })
  const before = place.simulator.stats.files
  const report = await place.pull('N')
  expect(report.snapshot).toMatchObject({ filesUnchanged: initial.snapshot.files, bytes: 0 })
  expect(place.simulator.stats.files).toBe(before)
  expect(figures(report)).toEqual(figures(whole))
})

test('one changed file beside unchanged ones: only it is read, and nothing of the others is missing (rule 9)', async () => {
  const reservations = [1, 2, 3, 4, 5, 6].map((id) => ({ id }))
  place.show('N', { reservations, rowsPerFile: 2 })
  await place.pull('N', 'initial')
  place.show('N', {
    reservations: reservations.map((row) => (row.id === 3 ? { ...row, sequenceId: 2, partySize: 9 } : row)),
    rowsPerFile: 2,
  })
  const report = await place.pull('N')
  expect(report).toMatchObject({
    snapshot: { files: 3, filesUnchanged: 2 },
    reservations: { inSnapshot: 6, changed: 1, unchanged: 5, missing: 0 },
  })
})

test('a key in a changed file and again in an unchanged one: both are read, and which row wins is as ever (rules 2 and 9)', async () => {
  const rows = [{ id: 1, sequenceId: 5 }, { id: 2 }]
  place.show('N', { reservations: rows, rowsPerFile: 1 })
  await place.pull('N', 'initial')
  place.show('N', { reservations: [rows[0] ?? {}, { id: 1, sequenceId: 4, partySize: 9 }], rowsPerFile: 1 })
  const report = await place.pull('N')
  expect(report).toMatchObject({
    snapshot: { filesUnchanged: 0 },
    reservations: { inSnapshot: 2, unchanged: 1, stale: 1, missing: 1 },
  })
  expect((await place.reservation('r:1')).party_size).toBe(2)
})

test('a stale row is counted as stale again when its file did not change (rule 9)', async () => {
  place.show('N', { reservations: [{ id: 1, sequenceId: 5 }, { id: 2 }] })
  await place.pull('N', 'initial')
  place.show('N', { reservations: [{ id: 1, sequenceId: 4 }, { id: 2 }] })
  for (const _ of ['as new', 'once more']) {
    expect((await place.pull('N')).reservations).toMatchObject({ inSnapshot: 2, unchanged: 1, stale: 1 })
  }
})

test('matching, consent and exceptions work on what is stored, also when no file changed (rule 9)', async () => {
  place.show('N', {
    reservations: [
      { id: 1, dinerPatron: ada },
      { id: 2, dinerPatron: bo },
    ],
  })
  await place.rows(
    `insert into ecellar.shared_addresses (winery_id, email_key) values (:id, 'ada@example.com')`,
  )
  await place.pull('N', 'initial')
  expect(await place.customer('ada@example.com')).toBeUndefined()
  await place.rows('delete from ecellar.shared_addresses where winery_id = :id')
  await place.rows(
    'update ecellar.wineries set identity_revision = identity_revision + 1 where winery_id = :id',
  )
  const report = await place.pull('N')
  expect(report).toMatchObject({ snapshot: { files: 1, filesUnchanged: 1 }, customers: { created: 1 } })
  expect((await place.reservation('r:1')).customer_email).toBe('ada@example.com')
})

test('what is known of files is kept from applied pulls only: a preview and a refused pull leave none (rule 9)', async () => {
  place.show('N', full)
  await place.pull('N', 'preview')
  place.simulator.setFault('truncated', place.businessId('N'))
  await place.pull('N', 'initial', { retry: { tries: 1, totalMs: 500 } })
  expect(await place.rows('select 1 from ecellar.snapshot_files where winery_id = :id')).toEqual([])
  place.simulator.setFault(null)
  expect((await place.pull('N', 'initial')).snapshot.filesUnchanged).toBe(0)
})

test('a 304 without Last-Modified is asked once more for its date, which counts (rule 9)', async () => {
  place.show('N', { reservations: [{ id: 1 }] })
  await place.pull('N', 'initial')
  place.simulator.edit(place.businessId('N')).setLastModifiedWith304(false)
  const takenAt = new Date('2026-06-08T07:00:00Z')
  place.show('N', { reservations: [{ id: 1 }], takenAt })
  const report = await place.pull('N')
  expect(report.snapshot).toEqual({ takenAt: takenAt.toISOString(), files: 1, filesUnchanged: 1, bytes: 0 })
  expect(place.simulator.stats.ranges).toBe(1)
})

test('files without an ETag are read every time (rule 9)', async () => {
  place.simulator.edit(place.businessId('N')).setETag(false)
  place.show('N', full)
  await place.pull('N', 'initial')
  expect((await place.pull('N')).snapshot.filesUnchanged).toBe(0)
})

test('a program version that reads rows differently, and --reread, read everything again (rule 9)', async () => {
  place.show('N', { reservations: [{ id: 1 }], guests: [{ patron: ada }] })
  await place.pull('N', 'initial')
  expect((await place.pull('N', 'manual', { reread: true })).snapshot).toMatchObject({
    files: 2,
    filesUnchanged: 0,
  })
  expect((await place.pull('N')).snapshot.filesUnchanged).toBe(2)
  await place.rows('update ecellar.snapshot_files set reader_version = 0 where winery_id = :id')
  expect((await place.pull('N')).snapshot.filesUnchanged).toBe(0)
  expect((await place.pull('N')).snapshot.filesUnchanged).toBe(2)
})

test('a preview says what the initial pull of the same snapshot will say, and stores nothing but whom it found (§6)', async () => {
  place.show('N', full)
  const { preview_people: _, ...before } = await dumpRows(database)
  const preview = await place.pull('N', 'preview')
  expect(preview.status).toBe('previewed')
  const { preview_people: found, ...after } = await dumpRows(database)
  expect(after).toEqual(before)
  expect(found?.length).toBeGreaterThan(0)
  expect(figures(await place.pull('N', 'initial'))).toEqual(figures(preview))
  expect(await place.rows('select 1 from ecellar.preview_people where winery_id = :id')).toEqual([])
})
