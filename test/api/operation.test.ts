/** What operators and Support look at, when brands are pulled, and who sees guests in full. */

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { jobsForTests, type TestJobs } from '../jobs/worker-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'
import { brandMark, neighbourMark, type TwoWineries, twoWineries } from './two-wineries.ts'

let database: TestDatabase
let jobs: TestJobs
let api: ApiForTests
let world: TwoWineries
beforeAll(async () => {
  database = await freshDatabase()
  world = await twoWineries(database.db)
  jobs = await jobsForTests(database, 'http://127.0.0.1:9')
  const { wineryId, brandA } = world.ours
  api = await apiForTests(database, {
    parts: { queue: jobs.queue },
    people: [
      ['support', person('support')],
      ['operator', person('operator')],
      ['admin', person('winery admin', { wineryId })],
      ['limited', person('winery admin', { wineryId, brandIds: [brandA] })],
    ],
  })
})
afterAll(async () => {
  await api?.close()
  await jobs?.close()
  await database?.drop()
})

type List = { items: Record<string, unknown>[]; nextCursor: string | null }
const list = async (as: string, path: string) => (await api.ask<List>(as, 'GET', path)).body

describe('mails', () => {
  it("are the winery's own for its admin, all of them for the roles of the installation", async () => {
    expect((await list('operator', 'mails')).items).toHaveLength(2)
    expect((await list('admin', 'wineries/ours/mails')).items).toMatchObject([
      { winery: 'ours', template: 'two-factor-reset', state: 'waiting' },
    ])
    expect((await api.ask('admin', 'GET', 'mails')).status).toBe(403)
    expect((await api.ask('limited', 'GET', 'wineries/ours/mails')).status).toBe(403)
    expect((await list('operator', 'mails?state=sent')).items).toEqual([])
  })

  it('are shown as they are sent', async () => {
    const { mail } = world.ids.brandA
    expect((await api.ask('admin', 'GET', `wineries/ours/mails/${mail}`)).body).toMatchObject({
      to: 'desk@ours.example',
      html: expect.stringContaining('<'),
    })
    const theirs = await api.ask('admin', 'GET', `wineries/ours/mails/${world.ids.neighbour.mail}`)
    expect(theirs.status).toBe(404)
    expect((await api.ask('support', 'GET', `mails/${world.ids.neighbour.mail}`)).status).toBe(200)
  })

  it('are read page by page', async () => {
    const first = await list('operator', 'mails?limit=1')
    const second = await list('operator', `mails?limit=1&cursor=${first.nextCursor}`)
    expect([first.items[0]?.winery, second.items[0]?.winery]).toEqual(['neighbour', 'ours'])
    expect(second.nextCursor).toBeNull()
  })
})

describe('alerts', () => {
  it('are told to those whose brands they are about', async () => {
    const messages = async (as: string, path: string) =>
      (await list(as, path)).items.map((one) => one.message)
    expect(await messages('operator', 'alerts')).toEqual([
      `${neighbourMark} alert`,
      `${brandMark} alert`,
      'Ours alert',
    ])
    expect(await messages('admin', 'wineries/ours/alerts')).toEqual([`${brandMark} alert`, 'Ours alert'])
    expect(await messages('admin', 'wineries/ours/alerts?brand=A')).toEqual(['Ours alert'])
    expect(await messages('limited', 'wineries/ours/alerts')).toEqual(['Ours alert'])
    await sql`update ecellar.alerts set recovered_at = now() where message = 'Ours alert'`.execute(
      database.db,
    )
    expect(await messages('limited', 'wineries/ours/alerts')).toEqual([])
    expect(await messages('limited', 'wineries/ours/alerts?state=all')).toEqual(['Ours alert'])
  })
})

describe('the queue', () => {
  it('says how many pulls wait, and which', async () => {
    const { wineryId, brandA } = world.ours
    await sql`
      insert into ecellar.pull_requests (winery_id, brand_id, kind, actor_kind, actor_id, actor_name)
      values (${wineryId}, ${brandA}, 'manual', 'user', 'x', 'x')`.execute(database.db)
    expect((await api.ask('operator', 'GET', 'queue')).body).toMatchObject({
      queued: 1,
      running: 0,
      againLater: 0,
    })
    const open = [{ winery: 'ours', brand: 'A', kind: 'manual', state: 'queued', attempt: 1 }]
    expect((await list('operator', 'queue/requests')).items).toMatchObject(open)
    expect((await list('admin', 'wineries/ours/pull-requests')).items).toMatchObject(open)
    expect((await list('admin', 'wineries/ours/pull-requests?brand=B')).items).toEqual([])
    expect((await api.ask('admin', 'GET', 'queue')).status).toBe(403)
  })
})

describe('the schedule of a brand', () => {
  it('is shown with the next pull, and changed', async () => {
    const path = 'wineries/ours/brands/A/schedule'
    expect((await api.ask('admin', 'GET', path)).body).toMatchObject({
      times: ['03:00'],
      timeZone: 'America/Chicago',
      isPreset: true,
      nextPullAt: null,
    })
    const body = { times: ['15:30', '03:30'], timeZone: 'europe/rome' }
    expect((await api.ask('admin', 'PATCH', path, { body })).body).toMatchObject({
      times: ['03:30', '15:30'],
      timeZone: 'Europe/Rome',
      isPreset: false,
    })
    await sql`update ecellar.brands set enabled_at = '2026-01-01' where brand_id = ${world.ours.brandA}`.execute(
      database.db,
    )
    // Times before a change are not made up for: the next one is tomorrow's.
    api.clock.now = new Date(Date.now() + 86_400_000)
    const shown = await api.ask<{ nextPullAt: string }>('admin', 'GET', path)
    expect(shown.body.nextPullAt).toMatch(/^20\d\d-/)
    expect(await api.ask('admin', 'PATCH', path, { body: { times: ['25:00'] } })).toMatchObject({
      status: 422,
    })
  })
})

describe('guests in full', () => {
  it('are shown to Support for a while, after a reason that is recorded', async () => {
    const path = 'wineries/ours/guest-access'
    await sql`
      insert into access.users (id, name, email, email_verified)
      values (${person('support').id}, 'Robin', 'robin@example.com', true)`.execute(database.db)
    expect((await api.ask('support', 'GET', path)).body).toEqual({ until: null })
    expect((await api.ask('support', 'POST', path, { body: { reason: ' ' } })).status).toBe(400)
    const given = await api.ask<{ until: string }>('support', 'POST', path, {
      body: { reason: 'The admin asked why a guest is listed twice' },
    })
    expect(given.body.until).toBe(new Date(api.clock.now.getTime() + 3_600_000).toISOString())
    expect((await api.ask('support', 'GET', path)).body).toEqual(given.body)
    const { rows } = await sql<{ action: string; details: { reason: string } }>`
      select action, details from ecellar.audit where action = 'guests.ask'`.execute(database.db)
    expect(rows).toMatchObject([{ details: { reason: 'The admin asked why a guest is listed twice' } }])
  })
})
