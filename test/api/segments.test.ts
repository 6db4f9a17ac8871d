import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BookedWinery, bookedWinery } from '../crm/booked-winery.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

let database: TestDatabase
let api: ApiForTests
let winery: BookedWinery
let at: string
let ada: string
beforeAll(async () => {
  database = await freshDatabase()
  winery = await bookedWinery(database)
  at = `wineries/${winery.winery.slug}/segments`
  ada = await winery.customer({ email: 'ada@example.com', email_consent: 'in', club_member: true })
  await winery.customer({ email: 'bo@example.com', email_consent: 'out', club_member: true })
  api = await apiForTests(database)
  const { wineryId, brands } = winery
  api.people.set('marketer', person('marketer', { wineryId }))
  api.people.set('admin', person('winery admin', { wineryId }))
  api.people.set('viewer', person('viewer', { wineryId }))
  api.people.set('limited', person('marketer', { wineryId, brandIds: [brands[0]?.brand_id ?? ''] }))
})
afterAll(async () => {
  await api?.close()
  await database?.drop()
})

const club = { version: 1, where: { kind: 'flag', flag: 'clubMember', is: true } }
const post = (as: string, path: string, body: unknown) =>
  api.ask(as, 'POST', `${at}${path}`, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })

it('a marketer counts, looks at, explains, saves and removes a segment', async () => {
  expect((await post('marketer', '/count', { definition: club })).body).toMatchObject({
    matching: 2,
    mayMail: 1,
    mayNotMail: { optedOut: 1 },
  })
  expect((await post('marketer', '/customers', { definition: club })).body.items).toHaveLength(2)
  expect((await post('marketer', '', { name: 'Club', definition: club })).status).toBe(201)
  expect((await api.ask('marketer', 'GET', at)).body).toMatchObject({
    items: [{ name: 'Club', matching: 2 }],
  })
  const told = await post('marketer', '/explain', { segment: 'club', customer: ada })
  expect(told.body).toMatchObject({ isMember: true, mayMail: true, why: { holds: true } })
  expect((await post('marketer', '/remove', { name: 'Club' })).body).toEqual({ removed: 'Club' })
})

it('what is wrong in a definition is said with its path', async () => {
  const wrong = { version: 1, where: { kind: 'flag', flag: 'rich', is: true } }
  const answer = await post('marketer', '/count', { definition: wrong })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(JSON.stringify(answer.body)).toContain('where.flag')
})

it('a count is cancelled in the database when whoever asked goes away', async () => {
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' })
  const slow = await database.session()
  const gone = new AbortController()
  const counting = async () => {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(database.db)
    return rows.length
  }
  try {
    // Whoever counts waits for this lock, as a long statement would run.
    await slow.query('begin; lock table ecellar.customers in access exclusive mode')
    const asked = fetch(`${address}/api/v1/${at}/count`, {
      method: 'POST',
      signal: gone.signal,
      headers: {
        authorization: 'Bearer marketer',
        origin: 'http://localhost:4000',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ definition: club }),
    })
    await expect.poll(counting, { timeout: 10_000 }).toBe(1)
    gone.abort()
    await expect(asked).rejects.toThrow()
    // The lock is held on: it is the cancelling alone that ends it.
    await expect.poll(counting, { timeout: 10_000 }).toBe(0)
  } finally {
    await slow.query('rollback')
    await slow.end()
  }
  expect((await post('marketer', '/count', { definition: club })).body).toMatchObject({ matching: 2 })
})

it('whoever sees no names sees none here, and cannot find them out', async () => {
  const { body } = await post('viewer', '/customers', { definition: club })
  expect(JSON.stringify(body)).not.toContain('ada@example.com')
  const guess = { version: 1, where: { kind: 'text', field: 'email', op: 'contains', value: 'ada' } }
  expect((await post('viewer', '/count', { definition: guess })).status).toBeGreaterThanOrEqual(400)
  expect((await post('limited', '/count', { definition: club })).status).toBe(403)
})

it('a marketer exports those who may be mailed; the others are the winery admin’s, with a reason', async () => {
  const ask = { definition: club, columns: ['email'] }
  const file = await post('marketer', '/export', ask)
  expect(String(file.body)).toBe('email,may_mail\nada@example.com,true\n')
  expect((await post('viewer', '/export', ask)).status).toBe(403)
  const all = { ...ask, notForMailing: { why: 'letters by post' } }
  expect((await post('marketer', '/export', all)).status).toBeGreaterThanOrEqual(400)
  const marked = await post('admin', '/export', all)
  expect(String(marked.body)).toContain('not for mailing,bo@example.com,false')
})

it('a segment is renamed, unless the name is taken; exports of it are found by it', async () => {
  await post('marketer', '', { name: 'First', definition: club })
  await post('marketer', '', { name: 'Second', definition: club })
  const renamed = await post('marketer', '/rename', { name: 'first', newName: 'Club members' })
  expect(renamed.body).toMatchObject({ name: 'Club members' })
  const taken = await post('marketer', '/rename', { name: 'Second', newName: 'club MEMBERS' })
  expect(taken.body.detail).toContain('There is a segment "club MEMBERS" already')
  expect((await post('viewer', '/rename', { name: 'Second', newName: 'Third' })).status).toBe(403)
  await post('marketer', '/export', { segment: 'Club members', columns: ['email'] })
  const { body } = await api.ask('marketer', 'GET', at)
  expect(body.items).toMatchObject([
    { name: 'Club members', lastExportedAt: expect.any(String), schedules: 0 },
    { name: 'Second', lastExportedAt: null },
  ])
  const [first, second] = body.items as { segmentId: string }[]
  const exportsOf = (id: string) =>
    api.ask('marketer', 'GET', `wineries/${winery.winery.slug}/exports?segment=${id}`)
  expect((await exportsOf(first?.segmentId ?? '')).body.items).toMatchObject([
    { name: 'Club members', customers: 1 },
  ])
  expect((await exportsOf(second?.segmentId ?? '')).body.items).toEqual([])
})

it('a customer’s segments are told, but not to find out a name that one does not see', async () => {
  await post('marketer', '', { name: 'Club', definition: club, replace: true })
  const names = { kind: 'text', field: 'email', op: 'contains', value: 'ada' }
  await post('marketer', '', { name: 'Ada', definition: { version: 1, where: names }, replace: true })
  await post('marketer', '', { name: 'Was club', kind: 'static', definition: club, replace: true })
  const ask = async (as: string) => {
    const { body } = await api.ask(as, 'GET', `wineries/${winery.winery.slug}/customers/${ada}/segments`)
    const items = body.items as { name: string; isMember: boolean | null }[]
    return Object.fromEntries(items.map(({ name, isMember }) => [name, isMember]))
  }
  expect(await ask('marketer')).toMatchObject({ Ada: true, Club: true, 'Was club': true })
  expect(await ask('viewer')).toMatchObject({ Ada: null, Club: true })
})

it('conditions are built from the winery’s own names', async () => {
  await winery.customer({ tags: ['vip', 'local'] })
  await winery.customer({ tags: ['vip'] })
  const { body } = await api.ask('viewer', 'GET', `wineries/${winery.winery.slug}/segment-choices`)
  expect(body).toMatchObject({
    tags: ['vip', 'local'],
    lists: [{ name: 'Was club' }],
    pulls: [],
    imports: [],
  })
})
