import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offsetSeconds } from '../../src/jobs/due.ts'
import { tick } from '../../src/jobs/tick.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { openSecrets } from '../pull/open-secrets.ts'
import { type ManyWineries, manyWineries } from './many-wineries.ts'
import { jobsForTests, type TestJobs } from './worker-for-tests.ts'

const count = 200
const failing = 17
/** 03:00 in Chicago is 08:00 UTC in summer. */
const night = Date.parse('2026-07-01T08:00:00Z')
const minuteMs = 60_000

let database: TestDatabase
let many: ManyWineries
let jobs: TestJobs
beforeAll(async () => {
  database = await freshDatabase()
  many = await manyWineries(database, {
    count,
    now: new Date('2026-07-01T07:00:00Z'),
    enabledAt: new Date('2026-06-30T12:00:00Z'),
  })
  jobs = await jobsForTests(database, many.simulator.url)
})
afterAll(async () => {
  await jobs?.close()
  await many?.close()
  await database?.drop()
})

const mail = {
  smtpUrl: undefined,
  from: 'service@example.com',
  supportContact: 'Support',
  support: 'support@example.com',
  consoleUrl: null,
}

async function tickAt(now: Date): Promise<void> {
  jobs.setClock(now)
  const keys = {
    tock: { apiUrl: many.simulator.url, allowLoopbackHttp: true },
    config: { port: 0 },
  }
  const parts = { queue: jobs.queue, secrets: openSecrets, mail, keys }
  expect(await tick(parts, now)).toEqual([])
}

/** Until the workers have done all that was handed to them. */
async function quiet(): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ open: number }>`
      select count(*)::int as open from ecellar.pull_requests
      where state in ('queued', 'running') and again_at is null`.execute(database.db)
    if (rows[0]?.open === 0) return
    await wait(50)
  }
}

const requests = async () =>
  (
    await sql<{
      slug: string
      state: string
      attempt: number
      slot: Date
      requested_at: Date
      brand_id: string
      error_code: string | null
    }>`
      select w.slug, r.state, r.attempt, r.slot, r.requested_at, r.brand_id, r.error_code
      from ecellar.pull_requests r join ecellar.wineries w on w.winery_id = r.winery_id
      order by r.request_id`.execute(database.db)
  ).rows

const pulls = async () =>
  (
    await sql<{ slug: string; status: string; times: number }>`
      select w.slug, p.status, count(*)::int as times
      from ecellar.pulls p join ecellar.wineries w on w.winery_id = p.winery_id
      group by w.slug, p.status`.execute(database.db)
  ).rows

const failingSlug = () => many.wineries[failing]?.slug ?? ''

test('before the night nobody is pulled', async () => {
  for (let minute = -60; minute < 0; minute += 5) await tickAt(new Date(night + minute * minuteMs))
  expect(await requests()).toEqual([])
})

test('every enabled brand is asked for once, each at its own minute of a quarter of an hour', async () => {
  many.simulator.setFault('down_503', many.businessId(failing))
  await jobs.startWorker(3)
  for (let minute = 0; minute <= 15; minute++) {
    // Ticks come late, and twice.
    await tickAt(new Date(night + minute * minuteMs + 20_000))
    await tickAt(new Date(night + minute * minuteMs + 20_000))
  }
  const asked = await requests()
  expect(asked).toHaveLength(count)
  expect(new Set(asked.map(({ slug }) => slug)).size).toBe(count)
  for (const { slot, requested_at, brand_id } of asked) {
    expect(slot).toEqual(new Date(night))
    const turn = night + offsetSeconds(brand_id) * 1000
    expect(requested_at.getTime()).toBeGreaterThanOrEqual(turn)
    expect(requested_at.getTime()).toBeLessThan(turn + minuteMs)
  }
})

test('all are pulled, and the one that fails delays none of the others', { timeout: 170_000 }, async () => {
  await quiet()
  const done = await requests()
  expect(done.filter(({ state }) => state === 'done')).toHaveLength(count - 1)
  expect(done.filter(({ state }) => state !== 'done')).toMatchObject([
    { slug: failingSlug(), state: 'queued', attempt: 2, error_code: 'tock_unavailable' },
  ])
  const stored = await sql<{ wineries: number }>`
    select count(distinct winery_id)::int as wineries from ecellar.reservations`.execute(database.db)
  expect(stored.rows).toEqual([{ wineries: count - 1 }])
})

test('no brand is pulled twice, however the night goes on', { timeout: 120_000 }, async () => {
  for (let minute = 16; minute <= 90; minute++) {
    await tickAt(new Date(night + minute * minuteMs))
    await quiet()
  }
  await quiet()
  const applied = (await pulls()).filter(({ status }) => status === 'applied')
  expect(applied).toHaveLength(count - 1)
  expect(applied.every(({ times }) => times === 1)).toBe(true)
})

test('the failing one was tried again and again, later and later, and succeeds once Tock does', async () => {
  const refused = (await pulls()).filter(({ status }) => status === 'refused')
  expect(refused).toMatchObject([{ slug: failingSlug() }])
  expect(refused[0]?.times).toBeGreaterThanOrEqual(5)
  many.simulator.setFault(null, many.businessId(failing))
  for (let minute = 91; minute <= 180; minute += 3) {
    await tickAt(new Date(night + minute * minuteMs))
    await quiet()
  }
  expect((await requests()).find(({ slug }) => slug === failingSlug())).toMatchObject({
    state: 'done',
    error_code: null,
  })
  expect(
    (await pulls()).find(({ slug, status }) => slug === failingSlug() && status === 'applied'),
  ).toMatchObject({ times: 1 })
})

test('each winery gets one mail for its night, not before its night was over', async () => {
  await tickAt(new Date(night + 181 * minuteMs))
  await tickAt(new Date(night + 181 * minuteMs))
  const mails = await sql<{ mails: number; wineries: number }>`
    select count(*)::int as mails, count(distinct winery_id)::int as wineries
    from ecellar.outbox where template = 'night-report'`.execute(database.db)
  expect(mails.rows).toEqual([{ mails: count, wineries: count }])
  const nights = await sql<{ slug: string; decided_at: Date }>`
    select w.slug, n.decided_at from ecellar.night_reports n join ecellar.wineries w on w.winery_id = n.winery_id`.execute(
    database.db,
  )
  const late = nights.rows.find(({ slug }) => slug === failingSlug())
  expect(late?.decided_at.getTime()).toBeGreaterThan(night + 90 * minuteMs)
})

test('the next night is another one', async () => {
  await tickAt(new Date(night + 24 * 60 * minuteMs + 16 * minuteMs))
  expect(await requests()).toHaveLength(2 * count)
})
