/** What those who run the program ask it: alive, ready, figures. */

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/connect.ts'
import { actor } from '../actor.ts'
import { freshDatabase, freshDatabaseUrl, type TestDatabase } from '../database-for-tests.ts'
import { type ManyWineries, manyWineries } from '../jobs/many-wineries.ts'
import { jobsForTests, type TestJobs } from '../jobs/worker-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

const metricsToken = 'a token of the monitoring, long enough'
const config = {
  port: 4000,
  trustedProxies: [],
  tockApiUrl: 'http://127.0.0.1:9',
  tockApiUrlIsSet: true,
  supportContact: 'eCELLAR Support',
  metricsToken,
}
let database: TestDatabase
let many: ManyWineries
let jobs: TestJobs
let api: ApiForTests
let other: ApiForTests
beforeAll(async () => {
  database = await freshDatabase()
  many = await manyWineries(database, {
    count: 2,
    now: new Date('2026-06-01T07:00:00Z'),
    enabledAt: new Date('2026-05-01T12:00:00Z'),
  })
  jobs = await jobsForTests(database, many.simulator.url)
  const people: [string, ReturnType<typeof person>][] = [
    ['support', person('support')],
    ['operator', person('operator')],
    ['admin', person('winery admin', { wineryId: many.wineries[0]?.wineryId ?? '' })],
  ]
  const parts = { queue: jobs.queue, config }
  api = await apiForTests(database, { parts, people })
  other = await apiForTests(database, { parts, people })
})
afterAll(async () => {
  await api?.close()
  await other?.close()
  await jobs?.close(1_000)
  await many?.close()
  await database?.drop()
})

const slug = (index: number) => many.wineries[index]?.slug ?? ''

/** `/metrics`, past the seconds in which an answer is kept. */
async function scrape(of = api): Promise<string> {
  const fresh = await apiForTests(database, { parts: { queue: jobs.queue, config } })
  fresh.clock.now = of.clock.now
  const answer = await fresh.ask<string>(metricsToken, 'GET', '/metrics')
  await fresh.close()
  expect(answer.status).toBe(200)
  return answer.body
}
const sample = (text: string, line: string) =>
  Number(
    text
      .split('\n')
      .find((one) => one.startsWith(`ecellar_tock_${line} `))
      ?.split(' ')
      .at(-1),
  )
/** What is said of the database; each process has figures of its own besides. */
const ofDatabase = (text: string) => text.split('\n').filter((line) => line.includes('ecellar_tock_'))

describe('/metrics', () => {
  it('is for Support, operators and whoever has the token', async () => {
    const status = (as: string | null) => api.ask(as, 'GET', '/metrics').then((answer) => answer.status)
    expect(await status('support')).toBe(200)
    expect(await status('operator')).toBe(200)
    expect(await status(metricsToken)).toBe(200)
    expect(await status('admin')).toBe(403)
    expect(await status(null)).toBe(401)
    expect(await status(`${metricsToken}x`)).toBe(401)
    const without = await apiForTests(database, { parts: { queue: jobs.queue } })
    expect((await without.ask('undefined', 'GET', '/metrics')).status).toBe(401)
    await without.close()
  })

  it('tells pulls by kind, outcome and code, their rows and how long they took', async () => {
    await many.wineries[0]?.pull('N', 'manual')
    many.simulator.setFault({ kind: 'down_503' })
    await many.wineries[1]?.pull('N', 'manual', { retry: { tries: 1, totalMs: 100 } }).catch(() => {})
    many.simulator.setFault(null)
    const text = await scrape()
    expect(sample(text, 'pulls_total{kind="manual",outcome="applied",code=""}')).toBe(1)
    expect(text).toMatch(/pulls_total\{kind="manual",outcome="refused",code="tock_unavailable"\} 1\n/)
    expect(sample(text, 'pulls_waiting')).toBe(0)
    expect(sample(text, 'pull_duration_seconds_count{kind="manual"}')).toBe(2)
    expect(sample(text, 'pull_duration_seconds_bucket{kind="manual",le="+Inf"}')).toBe(2)
    expect(sample(text, 'pull_duration_seconds_bucket{kind="manual",le="60"}')).toBe(2)
    expect(sample(text, 'pull_duration_seconds_sum{kind="manual"}')).toBeGreaterThan(0)
    const { rows } = await sql<{ seen: number }>`
      select sum(reservations_added + reservations_unchanged)::int as seen from ecellar.pulls where status = 'applied'`.execute(
      database.db,
    )
    const added = sample(text, 'reservations_total{change="added"}')
    expect(added + sample(text, 'reservations_total{change="unchanged"}')).toBe(rows[0]?.seen)
  })

  it('tells how old the last good pull of each enabled brand is', async () => {
    await sql`
      update ecellar.pulls set finished_at = '2026-06-01T06:00:00Z'
      where winery_id = ${many.wineries[0]?.wineryId} and status = 'applied'`.execute(database.db)
    await sql`
      update ecellar.brands set enabled_at = null where winery_id = ${many.wineries[1]?.wineryId}`.execute(
      database.db,
    )
    api.clock.now = new Date('2026-06-01T08:00:00Z')
    const text = await scrape()
    expect(sample(text, `last_good_pull_age_seconds{winery="${slug(0)}",brand="N"}`)).toBe(7_200)
    expect(text).not.toContain(`winery="${slug(1)}"`)
  })

  it('tells what waits: requests, jobs, mails, exceptions, alerts', async () => {
    const wineryId = many.wineries[0]?.wineryId
    const { rows } = await sql<{ brand_id: string }>`
      select brand_id from ecellar.brands where winery_id = ${wineryId}`.execute(database.db)
    const brandId = rows[0]?.brand_id
    const before = await scrape()
    expect(sample(before, 'pull_requests{state="queued"}')).toBe(0)
    await sql`
      insert into ecellar.pull_requests (winery_id, brand_id, kind, again_at, actor_kind, actor_id, actor_name)
      values (${wineryId}, ${brandId}, 'manual', now(), ${actor.kind}, ${actor.id}, ${actor.name})`.execute(
      database.db,
    )
    await jobs.queue.boss.send('pull', { wineryId, requestId: '1', attempt: 9 })
    await sql`
      insert into ecellar.outbox (winery_id, recipient, recipient_key, template, data, put_at)
      values (${wineryId}, 'ada@example.com', 'ada@example.com', 'alert', '{}', '2026-06-01T07:59:00Z')`.execute(
      database.db,
    )
    await sql`
      insert into ecellar.alerts (winery_id, brand_id, code, message, next_step, raised_at)
      values (${wineryId}, ${brandId}, 'zero_rows', 'None came.', 'Look.', now())`.execute(database.db)
    const text = await scrape()
    expect(sample(text, 'pull_requests{state="again later"}')).toBe(1)
    expect(sample(text, 'queue_jobs{queue="pull",state="created"}')).toBe(1)
    expect(sample(text, 'mails{state="waiting"}')).toBe(1)
    expect(sample(text, 'oldest_waiting_mail_age_seconds')).toBe(60)
    expect(sample(text, 'alerts_open{code="zero_rows"}')).toBe(1)
    expect(sample(text, 'alerts_open{code="nothing_came"}')).toBe(0)
    const { rows: open } = await sql<{ count: number }>`
      select count(*)::int from ecellar.exceptions where resolved_at is null and code = 'invalid_email'`.execute(
      database.db,
    )
    expect(open[0]?.count).toBeGreaterThan(0)
    expect(sample(text, 'exceptions_open{code="invalid_email"}')).toBe(open[0]?.count)
    expect(sample(text, 'exceptions_open{code="row_without_id"}')).toBe(0)
  })

  it('is the same from every process, apart from what is the process’s own', async () => {
    other.clock.now = api.clock.now
    const [one, two] = [await scrape(api), await scrape(other)]
    expect(ofDatabase(one)).toEqual(ofDatabase(two))
    expect(ofDatabase(one).length).toBeGreaterThan(60)
    expect(one).toContain('process_resident_memory_bytes')
    expect(one).toContain('nodejs_eventloop_lag_seconds')
  })

  it('has no personal data, and no place in the log', async () => {
    expect(await scrape()).not.toMatch(/@|example\.com/)
    const before = api.logged()
    await api.ask(metricsToken, 'GET', '/metrics')
    await api.ask(null, 'GET', '/healthz')
    expect(api.logged()).toBe(before)
  })
})

