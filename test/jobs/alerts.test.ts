/** What is news, told once when it begins and once when it is over. Pulls of the past are written down, not waited for. */

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readAlerts } from '../../src/jobs/read-alerts.ts'
import { type Watched, watchOver } from '../../src/jobs/watch-over.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type TestWinery, wineryForTests } from '../pull/winery-for-tests.ts'
import { jobsForTests, type TestJobs } from './worker-for-tests.ts'

const hourMs = 3_600_000
const noon = Date.parse('2026-07-10T12:00:00Z')
const at = (hours: number) => new Date(noon + hours * hourMs)
const mailTo = { support: 'support@example.com', consoleUrl: null }

let database: TestDatabase
let jobs: TestJobs
let winery: TestWinery
let brandId: string
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
  await sql`
    truncate ecellar.alerts, ecellar.outbox, ecellar.pulls, ecellar.pull_requests, ecellar.exceptions;
    update ecellar.brands set enabled_at = null`.execute(database.db)
  made += 1
  winery = await newWinery()
  const [brand] = await winery.rows<{ brand_id: string }>(
    'select brand_id from ecellar.brands where winery_id = :id',
  )
  brandId = brand?.brand_id ?? ''
})

async function newWinery(): Promise<TestWinery> {
  made += 1
  const business = String(90_000 + made)
  const one = await wineryForTests(database, 'http://127.0.0.1:1', [
    { code: 'N', businessId: business, businessGroupId: business, apiKey: 'made-up' },
  ])
  await one.rows(`
    update ecellar.wineries set reservation_contact = 'contact@winery.example' where winery_id = :id;
    update ecellar.brands set enabled_at = '${at(-1000).toISOString()}' where winery_id = :id;
    update ecellar.brand_businesses set initial_pull_id = 1, last_snapshot_at = '${at(-1).toISOString()}' where winery_id = :id`)
  return one
}

type PastPull = {
  kind?: string
  status?: string
  hours?: number
  inSnapshot?: number
  bytes?: number
  durationMs?: number
  errorCode?: string
  of?: TestWinery
}

/** A pull of some hours ago, wherever and however it was run. */
async function pulled({
  kind = 'nightly',
  status = 'applied',
  hours = 0,
  inSnapshot = 500,
  bytes = 1_000_000,
  durationMs = 10_000,
  errorCode,
  of = winery,
}: PastPull = {}): Promise<void> {
  await sql`
    insert into ecellar.pulls (winery_id, brand_id, business_id, kind, status, started_at, finished_at,
      reservations_in_snapshot, snapshot_bytes, duration_ms, error_code, error_message, next_step)
    select winery_id, brand_id, business_id, ${kind}, ${status}, ${at(hours)}, ${at(hours)},
      ${inSnapshot}, ${bytes}, ${durationMs}, ${errorCode ?? null}::text, ${errorCode ? 'Tock said no.' : null}::text, ${errorCode ? 'Ask Tock.' : null}::text
    from ecellar.brands where winery_id = ${of.wineryId}`.execute(database.db)
}

async function failedRequest(hours: number, state = 'failed'): Promise<void> {
  await sql`
    insert into ecellar.pull_requests (winery_id, brand_id, kind, slot, state, actor_kind, actor_id, actor_name,
      error_code, error_message, next_step, requested_at, finished_at)
    values (${winery.wineryId}, ${brandId}, 'nightly', ${at(hours)}, ${state}, 'program', 'schedule', 'nightly schedule',
      'no_key', 'No key is stored.', 'Store it.', ${at(hours)}, ${state === 'failed' ? at(hours) : null})`.execute(
    database.db,
  )
}

const watch = (hours = 0): Promise<Watched> => watchOver(jobs.queue, mailTo, at(hours))
const open = async () => (await readAlerts(database.db, { openOnly: true })).map(({ code }) => code)
const mails = async () =>
  (
    await sql<{ recipient: string; template: string; title: string }>`
      select recipient, template, data->>'title' as title from ecellar.outbox order by mail_id`.execute(
      database.db,
    )
  ).rows

