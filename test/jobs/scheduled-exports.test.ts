import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { mapExperience } from '../../src/crm/experiences.ts'
import { exportsDue, makeScheduledExport } from '../../src/jobs/scheduled-exports.ts'
import { addExportSchedule } from '../../src/segments/change-export-schedules.ts'
import { listExportSchedules } from '../../src/segments/export-schedules.ts'
import { saveSegment } from '../../src/segments/saved-segments.ts'
import { confirmEntries } from '../../src/segments/segment-history.ts'
import { actor } from '../actor.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { insert } from '../crm/customers-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { jobsForTests, type TestJobs } from './worker-for-tests.ts'

/** 05:00 in Los Angeles. */
const morning = new Date('2026-06-15T12:00:00Z')
const at = (text: string) => new Date(`2026-06-${text}:00Z`)
let database: TestDatabase
let jobs: TestJobs
let winery: BookedWinery
let folder: string
beforeAll(async () => {
  database = await freshDatabase()
  jobs = await jobsForTests(database, 'http://127.0.0.1:9')
})
afterAll(async () => {
  await jobs.close()
  await database.drop()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exports-'))
  winery = await bookedWinery(database)
  await sql`
    update ecellar.wineries set reservation_contact = 'host@example.com' where winery_id = ${winery.wineryId}`.execute(
    database.db,
  )
  await visitor()
  const where = { kind: 'count', of: 'visits', brands: ['JH'], times: { is: 'atLeast', n: 1 } } as const
  const definition = { version: 1 as const, where: { ...where, brands: [...where.brands] } }
  const options = { db: database.db, wineryId: winery.wineryId, actor, now: morning }
  await saveSegment(options, { name: 'Guests', kind: 'dynamic', definition })
  await addExportSchedule(options, {
    segment: { name: 'Guests' },
    format: 'csv',
    columns: ['email'],
    weekday: null,
    atTime: '06:30',
  })
  return () => rm(folder, { recursive: true })
})

async function visitor(pullId = '1') {
  const customerId = await winery.customer({ email_consent: 'in' })
  const patronId = await winery.guest(customerId)
  await winery.reservation({ customerId, patronId, day: '2026-05-01' }, { changed_in_pull: pullId })
}
const goodPull = (finished: Date, kind = 'nightly') =>
  insert(
    database,
    'pulls',
    {
      winery_id: winery.wineryId,
      brand_id: winery.brands[0]?.brand_id,
      business_id: '1',
      kind,
      status: 'applied',
      started_at: finished,
      finished_at: finished,
    },
    'pull_id',
  )
const make = async (now: Date) => {
  const place = { queue: jobs.queue, folder, consoleUrl: null }
  for (const scheduleId of await exportsDue(place, now)) await makeScheduledExport(place, scheduleId, now)
}
const files = async () => {
  const place = join(folder, winery.winery.slug)
  const names = await readdir(place).catch(() => [])
  return Promise.all(names.map((name) => readFile(join(place, name), 'utf8')))
}
const rowsOf = (file = '') => file.trim().split('\n').length - 1

test('a scheduled export is made once a day at its time on the winery’s clock, and yesterday’s file goes', async () => {
  await goodPull(at('15T09:00'))
  await make(at('15T13:29'))
  expect(await files()).toEqual([])
  await make(at('15T13:31'))
  expect((await files()).map(rowsOf)).toEqual([1])
  await make(at('15T13:32'))
  const { rows } = await sql`
    select rows, made_by from ecellar.exports where winery_id = ${winery.wineryId}`.execute(database.db)
  expect(rows).toEqual([{ rows: 1, made_by: 'Robin Example' }])
  await goodPull(at('16T09:00'))
  await make(at('16T13:31'))
  expect(await files()).toHaveLength(1)
})

