/** When a winery's night is over: decided once, by whoever ticks. */

import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { nightOf } from '../../src/jobs/night.ts'
import { reportNights } from '../../src/jobs/night-reports.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type TestWinery, wineryForTests } from '../pull/winery-for-tests.ts'
import { jobsForTests, type TestJobs } from './worker-for-tests.ts'

let database: TestDatabase
let jobs: TestJobs
let winery: TestWinery
let made = 0
beforeAll(async () => {
  database = await freshDatabase()
  jobs = await jobsForTests(database, 'http://127.0.0.1:1')
})
afterAll(async () => {
  await jobs?.close()
  await database?.drop()
})

beforeEach(async () => {
  made += 1
  const brand = (code: string, number: number) => ({
    code,
    businessId: String(80_000 + made * 10 + number),
    businessGroupId: String(80_000 + made),
    apiKey: 'made-up',
  })
  winery = await wineryForTests(database, 'http://127.0.0.1:1', [brand('N', 1), brand('S', 2)])
  await winery.rows(`
    update ecellar.wineries set reservation_contact = 'contact@winery.example' where winery_id = :id;
    update ecellar.brands set enabled_at = '2026-06-01T00:00:00Z' where winery_id = :id`)
})

/** 03:00 in Chicago. */
const slot = '2026-07-01T08:00:00Z'

async function asked(brand: string, state: string, at = slot): Promise<void> {
  await winery.rows(`
    insert into ecellar.pull_requests (winery_id, brand_id, kind, slot, state, actor_kind, actor_id, actor_name)
    select winery_id, brand_id, 'nightly', '${at}', '${state}', 'program', 'schedule', 'nightly schedule'
    from ecellar.brands where winery_id = :id and code = '${brand}'`)
}

const set = (brand: string, state: string) =>
  winery.rows(`
    update ecellar.pull_requests set state = '${state}'
    where winery_id = :id and brand_id = (select brand_id from ecellar.brands where winery_id = :id and code = '${brand}')`)

const report = (at: string) => reportNights(jobs.queue, undefined, new Date(at))

const mails = async () =>
  Number(
    (
      await winery.rows<{ mails: string }>(
        `select count(*) as mails from ecellar.outbox where winery_id = :id and template = 'night-report'`,
      )
    )[0]?.mails,
  )

describe('a night', () => {
  it('is over when every brand of the winery is done or has failed for good, and is told once', async () => {
    await asked('N', 'done')
    await asked('S', 'queued')
    await report('2026-07-01T08:20:00Z')
    expect(await mails()).toBe(0)
    await set('S', 'running')
    await report('2026-07-01T08:21:00Z')
    expect(await mails()).toBe(0)
    await set('S', 'failed')
    await Promise.all([report('2026-07-01T08:22:00Z'), report('2026-07-01T08:22:00Z')])
    await report('2026-07-01T08:23:00Z')
    expect(await mails()).toBe(1)
  })

  it('is not over while another brand’s time is still to come', async () => {
    await winery.rows(`
      insert into ecellar.schedules (winery_id, brand_id, times, time_zone, changed_at)
      select winery_id, brand_id, '{03:00}', 'America/Los_Angeles', '2026-06-01' from ecellar.brands where winery_id = :id and code = 'S'`)
    await asked('N', 'done')
    await report('2026-07-01T09:59:00Z')
    expect(await mails()).toBe(0)
    await asked('S', 'done', '2026-07-01T10:00:00Z')
    await report('2026-07-01T10:20:00Z')
    expect(await mails()).toBe(1)
  })

  it('does not wait for a brand that is switched off, nor tells of one that was dropped', async () => {
    await asked('N', 'dropped')
    await asked('S', 'dropped')
    await winery.rows('update ecellar.brands set enabled_at = null where winery_id = :id')
    await report('2026-07-01T08:20:00Z')
    expect(await mails()).toBe(0)
    await set('N', 'done')
    await report('2026-07-01T08:21:00Z')
    expect(await mails()).toBe(1)
  })

  it('is one of two when a brand is pulled twice a day', async () => {
    await winery.rows(`
      insert into ecellar.schedules (winery_id, brand_id, times, time_zone, changed_at)
      select winery_id, brand_id, '{03:00,15:00}', 'America/Chicago', '2026-06-01' from ecellar.brands where winery_id = :id`)
    for (const brand of ['N', 'S']) await asked(brand, 'done')
    await report('2026-07-01T08:20:00Z')
    expect(await mails()).toBe(1)
    for (const brand of ['N', 'S']) await asked(brand, 'done', '2026-07-01T20:00:00Z')
    await report('2026-07-01T20:20:00Z')
    await report('2026-07-02T07:00:00Z')
    expect(await mails()).toBe(2)
  })

  it('is decided and told to nobody where the winery wants no mail', async () => {
    await winery.rows(`update ecellar.wineries set night_mail = 'never' where winery_id = :id`)
    for (const brand of ['N', 'S']) await asked(brand, 'done')
    await report('2026-07-01T08:20:00Z')
    await winery.rows(`update ecellar.wineries set night_mail = 'each-time' where winery_id = :id`)
    await report('2026-07-01T08:21:00Z')
    expect(await mails()).toBe(0)
    expect(await winery.rows('select from ecellar.night_reports where winery_id = :id')).toHaveLength(1)
  })

  it('is told when the server comes back, and not days later', async () => {
    for (const brand of ['N', 'S']) await asked(brand, 'done')
    await report('2026-07-04T08:20:00Z')
    expect(await mails()).toBe(0)
    await report('2026-07-02T07:00:00Z')
    expect(await mails()).toBe(1)
  })
})

describe('which night a time belongs to', () => {
  it('is the span from one of Tock’s snapshots to the next', () => {
    expect(nightOf(new Date(slot))).toEqual({
      from: new Date('2026-07-01T06:30:00Z'),
      to: new Date('2026-07-01T18:30:00Z'),
    })
    expect(nightOf(new Date('2026-07-01T06:29:59Z')).to).toEqual(new Date('2026-07-01T06:30:00Z'))
  })

  it('has no gap and no overlap, also where the clocks change', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2024-01-01'), max: new Date('2034-01-01'), noInvalidDate: true }),
        (time) => {
          const { from, to } = nightOf(time)
          expect(from.getTime()).toBeLessThanOrEqual(time.getTime())
          expect(to.getTime()).toBeGreaterThan(time.getTime())
          expect(nightOf(to).from).toEqual(to)
          expect(nightOf(new Date(to.getTime() - 1))).toEqual({ from, to })
        },
      ),
    )
    for (const change of ['2026-03-08T08:00:00Z', '2026-11-01T06:45:00Z', '2026-11-01T07:30:00Z']) {
      const { from, to } = nightOf(new Date(change))
      expect(nightOf(from)).toEqual({ from, to })
    }
  })
})
