import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrand } from '../../src/crm/brands.ts'
import { readSchedules, setSchedule } from '../../src/crm/schedules.ts'
import { requestNightly } from '../../src/jobs/request-nightly.ts'
import { actor } from '../actor.ts'
import { runProgram } from '../cli/run-program.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type TestWinery, wineryForTests } from '../pull/winery-for-tests.ts'
import { jobsForTests, type TestJobs } from './worker-for-tests.ts'

let database: TestDatabase
let jobs: TestJobs
let winery: TestWinery
let folder: string
beforeAll(async () => {
  database = await freshDatabase()
  folder = await mkdtemp(join(tmpdir(), 'ecellar-tock-schedules-'))
  jobs = await jobsForTests(database, 'http://127.0.0.1:1')
  const brand = { businessGroupId: '60', apiKey: 'made-up' }
  winery = await wineryForTests(database, 'http://127.0.0.1:1', [
    { code: 'N', businessId: '601', ...brand },
    { code: 'S', businessId: '602', ...brand },
  ])
})
afterAll(async () => {
  await jobs?.close()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

const program = (words: string[]) =>
  runProgram(words, {
    cwd: folder,
    env: { DATABASE_URL: database.url, ECELLAR_TOCK_DATA: join(folder, 'data') },
  })
const brandN = () => findBrand(database.db, winery.wineryId, 'N')

describe('a schedule', () => {
  it('is the preset until somebody chooses, and then what was chosen', async () => {
    const [before] = await readSchedules(database.db, { wineryId: winery.wineryId })
    expect(before).toMatchObject({
      brand: 'N',
      times: ['03:00'],
      timeZone: 'America/Chicago',
      isPreset: true,
    })
    expect(
      await setSchedule(database.db, await brandN(), { times: ['15:00', '3:00', '15:00'] }, actor),
    ).toEqual({
      schedule: { times: ['03:00', '15:00'], timeZone: 'America/Chicago' },
      changed: true,
    })
    await setSchedule(database.db, await brandN(), { timeZone: 'europe/rome' }, actor)
    const [after, other] = await readSchedules(database.db, { wineryId: winery.wineryId })
    expect(after).toMatchObject({ times: ['03:00', '15:00'], timeZone: 'Europe/Rome', isPreset: false })
    expect(other).toMatchObject({ brand: 'S', times: ['03:00'], timeZone: 'America/Chicago' })
  })

  it('that is set to what it is changes nothing', async () => {
    const before = await sql`select xmin::text, * from ecellar.schedules`.execute(database.db)
    expect((await setSchedule(database.db, await brandN(), { timeZone: 'Europe/Rome' }, actor)).changed).toBe(
      false,
    )
    expect((await sql`select xmin::text, * from ecellar.schedules`.execute(database.db)).rows).toEqual(
      before.rows,
    )
  })

  it.each([
    [{ times: ['24:00'] }],
    [{ times: ['3'] }],
    [{ times: [] }],
    [{ times: ['01:00', '02:00', '03:00', '04:00', '05:00', '06:00', '07:00'] }],
    [{ timeZone: 'America/Napa' }],
    [{ timeZone: 'UTC+2' }],
  ])('that cannot be is refused: %j', async (change) => {
    await expect(setSchedule(database.db, await brandN(), change, actor)).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  it('is in the audit with who changed it, before and after', async () => {
    const audit = await winery.rows(
      `select actor_id, action, subject, details from ecellar.audit where winery_id = :id and details ? 'before' order by audit_id`,
    )
    expect(audit[0]).toEqual({
      actor_id: actor.id,
      action: 'settings.write',
      subject: 'N',
      details: {
        before: { times: ['03:00'], timeZone: 'America/Chicago' },
        after: { times: ['03:00', '15:00'], timeZone: 'America/Chicago' },
      },
    })
  })

  it('is set and shown on the command line, with when the brand is pulled next', async () => {
    const set = await program([
      'schedule',
      'set',
      '--winery',
      winery.slug,
      '--brand',
      's',
      '--at',
      '4:30',
      '--json',
    ])
    expect(JSON.parse(set.stdout)).toMatchObject({
      brand: 'S',
      at: ['04:30'],
      timeZone: 'America/Chicago',
      enabled: false,
      nextPullAt: null,
      changed: true,
    })
    await sql`update ecellar.brands set enabled_at = now() where code = 'S'`.execute(database.db)
    const shown = await program(['schedule', 'show', '--winery', winery.slug, '--json'])
    const [, s] = JSON.parse(shown.stdout)
    const local = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Chicago', timeStyle: 'short' })
    expect(local.format(new Date(s.nextPullAt))).toMatch(/^04:(3\d|4[0-4])$/)
    expect((await program(['schedule', 'show', '--winery', winery.slug])).stdout).toContain(
      'none: not enabled',
    )
    const wrong = await program(['schedule', 'set', '--winery', winery.slug, '--brand', 'S'])
    expect(wrong.code).toBe(2)
  })
})

describe('the nightly pulls', () => {
  const noon = '2026-07-01T12:00:00Z'
  const night = new Date('2026-07-02T08:20:00Z')

  it('are asked for enabled brands alone, once, whoever ticks at the same instant', async () => {
    await sql`delete from ecellar.schedules`.execute(database.db)
    await winery.rows(`
      update ecellar.brands set enabled_at = case code when 'N' then timestamptz '${noon}' end where winery_id = :id`)
    const other = await jobsForTests(database, 'http://127.0.0.1:1')
    const asked = await Promise.all([
      requestNightly(jobs.queue, night),
      requestNightly(other.queue, night),
      requestNightly(jobs.queue, night),
    ])
    await other.close()
    expect(asked.reduce((sum, one) => sum + one, 0)).toBe(1)
    expect(await requestNightly(jobs.queue, new Date(night.getTime() + 60_000))).toBe(0)
    expect(
      await winery.rows(`
        select b.code, r.kind, r.state, r.slot, r.actor_kind from ecellar.pull_requests r
        join ecellar.brands b on b.winery_id = r.winery_id and b.brand_id = r.brand_id where r.winery_id = :id`),
    ).toEqual([
      {
        code: 'N',
        kind: 'nightly',
        state: 'queued',
        slot: new Date('2026-07-02T08:00:00Z'),
        actor_kind: 'program',
      },
    ])
    const queued = await sql<{ jobs: number }>`
      select count(*)::int as jobs from queue.job where name = 'pull' and state = 'created'`.execute(
      database.db,
    )
    expect(queued.rows).toEqual([{ jobs: 1 }])
  })

  it('of two nights without a worker become one', async () => {
    expect(await requestNightly(jobs.queue, new Date(night.getTime() + 86_400_000))).toBe(1)
    const states = await winery.rows(
      'select state from ecellar.pull_requests where winery_id = :id order by slot',
    )
    expect(states).toEqual([{ state: 'dropped' }, { state: 'queued' }])
  })
})
