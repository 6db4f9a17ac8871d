/** What runs by itself for segments: recordings and scheduled exports as jobs, each once, held up by none. */

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { erasePerson } from '../../src/crm/customers-erase.ts'
import { removeEndedFiles } from '../../src/jobs/export-files.ts'
import { requestExports, requestRecordings, startSegmentJobs } from '../../src/jobs/segment-jobs.ts'
import {
  addExportSchedule,
  changeExportSchedule,
  removeExportSchedule,
} from '../../src/segments/change-export-schedules.ts'
import { beginExport, dueExports } from '../../src/segments/due-exports.ts'
import { listExportSchedules } from '../../src/segments/export-schedules.ts'
import { saveSegment } from '../../src/segments/saved-segments.ts'
import { actor } from '../actor.ts'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { hash, insert } from '../crm/customers-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { jobsForTests, type TestJobs } from './worker-for-tests.ts'

const morning = new Date('2026-06-15T12:00:00Z')
/** After 06:30 in Los Angeles. */
const due = new Date('2026-06-15T13:31:00Z')
let database: TestDatabase
let jobs: TestJobs
let winery: BookedWinery
let folder: string
let now: Date
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  jobs = await jobsForTests(database, 'http://127.0.0.1:9')
  folder = await mkdtemp(join(tmpdir(), 'exports-'))
  winery = await bookedWinery(database)
  now = due
  await sql`update ecellar.wineries set reservation_contact = 'host@example.com' where winery_id = ${winery.wineryId}`.execute(
    database.db,
  )
  for (const name of ['ann', 'bea'])
    await winery.customer({ email: `${name}@example.com`, email_consent: 'in' })
  const options = { db: database.db, wineryId: winery.wineryId, actor, now: morning }
  await saveSegment(options, {
    name: 'All',
    kind: 'dynamic',
    definition: { version: 1, where: { kind: 'flag', flag: 'active', is: true } },
  })
  await addExportSchedule(options, {
    segment: { name: 'All' },
    format: 'csv',
    columns: ['email'],
    weekday: null,
    atTime: '06:30',
  })
  return async () => {
    await jobs.close(1_000)
    await rm(folder, { recursive: true })
    // Its schedules would be due in the tests that follow.
    await sql`delete from ecellar.export_schedules`.execute(database.db)
    await sql`delete from ecellar.segments`.execute(database.db)
  }
})

const place = () => ({ queue: jobs.queue, folder, consoleUrl: null })
const start = () => startSegmentJobs({ ...place(), clock: () => now })
const schedule = async () => (await listExportSchedules(database.db, winery.wineryId))[0]
const exported = () =>
  sql<{ export_id: string }>`select export_id from ecellar.exports where winery_id = ${winery.wineryId}`
    .execute(database.db)
    .then(({ rows }) => rows.map((row) => row.export_id))
const files = async () => readdir(join(folder, winery.winery.slug)).catch(() => [])
const content = async () => {
  const names = await files()
  return Promise.all(names.map((name) => readFile(join(folder, winery.winery.slug, name), 'utf8')))
}
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (await what()) return
    await wait(10)
  }
  throw new Error('It never came')
}
const isDone = async () => (await schedule())?.doneOn === '2026-06-15'

