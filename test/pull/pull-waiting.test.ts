import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { erasureHash } from '../../src/access/erasure-hash.ts'
import { erasePerson } from '../../src/crm/customers-erase.ts'
import { approvePull, rejectPull } from '../../src/pull/decide-waiting.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { dumpAll } from './dump-tables.ts'
import { openSecrets } from './open-secrets.ts'
import { june20, person, type TockPlace, tockPlace } from './tock-place.ts'

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

const past = Date.parse('2026-04-01T19:00:00Z')
const upcoming = june20(12)
const day = 86_400_000
const someone = person(1, 'one@example.com', 'One')
/** All of one guest, so that only reservations count. */
const many = (count: number, serviceDateTimestamp: number, from = 1) =>
  Array.from({ length: count }, (_, at) => ({ id: from + at, serviceDateTimestamp, dinerPatron: someone }))
const guests = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({
    id: 10_000 + from + at,
    dinerPatron: person(10_000 + from + at, `g${from + at}@example.com`),
  }))
const staged = async () =>
  (await place.rows('select 1 from ecellar.waiting_reservations where winery_id = :id')).length
const statusOf = async (pullId: string) =>
  (
    await place.rows<{ status: string }>(
      `select status from reporting.pulls where winery = :winery and pull_id = '${pullId}'`,
    )
  )[0]?.status

for (const [when, starts] of [
  ['upcoming', upcoming],
  ['past', past],
] as const) {
  test(`a pull that would mark more than 15 % of the ${when} reservations missing waits with its reason, and changes nothing (rule 8)`, async () => {
    place.show('N', { reservations: many(100, starts) })
    await place.pull('N', 'initial')
    const before = await dumpAll(database)
    place.show('N', { reservations: many(78, starts) })
    const report = await place.pull('N')
    expect(report).toMatchObject({ status: 'waiting', reservations: { missing: 22, inSnapshot: 78 } })
    expect(report.waitingFor).toContain(`22 of 100 ${when} reservations`)
    const {
      waiting_reservations: _r,
      waiting_guests: _g,
      waiting_files: _f,
      ...after
    } = await dumpAll(database)
    expect(before).toMatchObject(after)
    expect(await statusOf(report.pullId)).toBe('waiting')
  })
}

test('cancelled ones count like missing ones (rule 8)', async () => {
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  const cancelled = many(100, upcoming).map((row) =>
    row.id <= 22 ? { ...row, sequenceId: 2, isCancelled: true, partyState: 'CANCELLED' } : row,
  )
  place.show('N', { reservations: cancelled })
  expect((await place.pull('N')).status).toBe('waiting')
})

test('few do not wait: not more than twenty, nor more than the share (rule 8)', async () => {
  place.show('N', { reservations: [...many(40, upcoming), ...many(200, past, 1000)] })
  await place.pull('N', 'initial')
  place.show('N', { reservations: [...many(20, upcoming), ...many(170, past, 1000)] })
  expect(await place.pull('N')).toMatchObject({ status: 'applied', reservations: { missing: 50 } })
})

test("the winery's own share is the limit where it sets one (rule 8)", async () => {
  await place.rows('update ecellar.wineries set guard_percent = 30 where winery_id = :id')
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  place.show('N', { reservations: many(71, upcoming) })
  expect((await place.pull('N')).status).toBe('applied')
})

test('more new customers than 200 wait, 200 do not; the initial pull never does (rule 8)', async () => {
  place.show('N', { reservations: guests(250) })
  expect(await place.pull('N', 'initial')).toMatchObject({ status: 'applied', customers: { created: 250 } })
  place.show('N', { reservations: guests(450) })
  expect(await place.pull('N')).toMatchObject({ status: 'applied', customers: { created: 200 } })
  place.show('N', { reservations: guests(651) })
  const report = await place.pull('N')
  expect(report).toMatchObject({ status: 'waiting', customers: { created: 201 } })
  expect(report.waitingFor).toContain('201 customers')
})

test("approving applies that very snapshot against today's data (rule 8)", async () => {
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  const bo = { id: 500, dinerPatron: person(2, 'bo@example.com', 'Bo') }
  place.show('N', { reservations: [...many(70, upcoming), bo] })
  const waiting = await place.pull('N')
  expect(await staged()).toBe(71)
  await place.rows(
    `insert into ecellar.customers (winery_id, email, email_key, created_by, ecellar_customer_id) values (:id, 'bo@example.com', 'bo@example.com', 'import', 'B1')`,
  )
  place.show('N', { reservations: many(99, upcoming) })
  const applied = await approvePull(database, waiting.pullId, actor)
  expect(applied).toMatchObject({
    pullId: waiting.pullId,
    status: 'applied',
    snapshot: { takenAt: waiting.snapshot.takenAt },
    reservations: { added: 1, missing: 30, unchanged: 70 },
    customers: { created: 0, matched: 1 },
  })
  expect(applied.waitingFor).toBeUndefined()
  expect(await statusOf(waiting.pullId)).toBe('applied')
  expect(await staged()).toBe(0)
  expect((await place.reservation('r:99')).missing_since).toEqual(new Date(waiting.snapshot.takenAt ?? 0))
  expect((await place.reservation('r:500')).customer_email).toBe('bo@example.com')
  expect(await place.pull('N')).toMatchObject({
    status: 'applied',
    reservations: { changed: 29, missing: 1 },
  })
})