test('a scheduled export stops with one notice while a named brand has no good pull for 30 hours, and goes on after it', async () => {
  await goodPull(at('14T07:00'))
  await make(at('15T13:31'))
  await make(at('15T13:32'))
  expect(await files()).toEqual([])
  expect(await listExportSchedules(database.db, winery.wineryId)).toMatchObject([
    { stoppedBecause: 'No good pull of JH for 30 hours.', doneOn: null },
  ])
  const { rows } = await sql`
    select recipient, data->>'title' as title from ecellar.outbox where winery_id = ${winery.wineryId}`.execute(
    database.db,
  )
  expect(rows).toEqual([{ recipient: 'host@example.com', title: 'A scheduled export was stopped' }])
  await goodPull(at('15T14:00'))
  await make(at('15T14:01'))
  expect((await files()).map(rowsOf)).toEqual([1])
  expect(await listExportSchedules(database.db, winery.wineryId)).toMatchObject([{ stoppedBecause: null }])
})

test('who entered by an initial pull is in no scheduled export before a person confirms it', async () => {
  await visitor(await goodPull(at('15T09:00'), 'initial'))
  await make(at('15T13:31'))
  expect((await files()).map(rowsOf)).toEqual([1])
  await confirmEntries(
    { db: database.db, wineryId: winery.wineryId, actor, now: at('15T20:00') },
    { name: 'Guests' },
  )
  await goodPull(at('16T09:00'))
  await make(at('16T13:31'))
  expect((await files()).map(rowsOf)).toEqual([2])
})

test.each(['mapping', 'decision'] as const)(
  'who entered by a %s is in no scheduled export before a person confirms it, and one confirmation lets all in',
  async (because) => {
    const options = { db: database.db, wineryId: winery.wineryId, actor, now: morning }
    await insert(database, 'list_entries', {
      winery_id: winery.wineryId,
      list: 'reservation type',
      name: 'Tasting',
    })
    await insert(database, 'experiences', {
      winery_id: winery.wineryId,
      brand_id: winery.brands[0]?.brand_id,
      experience_id: '7',
      name: 'Flight',
    })
    const tasters = {
      kind: 'count' as const,
      of: 'visits' as const,
      brands: ['JH'],
      ...(because === 'mapping' ? { reservationTypes: ['Tasting'] } : {}),
      times: { is: 'atLeast' as const, n: 1 },
    }
    const definition = { version: 1 as const, where: tasters }
    await saveSegment(options, { name: 'Guests', kind: 'dynamic', definition, replace: true })
    const [old, other] = [
      await winery.customer({ email_consent: 'in' }),
      await winery.customer({ email_consent: 'in' }),
    ]
    await goodPull(at('15T09:00'))
    await make(at('15T13:31'))
    const before = rowsOf((await files())[0])
    for (const customerId of [old, other]) {
      const patronId = await winery.guest(customerId)
      const key = await winery.reservation(
        { customerId, patronId, day: '2026-05-01' },
        { experience_id: '7' },
      )
      if (because === 'mapping') continue
      // As a person decided it: the guest is this customer.
      await sql`
        insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by, changed_at)
        select winery_id, 'reservation', reservation_id, 'customer_id', null, customer_id::text, 'staff',
          ${at('15T15:00')}
        from ecellar.reservations where winery_id = ${winery.wineryId} and tock_key = ${key}`.execute(
        database.db,
      )
    }
    if (because === 'mapping') {
      const mapping = { experienceId: '7', reservationType: 'Tasting', create: false }
      await mapExperience(database.db, winery.brands[0]!, mapping, actor)
    }
    await goodPull(at('16T09:00'))
    await make(at('16T13:31'))
    expect((await files()).map(rowsOf)).toEqual([before])
    expect(await listExportSchedules(database.db, winery.wineryId)).toMatchObject([{ waiting: 2 }])
    const confirming = { ...options, now: at('16T20:00') }
    expect(await confirmEntries(confirming, { name: 'Guests' })).toEqual({ confirmed: 2 })
    await goodPull(at('17T09:00'))
    await make(at('17T13:31'))
    expect((await files()).map(rowsOf)).toEqual([before + 2])
  },
)