describe('a scheduled export', () => {
  test('is made by a worker, once for a day, however often and by how many it is asked for', async () => {
    await Promise.all([start(), start()])
    for (let asked = 0; asked < 4; asked++) await requestExports(place(), due)
    await until(isDone)
    for (let asked = 0; asked < 4; asked++) await requestExports(place(), due)
    await wait(300)
    expect(await exported()).toHaveLength(1)
    expect(await schedule()).toMatchObject({
      rows: 2,
      waiting: 0,
      fileName: expect.stringMatching(/^\d+-all-2026-06-15\.csv$/),
      doneAt: due,
    })
    expect(await content()).toEqual(['email,may_mail\nann@example.com,true\nbea@example.com,true\n'])
  })

  test('is left by a process without the folder, a worker, to one that has it', async () => {
    await startSegmentJobs({ ...place(), folder: null, clock: () => now })
    await requestExports(place(), due)
    await wait(300)
    expect(await exported()).toEqual([])
    await start()
    await until(isDone)
    expect(await content()).toHaveLength(1)
  })

  test('that a lost worker had begun is finished by another with the very same customers', async () => {
    const [begun] = await dueExports(database.db, due)
    if (!begun) throw new Error('It is due')
    const lost = await beginExport(database.db, begun, due)
    await winery.customer({ email: 'late@example.com', email_consent: 'in' })
    await start()
    await requestExports(place(), due)
    await until(isDone)
    expect(await exported()).toEqual([lost?.exportId])
    expect((await content())[0]).not.toContain('late@example.com')
  })

  test('that cannot be made is told of once, tried again, and made when it can be', async () => {
    // Nobody can make a folder where a file is.
    await writeFile(join(folder, winery.winery.slug), '')
    await start()
    await requestExports(place(), due)
    await until(async () => (await schedule())?.tries === 1)
    expect(await schedule()).toMatchObject({ stoppedBecause: 'The export could not be made.', doneOn: null })
    await requestExports(place(), due)
    await wait(200)
    expect((await schedule())?.tries).toBe(1)
    await rm(join(folder, winery.winery.slug))
    now = new Date(due.getTime() + 3 * 60_000)
    await requestExports(place(), now)
    await until(isDone)
    expect(await schedule()).toMatchObject({ stoppedBecause: null, tries: 0 })
    const { rows } = await sql`
      select recipient from ecellar.outbox where winery_id = ${winery.wineryId}`.execute(database.db)
    expect(rows).toEqual([{ recipient: 'host@example.com' }])
  })

  test('that a person stopped is not made before somebody starts it again', async () => {
    const { scheduleId = '' } = (await schedule()) ?? {}
    const options = { db: database.db, wineryId: winery.wineryId, actor, now: morning }
    await changeExportSchedule(options, scheduleId, { isOn: false })
    expect(await dueExports(database.db, due)).toEqual([])
    await changeExportSchedule(options, scheduleId, { isOn: true })
    expect(await dueExports(database.db, due)).toHaveLength(1)
  })

  test('has a file that an erased person leaves within a minute, and that goes with its schedule', async () => {
    await start()
    await requestExports(place(), due)
    await until(isDone)
    await erasePerson(
      { db: database.db, wineryId: winery.wineryId, actor, hash },
      { email: 'ann@example.com' },
    )
    await requestExports(place(), due)
    await until(async () => (await content())[0] === 'email,may_mail\nbea@example.com,true\n')
    expect(await exported()).toHaveLength(1)
    const { scheduleId = '' } = (await schedule()) ?? {}
    await removeExportSchedule({ db: database.db, wineryId: winery.wineryId, actor }, scheduleId)
    await removeEndedFiles(database.db, folder)
    expect(await files()).toEqual([])
  })
})

describe('a recording', () => {
  const sizes = () =>
    sql<{ matching: number }>`
      select matching from ecellar.segment_sizes where winery_id = ${winery.wineryId} order by recorded_at`
      .execute(database.db)
      .then(({ rows }) => rows.map((row) => row.matching))
  const pulled = () =>
    insert(database, 'pulls', {
      winery_id: winery.wineryId,
      pull_id: '900',
      brand_id: winery.brands[0]?.brand_id,
      business_id: '1',
      kind: 'nightly',
      status: 'applied',
      started_at: due,
      finished_at: due,
    })

  test('is made by a worker after a pull, once for it, however often and by how many it is asked for', async () => {
    await winery.customer({ email_consent: 'in' })
    await pulled()
    await Promise.all([start(), start()])
    for (let asked = 0; asked < 4; asked++) await requestRecordings(jobs.queue, due)
    await until(async () => (await sizes()).length === 2)
    now = new Date(due.getTime() + 60_000)
    for (let asked = 0; asked < 4; asked++) await requestRecordings(jobs.queue, now)
    await wait(300)
    expect(await sizes()).toEqual([2, 3])
  })

  test('and a long export hold up neither each other nor whoever asks', async () => {
    await pulled()
    const holder = await database.session()
    await holder.query('begin')
    await holder.query('select from ecellar.export_schedules for update')
    await start()
    await requestExports(place(), due)
    await requestRecordings(jobs.queue, due)
    await until(async () => (await sizes()).length === 2)
    expect(await isDone()).toBe(false)
    await holder.query('rollback')
    await holder.end()
    await until(isDone)
  })
})
