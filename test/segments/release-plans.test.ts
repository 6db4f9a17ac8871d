/** Releases of so many a day, by themselves. */

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ManyToRelease } from '../../src/contract/api/release.ts'
import { listReleases, takeBackRelease } from '../../src/crm/customers-take-back.ts'
import { listReleasePlans, planRelease, stopReleasePlan } from '../../src/segments/release-plans.ts'
import { releaseStages } from '../../src/segments/release-stages.ts'
import { markCampaign, removeSegment, saveSegment } from '../../src/segments/saved-segments.ts'
import { actor } from '../actor.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

/** In Los Angeles 05:00 and 06:01 of June 15th, and so on. */
const before = new Date('2026-06-15T12:00:00Z')
const day = (n: number, time = '13:01') => new Date(`2026-06-${n}T${time}:00Z`)
let database: TestDatabase
let winery: BookedWinery
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  winery = await bookedWinery(database)
  for (const created of ['03', '01', '05', '02', '04'])
    await winery.customer({
      email: `c${created}@example.com`,
      created_by: 'tock',
      released_at: null,
      email_consent: created === '05' ? 'out' : 'in',
      created_at: `2026-06-${created}T00:00:00Z`,
    })
  await saveSegment(options(), {
    name: 'New',
    kind: 'dynamic',
    definition: { version: 1, where: { kind: 'flag', flag: 'released', is: true } },
  })
  await markCampaign(options(), { name: 'New' }, { name: 'Welcome', at: null })
  return () => sql`update ecellar.release_plans set ended_at = now()`.execute(database.db)
})

const options = (now = before) => ({ db: database.db, wineryId: winery.wineryId, actor, now })
const plan = (whom: ManyToRelease = { kind: 'all' }, aDay = 2, more = {}) =>
  planRelease({ ...options(), ...more }, { whom, aDay, atTime: '06:00' })
const plans = (now = before) => listReleasePlans(database.db, winery.wineryId, now)
const released = async () =>
  (
    await sql<{ email: string }>`
      select email from ecellar.customers where winery_id = ${winery.wineryId} and released_at is not null order by email`.execute(
      database.db,
    )
  ).rows.map(({ email }) => email.slice(0, 3))

test('a plan shows its effect first, and plans nothing for others than it showed', async () => {
  expect(await plan({ kind: 'all' }, 2, { dryRun: true })).toMatchObject({
    planId: null,
    customers: 5,
    mayBeMailed: 4,
    days: 3,
    campaigns: [{ campaign: 'Welcome', newNow: 0, newOnceReleased: 4 }],
  })
  expect(await plans()).toEqual([])
  await expect(plan({ kind: 'all' }, 2, { expected: 4 })).rejects.toMatchObject({ code: 'invalid' })
})

test('it releases so many a day at its time, the oldest first, once a day, until all are released', async () => {
  const { planId } = await plan()
  expect(await releaseStages(database.db, before)).toBe(0)
  expect(await plans()).toMatchObject([{ whom: 'all', waiting: 5, nextAt: new Date('2026-06-15T13:00:00Z') }])
  expect(await releaseStages(database.db, day(15))).toBe(2)
  expect(await releaseStages(database.db, day(15, '20:00'))).toBe(0)
  expect(await released()).toEqual(['c01', 'c02'])
  expect(await plans(day(15))).toMatchObject([
    { released: 2, waiting: 3, lastOn: '2026-06-15', nextAt: new Date('2026-06-16T13:00:00Z') },
  ])
  // Two days without the program are not made up for.
  expect(await releaseStages(database.db, day(18))).toBe(2)
  // Who comes meanwhile is not of the plan.
  await winery.customer({ created_by: 'tock', released_at: null, created_at: '2026-06-18T00:00:00Z' })
  expect(await releaseStages(database.db, day(19))).toBe(1)
  expect(await released()).toEqual(['c01', 'c02', 'c03', 'c04', 'c05'])
  expect(await plans(day(19))).toMatchObject([
    { released: 5, waiting: 0, nextAt: null, endedBy: null, endedBecause: 'All are released.' },
  ])
  expect(await releaseStages(database.db, day(20))).toBe(0)
  // One that takes the last of them is over with it, not a day later.
  await planRelease(options(day(20)), { whom: { kind: 'all' }, aDay: 1, atTime: '06:00' })
  expect(await releaseStages(database.db, day(20))).toBe(1)
  expect((await plans(day(20)))[0]).toMatchObject({ released: 1, endedBecause: 'All are released.' })
  const stages = (await listReleases(database.db, winery.wineryId)).filter((one) => one.planId === planId)
  expect(stages.map((one) => [one.planId, one.customers, one.releasedBy])).toEqual(
    [1, 2, 2].map((customers) => [planId, customers, 'release plan of Robin Example']),
  )
})

test('it is stopped by a person, and by a release that is taken back', async () => {
  const { planId } = await plan()
  await releaseStages(database.db, day(15))
  expect(await stopReleasePlan(options(day(15)), planId ?? '')).toMatchObject({
    endedBy: 'Robin Example',
    released: 2,
  })
  await expect(stopReleasePlan(options(day(15)), planId ?? '')).rejects.toMatchObject({ code: 'invalid' })
  expect(await releaseStages(database.db, day(16))).toBe(0)
  await plan()
  await releaseStages(database.db, day(16))
  const [stage] = await listReleases(database.db, winery.wineryId)
  expect(await takeBackRelease(options(), stage?.releaseId ?? '')).toMatchObject({
    takenBack: 2,
    plansStopped: 1,
  })
  expect(await releaseStages(database.db, day(17))).toBe(0)
  expect(await released()).toEqual(['c01', 'c02'])
})

test('it waits for nobody who works on the winery, and has its turn a minute later', async () => {
  await plan()
  const pull = await database.session()
  await pull.query('select pg_advisory_lock(7001, $1::int)', [winery.wineryId])
  expect(await releaseStages(database.db, day(15))).toBe(0)
  await pull.end()
  expect(await releaseStages(database.db, day(15))).toBe(2)
})

test('one by segment takes those who would be in it, and ends with the segment', async () => {
  const { segmentId } = await saveSegment(options(), {
    name: 'Yes',
    kind: 'dynamic',
    definition: { version: 1, where: { kind: 'flag', flag: 'mayMail', is: true } },
  })
  expect(await plan({ kind: 'segment', segmentId }, 3)).toMatchObject({ customers: 4, days: 2 })
  expect(await releaseStages(database.db, day(15))).toBe(3)
  await removeSegment(options(), { segmentId })
  expect(await releaseStages(database.db, day(16))).toBe(0)
  expect(await plans(day(16))).toMatchObject([
    { endedBecause: expect.stringContaining('There is no segment'), nextAt: null },
  ])
})