test('an approved snapshot whose files are unchanged is known: the next pull transfers nothing (rules 8 and 9)', async () => {
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  place.show('N', { reservations: many(70, upcoming) })
  await approvePull(database, (await place.pull('N')).pullId, actor)
  expect((await place.pull('N')).snapshot).toMatchObject({ files: 1, filesUnchanged: 1 })
})

test('rejecting drops the snapshot and its staging, and leaves the data (rule 8)', async () => {
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  place.show('N', { reservations: many(70, upcoming) })
  const waiting = await place.pull('N')
  expect((await rejectPull(database, waiting.pullId, actor)).status).toBe('rejected')
  expect(await staged()).toBe(0)
  expect(
    await place.rows(
      'select 1 from ecellar.reservations where winery_id = :id and missing_since is not null',
    ),
  ).toEqual([])
  await expect(approvePull(database, waiting.pullId, actor)).rejects.toMatchObject({ code: 'invalid' })
  await expect(rejectPull(database, waiting.pullId, actor)).rejects.toMatchObject({ code: 'invalid' })
})

test('later pulls go on, and one that is applied makes the waiting one superseded (rule 8)', async () => {
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  place.show('N', { reservations: many(70, upcoming) })
  const waiting = await place.pull('N')
  const again = await place.pull('N')
  expect(again.status).toBe('waiting')
  expect(await statusOf(waiting.pullId)).toBe('waiting')
  place.show('N', { reservations: many(99, upcoming) })
  expect((await place.pull('N')).status).toBe('applied')
  expect([await statusOf(waiting.pullId), await statusOf(again.pullId)]).toEqual(['superseded', 'superseded'])
  expect(await staged()).toBe(0)
  await expect(approvePull(database, waiting.pullId, actor)).rejects.toMatchObject({ code: 'invalid' })
})

test('a waiting pull that nobody decides on within a week is purged (rule 8)', async () => {
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  place.show('N', { reservations: many(70, upcoming) })
  const waiting = await place.pull('N')
  await place.rows(
    `update ecellar.pulls set finished_at = finished_at - interval '8 days' where winery_id = :id`,
  )
  const again = await place.pull('N')
  expect([await statusOf(waiting.pullId), again.status]).toEqual(['rejected', 'waiting'])
  expect(
    await place.rows(
      `select 1 from ecellar.waiting_files where winery_id = :id and pull_id = ${waiting.pullId}`,
    ),
  ).toEqual([])
})

test('a second initial pull is invalid (rule 8)', async () => {
  place.show('N', { reservations: many(1, upcoming) })
  await place.pull('N', 'initial')
  await expect(place.pull('N', 'initial')).rejects.toMatchObject({ code: 'invalid' })
})

test('a waiting pull that does not exist is not found', async () => {
  await expect(approvePull(database, '999999', actor)).rejects.toMatchObject({ code: 'not_found' })
})

test('what was erased while a pull waited is not brought back by approving it (rules 8 and 22)', async () => {
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  place.show('N', {
    reservations: [...many(70, upcoming), { id: 500, dinerPatron: person(2, 'bo@example.com', 'Bo') }],
  })
  const waiting = await place.pull('N')
  const key = await openSecrets.erasureKey()
  const hash = (what: 'email' | 'patron', value: string) => erasureHash(key, what, value)
  await erasePerson({ db: database.db, wineryId: place.wineryId, actor, hash }, { email: 'bo@example.com' })
  expect((await approvePull(database, waiting.pullId, actor)).status).toBe('applied')
  expect(await place.customer('bo@example.com')).toBeUndefined()
  expect(await place.reservation('r:500')).toMatchObject({
    guest_email: null,
    party_name: null,
    customer_id: null,
  })
})

test('a snapshot taken long after makes reservations past: they are measured as such (rule 8)', async () => {
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  place.show('N', { reservations: many(70, upcoming), takenAt: new Date(upcoming + 10 * day) })
  expect((await place.pull('N')).waitingFor).toContain('past')
})

test('a waiting pull of the business that a brand had before is not applied to the new one (rule 8, §6)', async () => {
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  place.show('N', { reservations: many(70, upcoming) })
  const waiting = await place.pull('N')
  await place.rows(`update ecellar.brands set business_id = '99' || business_id where winery_id = :id`)
  await place.rows(`insert into ecellar.brand_businesses (winery_id, brand_id, business_id, business_group_id)
    select winery_id, brand_id, business_id, business_group_id from ecellar.brands where winery_id = :id`)
  await expect(approvePull(database, waiting.pullId, actor)).rejects.toMatchObject({ code: 'invalid' })
  expect(
    await place.rows(
      'select 1 from ecellar.reservations where winery_id = :id and missing_since is not null',
    ),
  ).toEqual([])
})

test('of an approval and a rejection at once, one wins whole (rules 3 and 8)', async () => {
  place.show('N', { reservations: many(100, upcoming) })
  await place.pull('N', 'initial')
  place.show('N', { reservations: many(70, upcoming) })
  const { pullId } = await place.pull('N')
  const [approved, rejected] = await Promise.allSettled([
    approvePull(database, pullId, actor),
    rejectPull(database, pullId, actor),
  ])
  expect([approved.status, rejected.status].sort()).toEqual(['fulfilled', 'rejected'])
  const missing = await place.rows(
    'select 1 from ecellar.reservations where winery_id = :id and missing_since is not null',
  )
  expect([await statusOf(pullId), missing.length]).toEqual(
    approved.status === 'fulfilled' ? ['applied', 30] : ['rejected', 0],
  )
})
