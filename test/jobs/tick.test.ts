/** What the minute tick and the daily housekeeping do beside pulls, alerts and reports. */

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepHouse } from '../../src/jobs/housekeeping.ts'
import { type TickParts, tick } from '../../src/jobs/tick.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { openSecrets } from '../pull/open-secrets.ts'
import { type TestWinery, wineryForTests } from '../pull/winery-for-tests.ts'
import { jobsForTests, type TestJobs } from './worker-for-tests.ts'

let database: TestDatabase
let jobs: TestJobs
let winery: TestWinery
beforeAll(async () => {
  database = await freshDatabase()
  jobs = await jobsForTests(database, 'http://127.0.0.1:1')
  winery = await wineryForTests(database, 'http://127.0.0.1:1', [
    { code: 'N', businessId: '1', businessGroupId: '1', apiKey: 'made-up' },
  ])
})
afterAll(async () => {
  await jobs?.close()
  await database?.drop()
})

const parts = (): TickParts => ({
  queue: jobs.queue,
  secrets: openSecrets,
  mail: {
    smtpUrl: undefined,
    from: 'service@example.com',
    supportContact: 'Support',
    support: null,
    consoleUrl: null,
  },
  keys: { tock: { apiUrl: 'http://127.0.0.1:1', allowLoopbackHttp: true }, config: { port: 0 } },
})

const noon = new Date('2026-07-01T12:00:00Z')
const customer = (email: string, due: string) =>
  sql`
    insert into ecellar.customers (winery_id, email, email_key, created_by, release_due_at)
    values (${winery.wineryId}, ${email}, ${email}, 'tock', ${due})`.execute(database.db)
const released = async () =>
  (
    await winery.rows<{ email: string }>(
      'select email from ecellar.customers where winery_id = :id and released_at is not null order by email',
    )
  ).map(({ email }) => email)

describe('the minute tick', () => {
  it('releases customers whose days are over, whether or not their brand is pulled, and remembers it', async () => {
    await customer('due@example.com', '2026-07-01T11:59:00Z')
    await customer('not-yet@example.com', '2026-07-01T12:01:00Z')
    expect(await tick(parts(), noon)).toEqual([])
    expect(await released()).toEqual(['due@example.com'])
    expect(
      await winery.rows(
        'select entity, field, after is not null as is_told, made_by from ecellar.changes where winery_id = :id',
      ),
    ).toEqual([{ entity: 'customer', field: 'released_at', is_told: true, made_by: 'program' }])
  })

  it('waits for nobody: a winery that is being worked on has its turn a minute later', async () => {
    await customer('busy@example.com', '2026-07-01T11:59:00Z')
    const pull = await database.session()
    await pull.query('select pg_advisory_lock(7001, $1::int)', [winery.wineryId])
    expect(await tick(parts(), noon)).toEqual([])
    expect(await released()).not.toContain('busy@example.com')
    await pull.end()
    await tick(parts(), noon)
    expect(await released()).toContain('busy@example.com')
  })

  it('does what it can: a step that fails is told in the log and holds up no other', async () => {
    await sql`alter table ecellar.alerts rename to alerts_away`.execute(database.db)
    await customer('later@example.com', '2026-07-01T11:59:00Z')
    await sql`
      update ecellar.brands set enabled_at = ${new Date('2026-06-01T00:00:00Z')};`.execute(database.db)
    try {
      expect(await tick(parts(), new Date('2026-07-02T08:20:00Z'))).toEqual(['watch over'])
    } finally {
      await sql`alter table ecellar.alerts_away rename to alerts`.execute(database.db)
    }
    expect(await released()).toContain('later@example.com')
    expect(await winery.rows(`select from ecellar.pull_requests where winery_id = :id`)).toHaveLength(1)
    expect(jobs.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        step: 'watch over',
        msg: 'A step of the minute tick failed',
      }),
    )
  })
})

describe('housekeeping', () => {
  it.each([
    ['lets history go that is older than the winery wants', [31, 29], [29]],
    ['lets the whole history go of a winery in which nothing happens any more', [500, 400], []],
  ])('%s', async (_, days, kept) => {
    const other = await wineryForTests(database, 'http://127.0.0.1:1', [])
    await other.rows(`
      update ecellar.wineries set history_days = 30 where winery_id = :id;
      insert into ecellar.changes (winery_id, entity, entity_id, field, changed_at, made_by)
      select :id, 'customer', 1, 'email', now() - make_interval(days => n), 'staff' from unnest(array[${days}]) n`)
    await keepHouse(jobs.queue, new Date())
    const left = await other.rows<{ days: number }>(
      'select now()::date - changed_at::date as days from ecellar.changes where winery_id = :id',
    )
    expect(left.map((row) => row.days)).toEqual(kept)
  })

  it('lets go what is kept for a time only, also where nothing is pulled any more', async () => {
    await winery.rows(`
      insert into ecellar.pulls (winery_id, pull_id, brand_id, business_id, kind, status, waiting_for, started_at, finished_at)
      select winery_id, n, brand_id, business_id, 'manual', 'waiting', 'Much would be taken away.', now(), now() - make_interval(days => n)
      from ecellar.brands, unnest(array[6, 8]) n where winery_id = :id;
      insert into ecellar.waiting_guests (winery_id, pull_id, patron_id) values (:id, 6, '1'), (:id, 8, '1');
      insert into ecellar.preview_people (winery_id, brand_id, pull_id, business_group_id, patron_id, email, outcome, kept_at)
      select winery_id, brand_id, 1, business_group_id, n::text, 'guest' || n || '@example.com', 'created', now() - make_interval(days => n)
      from ecellar.brands, unnest(array[6, 8]) n where winery_id = :id;
      insert into ecellar.pull_requests (winery_id, brand_id, kind, state, actor_kind, actor_id, actor_name, finished_at)
      select winery_id, brand_id, 'manual', 'done', 'user', '1', 'Robin', now() - make_interval(days => n)
      from ecellar.brands, unnest(array[89, 91]) n where winery_id = :id;
      insert into ecellar.alerts (winery_id, brand_id, code, message, next_step, raised_at, recovered_at)
      select winery_id, brand_id, 'zero_rows', 'None.', 'Ask.', now() - interval '500 days', now() - make_interval(days => n)
      from ecellar.brands, unnest(array[399, 401]) n where winery_id = :id`)
    await keepHouse(jobs.queue, new Date())
    expect(
      await winery.rows('select pull_id, status from ecellar.pulls where winery_id = :id order by pull_id'),
    ).toEqual([
      { pull_id: '6', status: 'waiting' },
      { pull_id: '8', status: 'rejected' },
    ])
    expect(await winery.rows('select patron_id from ecellar.preview_people where winery_id = :id')).toEqual([
      { patron_id: '6' },
    ])
    expect(await winery.rows('select pull_id from ecellar.waiting_guests where winery_id = :id')).toEqual([
      { pull_id: '6' },
    ])
    const ages = await winery.rows(`
      select 'request' as what, max(now()::date - finished_at::date) as days from ecellar.pull_requests where winery_id = :id
      union all select 'alert', max(now()::date - recovered_at::date) from ecellar.alerts where winery_id = :id`)
    expect(ages).toEqual([
      { what: 'request', days: 89 },
      { what: 'alert', days: 399 },
    ])
  })
})