describe('a process', () => {
  /** Past the second in which an answer is kept. */
  async function ready(of = { database, jobs }) {
    const fresh = await apiForTests(of.database, { parts: { queue: of.jobs.queue } })
    const answer = await fresh.ask<{
      ready: boolean
      checks: Record<string, { ok: boolean; message: string }>
    }>(null, 'GET', '/readyz')
    await fresh.close()
    return answer
  }

  it('is alive', async () => {
    expect(await api.ask(null, 'GET', '/healthz')).toMatchObject({ status: 200, body: { alive: true } })
  })

  it('is ready when database, tables and queue are', async () => {
    expect(await ready()).toMatchObject({
      status: 200,
      body: {
        ready: true,
        checks: { database: { ok: true }, migrations: { ok: true }, queue: { ok: true } },
      },
    })
  })

  it('stays ready while a newer version has gone on with the tables, and says so', async () => {
    await sql`
      insert into public.ecellar_tock_migrations (name, timestamp) values ('9999-later', '')`.execute(
      database.db,
    )
    const answer = await ready()
    expect(answer.status).toBe(200)
    expect(answer.body.checks.migrations?.message).toContain('newer version')
    await sql`delete from public.ecellar_tock_migrations where name = '9999-later'`.execute(database.db)
  })

  it('is not ready when the tables lack something, in words', async () => {
    const { rows } = await sql<{ name: string; timestamp: string }>`
      delete from public.ecellar_tock_migrations where name = '0007-jobs' returning *`.execute(database.db)
    const answer = await ready()
    expect(answer.status).toBe(503)
    expect(answer.body.checks.migrations?.message).toContain('The tables lack 0007-jobs')
    await sql`
      insert into public.ecellar_tock_migrations (name, timestamp) values (${rows[0]?.name}, ${rows[0]?.timestamp})`.execute(
      database.db,
    )
    expect((await ready()).status).toBe(200)
  })

  it('is not ready without its queue, nor without its database', async () => {
    const { url, drop } = await freshDatabaseUrl()
    const away = await openDatabase({ databaseUrl: url, dataDir: '/nowhere' })
    const itsJobs = await jobsForTests(away, many.simulator.url)
    const of = { database: { ...away, drop }, jobs: itsJobs }
    await itsJobs.queue.boss.deleteQueue('pull')
    const noQueue = await ready(of)
    expect(noQueue.status).toBe(503)
    expect(noQueue.body.checks).toMatchObject({ database: { ok: true }, queue: { ok: false } })
    await drop()
    const nothing = await ready(of)
    expect(nothing.status).toBe(503)
    expect(nothing.body.checks.database).toEqual({ ok: false, message: 'The database does not answer.' })
    await itsJobs.close(0)
    await away.close()
  })
})