describe('no good pull for 30 hours', () => {
  it('is news once, is told to Support and the winery, and is told again when it is over', async () => {
    await pulled({ hours: -29 })
    expect(await watch()).toEqual({ raised: 0, recovered: 0, open: 0 })
    expect(await watch(2)).toEqual({ raised: 1, recovered: 0, open: 1 })
    expect(await watch(3)).toEqual({ raised: 0, recovered: 0, open: 1 })
    expect(await open()).toEqual(['nothing_came'])
    await pulled({ hours: 3 })
    expect(await watch(4)).toEqual({ raised: 0, recovered: 1, open: 0 })
    expect(await watch(5)).toEqual({ raised: 0, recovered: 0, open: 0 })
    const title = 'No good pull for 30 hours'
    expect(await mails()).toEqual([
      { recipient: 'support@example.com', template: 'alert', title },
      { recipient: 'contact@winery.example', template: 'alert', title },
      { recipient: 'support@example.com', template: 'recovery', title },
      { recipient: 'contact@winery.example', template: 'recovery', title },
    ])
    expect(await readAlerts(database.db, { wineryId: winery.wineryId })).toMatchObject([
      {
        winery: winery.slug,
        brand: 'N',
        code: 'nothing_came',
        title,
        message: 'The last pull that was applied ended on 9 July 2026 07:00 UTC.',
        raisedAt: at(2).toISOString(),
        recoveredAt: at(4).toISOString(),
      },
    ])
  })

  it('counts only what was applied, by whichever kind of pull', async () => {
    await pulled({ hours: -31 })
    for (const status of ['refused', 'failed', 'waiting', 'previewed']) await pulled({ status, hours: -1 })
    await watch()
    expect(await open()).toContain('nothing_came')
    await pulled({ kind: 'manual', hours: 0 })
    await watch()
    expect(await open()).not.toContain('nothing_came')
  })

  it('is no news for a brand that was just enabled, or is not enabled', async () => {
    await sql`update ecellar.brands set enabled_at = ${at(-29)} where winery_id = ${winery.wineryId}`.execute(
      database.db,
    )
    await watch()
    expect(await open()).toEqual([])
    await watch(2)
    expect(await open()).toEqual(['nothing_came'])
    await sql`update ecellar.brands set enabled_at = null where winery_id = ${winery.wineryId}`.execute(
      database.db,
    )
    await watch(3)
    expect(await open()).toEqual([])
  })

  it('is also that Tock goes on offering an old snapshot', async () => {
    await pulled({ hours: -1 })
    await sql`update ecellar.brand_businesses set last_snapshot_at = ${at(-31)} where winery_id = ${winery.wineryId}`.execute(
      database.db,
    )
    await watch()
    expect(await readAlerts(database.db, {})).toMatchObject([
      {
        code: 'nothing_came',
        message: expect.stringContaining('nothing newer than its snapshot of 9 July 2026 05:00 UTC'),
      },
    ])
  })
})

describe('a pull', () => {
  it.each(['initial', 'manual', 'nightly', 'preview'])(
    'that brings no reservations is news, of kind %s too',
    async (kind) => {
      const status = kind === 'preview' ? 'previewed' : 'applied'
      await pulled({ kind, status, inSnapshot: 0 })
      await watch()
      expect((await open()).filter((code) => code !== 'nothing_came')).toEqual(['zero_rows'])
      await pulled({ kind, status, inSnapshot: 10 })
      await watch()
      expect(await open()).not.toContain('zero_rows')
    },
  )

  it('that brings less than half of the one before is news; half is not, nor few of few', async () => {
    await pulled({ inSnapshot: 500 })
    await pulled({ inSnapshot: 250 })
    await watch()
    expect(await open()).toEqual([])
    await pulled({ status: 'waiting', inSnapshot: 124 })
    await watch()
    expect(await open()).toEqual(['much_smaller'])
    await pulled({ inSnapshot: 250 })
    await watch()
    expect(await open()).toEqual([])
    await pulled({ inSnapshot: 19 })
    await pulled({ inSnapshot: 2 })
    await watch()
    expect(await open()).toEqual([])
  })

  it('that takes less than a tenth of what its bytes usually take is news; one of unchanged files is not', async () => {
    for (const durationMs of [9_000, 10_000, 14_000]) await pulled({ durationMs })
    await pulled({ durationMs: 900, bytes: 900_000 })
    await watch()
    expect(await open()).toEqual([])
    await pulled({ durationMs: 900, bytes: 1_000_000 })
    await watch()
    expect(await open()).toEqual(['suspiciously_fast'])
    await pulled({ durationMs: 50, bytes: 0 })
    await watch()
    expect(await open()).toEqual([])
  })
})

describe('failing again and again', () => {
  it('is news after a night in which every try failed, and over with the next good pull', async () => {
    await pulled({ hours: -20 })
    await failedRequest(-2, 'queued')
    await watch(-1)
    expect(await open()).toEqual([])
    await sql`update ecellar.pull_requests set state = 'failed', finished_at = ${at(-1)}`.execute(database.db)
    await watch()
    expect(await readAlerts(database.db, { openOnly: true })).toMatchObject([
      { code: 'pulls_fail', message: 'The nightly pull failed: No key is stored.', nextStep: 'Store it.' },
    ])
    await pulled({ kind: 'manual', hours: 1 })
    await watch(1)
    expect(await open()).toEqual([])
  })

  it('is news after two pulls in a row, whoever ran them; while one is still being tried it is not', async () => {
    await pulled({ hours: -20 })
    await pulled({ kind: 'manual', status: 'refused', errorCode: 'key_refused', hours: -2 })
    await watch(-2)
    expect(await open()).toEqual([])
    await failedRequest(-1, 'running')
    await pulled({ kind: 'nightly', status: 'refused', errorCode: 'key_refused', hours: -1 })
    await watch(-1)
    expect(await open()).toEqual([])
    await sql`update ecellar.pull_requests set state = 'dropped'`.execute(database.db)
    await watch()
    expect(await readAlerts(database.db, { openOnly: true })).toMatchObject([
      { code: 'pulls_fail', message: 'Two pulls in a row came to nothing: Tock said no.' },
    ])
  })
})

describe('an exception', () => {
  it('that waits for over a week is news until somebody decides', async () => {
    await pulled()
    await sql`
      insert into ecellar.exceptions (winery_id, brand_id, pull_id, code, subject, message, first_seen_at)
      values (${winery.wineryId}, ${brandId}, 1, 'invalid_email', 'a', 'An address that is none.', ${at(-6 * 24)})`.execute(
      database.db,
    )
    await watch()
    expect(await open()).toEqual([])
    await watch(25)
    expect(await open()).toEqual(['old_exceptions'])
    await sql`update ecellar.exceptions set resolved_at = ${at(26)}`.execute(database.db)
    await watch(26)
    expect(await open()).toEqual([])
  })
})

describe('many at once', () => {
  it('are one mail to Support, and each winery is told its own', async () => {
    const others = await Promise.all(Array.from({ length: 7 }, newWinery))
    for (const of of [winery, ...others]) await pulled({ hours: -31, of })
    expect(await watch()).toMatchObject({ raised: 8 })
    const told = await mails()
    expect(told.filter(({ recipient }) => recipient === 'support@example.com')).toHaveLength(1)
    expect(told.filter(({ recipient }) => recipient === 'contact@winery.example')).toHaveLength(8)
  })

  it('is told once, also when two ticks look at the same instant', async () => {
    await pulled({ hours: -31 })
    const both = await Promise.all([watch(), watch()])
    expect(both.reduce((sum, { raised }) => sum + raised, 0)).toBe(1)
    await pulled({ hours: 0 })
    const over = await Promise.all([watch(1), watch(1)])
    expect(over.reduce((sum, { recovered }) => sum + recovered, 0)).toBe(1)
    expect(await mails()).toHaveLength(4)
  })

  it('are readable by an alert list where Support has no address', async () => {
    await pulled({ hours: -31 })
    await watchOver(jobs.queue, { support: null, consoleUrl: null }, at(0))
    expect(await open()).toEqual(['nothing_came'])
    expect((await mails()).map(({ recipient }) => recipient)).toEqual(['contact@winery.example'])
  })
})
