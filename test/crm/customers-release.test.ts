import { afterAll, beforeAll, expect, test } from 'vitest'
import { releaseCustomers } from '../../src/crm/customers-release.ts'
import { listReleases, takeBackRelease } from '../../src/crm/customers-take-back.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { insert, newWinery, query } from './customers-winery.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('releasing all releases each unreleased customer once, and says how many may be mailed', async () => {
  const { wineryId, customers, addTockCustomer } = await newWinery(database)
  await addTockCustomer('a@example.com', { email_consent: 'in', release_due_at: '2027-01-01T00:00:00Z' })
  await addTockCustomer('b@example.com', { email_consent: 'out' })
  await addTockCustomer('c@example.com', { email_consent: 'in', bounced: true })
  await addTockCustomer('d@example.com', { email_consent: 'in', released_at: '2025-01-01T00:00:00Z' })
  const result = await releaseCustomers({ db: database.db, wineryId, actor }, { all: true })
  expect(result).toEqual({
    releaseId: expect.any(String),
    released: 3,
    mayBeMailed: 1,
    note: expect.stringContaining('New customers'),
  })
  const rows = await customers()
  expect(rows.every((row) => row.released_at !== null)).toBe(true)
  expect(rows[0]?.release_due_at).toBeNull()
  expect(rows[3]?.released_at).toEqual(new Date('2025-01-01T00:00:00Z'))
  // The very rule of the view.
  const mailable = await query(
    database,
    `select from reporting.customers c join ecellar.wineries w on w.slug = c.winery
    where w.winery_id = $1 and may_mail and released_at > now() - interval '1 day'`,
    [wineryId],
  )
  expect(mailable).toHaveLength(result.mayBeMailed)
  expect(
    await query(database, 'select field, before, made_by from ecellar.changes where winery_id = $1', [
      wineryId,
    ]),
  ).toEqual(Array(3).fill({ field: 'released_at', before: null, made_by: 'staff' }))
  expect(await releaseCustomers({ db: database.db, wineryId, actor }, { all: true })).toEqual({
    releaseId: null,
    released: 0,
    mayBeMailed: 0,
    note: expect.stringContaining('nobody to release'),
  })
})

test('a pull’s customers can be released alone, and so can one address', async () => {
  const { wineryId, customers, addTockCustomer } = await newWinery(database)
  const pullId = await insert(
    database,
    'pulls',
    {
      winery_id: wineryId,
      brand_id: '1',
      business_id: '1',
      kind: 'initial',
      status: 'applied',
      started_at: '2026-01-01T00:00:00Z',
      finished_at: '2026-01-01T00:00:01Z',
    },
    'pull_id',
  )
  await addTockCustomer('a@example.com', { created_in_pull: pullId })
  await addTockCustomer('b@example.com', { created_in_pull: String(Number(pullId) + 1) })
  await addTockCustomer('c@example.com', { created_in_pull: String(Number(pullId) + 1) })
  expect(await releaseCustomers({ db: database.db, wineryId, actor }, { pullId })).toMatchObject({
    released: 1,
  })
  expect(
    await releaseCustomers({ db: database.db, wineryId, actor }, { email: ' C@Example.com' }),
  ).toMatchObject({
    released: 1,
  })
  expect((await customers()).map((row) => row.released_at !== null)).toEqual([true, false, true])
})

test('an unknown pull, an unknown address and what is no address are refused', async () => {
  const { wineryId } = await newWinery(database)
  const work = { db: database.db, wineryId, actor }
  await expect(releaseCustomers(work, { pullId: '999999' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(releaseCustomers(work, { pullId: 'latest' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(releaseCustomers(work, { email: 'x@example.com' })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(releaseCustomers(work, { email: 'x' })).rejects.toMatchObject({ code: 'invalid' })
})

test('a dry run says how many, and how many of them may be mailed then, and releases nobody', async () => {
  const { wineryId, customers, addTockCustomer } = await newWinery(database)
  await addTockCustomer('a@example.com', { email_consent: 'in' })
  await addTockCustomer('b@example.com', { email_consent: 'out' })
  const options = { db: database.db, wineryId, actor }
  const tried = await releaseCustomers({ ...options, dryRun: true }, { all: true })
  expect(tried).toMatchObject({ releaseId: null, released: 2, mayBeMailed: 1 })
  expect((await customers()).every((row) => row.released_at === null)).toBe(true)
  expect(await listReleases(database.db, wineryId)).toEqual([])
  expect(await releaseCustomers(options, { all: true })).toMatchObject({ released: 2, mayBeMailed: 1 })
})

test('stages release those first who were created first, until nobody is left', async () => {
  const { wineryId, customers, addTockCustomer } = await newWinery(database)
  for (const [email, created_at] of [
    ['c@example.com', '2026-03-03T00:00:00Z'],
    ['a@example.com', '2026-03-01T00:00:00Z'],
    ['b@example.com', '2026-03-02T00:00:00Z'],
  ] as const) {
    await addTockCustomer(email, { created_at })
  }
  const stage = () => releaseCustomers({ db: database.db, wineryId, actor, atMost: 2 }, { all: true })
  expect(await stage()).toMatchObject({ released: 2 })
  expect((await customers()).filter((row) => row.released_at !== null).map((row) => row.email)).toEqual([
    'a@example.com',
    'b@example.com',
  ])
  expect(await stage()).toMatchObject({ released: 1 })
  expect(await stage()).toMatchObject({ released: 0 })
  await expect(
    releaseCustomers({ db: database.db, wineryId, actor, atMost: 0 }, { all: true }),
  ).rejects.toMatchObject({ code: 'invalid' })
})

test('by the days on which they were created, of the winery’s zone', async () => {
  const { wineryId, customers, addTockCustomer } = await newWinery(database)
  // In Los Angeles: the 30th of April, and the 1st of May.
  await addTockCustomer('a@example.com', { created_at: '2026-05-01T05:00:00Z' })
  await addTockCustomer('b@example.com', { created_at: '2026-05-01T08:00:00Z' })
  const options = { db: database.db, wineryId, actor }
  const april = { createdFrom: '2026-04-01', createdTo: '2026-04-30' }
  expect(await releaseCustomers(options, april)).toMatchObject({ released: 1 })
  expect((await customers()).map((row) => row.released_at !== null)).toEqual([true, false])
  expect(await releaseCustomers(options, { createdFrom: '2026-05-01' })).toMatchObject({ released: 1 })
  for (const wrong of [{}, { createdFrom: '2026-02-30' }, { createdTo: 'May' }]) {
    await expect(releaseCustomers(options, wrong)).rejects.toMatchObject({ code: 'invalid' })
  }
})

test('a release can be taken back; who was exported since stays released, and so does who came otherwise', async () => {
  const { wineryId, customers, addTockCustomer } = await newWinery(database)
  const options = { db: database.db, wineryId, actor }
  const exported = await addTockCustomer('a@example.com')
  await addTockCustomer('b@example.com')
  await addTockCustomer('c@example.com', { released_at: '2026-01-01T00:00:00Z' })
  // Before the release: it says nothing about it.
  await insert(database, 'exports', {
    winery_id: wineryId,
    name: 'early',
    made_by: 'Robin',
    customer_ids: (await customers()).map((row) => row.customer_id),
  })
  const { releaseId } = await releaseCustomers(options, { all: true })
  await insert(database, 'exports', {
    winery_id: wineryId,
    name: 'spring',
    made_by: 'Robin',
    customer_ids: [exported],
  })
  expect(await listReleases(database.db, wineryId)).toMatchObject([
    { releaseId, releasedBy: actor.name, whom: 'all', customers: 2, mayBeMailed: 0, takenBackAt: null },
  ])
  expect(await takeBackRelease(options, releaseId ?? '')).toEqual({
    takenBack: 1,
    exportedSince: 1,
    plansStopped: 0,
  })
  expect((await customers()).map((row) => row.released_at !== null)).toEqual([true, false, true])
  expect(await listReleases(database.db, wineryId)).toMatchObject([{ takenBackBy: actor.name }])
  const history = await query<{ entity_id: string; before: string | null; after: string | null }>(
    database,
    `select entity_id, before, after from ecellar.changes
    where winery_id = $1 and field = 'released_at' and made_by = 'staff' order by change_id`,
    [wineryId],
  )
  expect(history).toHaveLength(3)
  expect(history[2]).toMatchObject({ before: history[1]?.after, after: null })
  await expect(takeBackRelease(options, releaseId ?? '')).rejects.toMatchObject({ code: 'invalid' })
  await expect(takeBackRelease(options, '987654')).rejects.toMatchObject({ code: 'not_found' })
  // They wait for a person again.
  expect(await releaseCustomers(options, { all: true })).toMatchObject({ released: 1 })
})

test('a release that an export has carried whole is not taken back', async () => {
  const { wineryId, addTockCustomer } = await newWinery(database)
  const options = { db: database.db, wineryId, actor }
  const id = await addTockCustomer('a@example.com')
  const { releaseId } = await releaseCustomers(options, { email: 'a@example.com' })
  await insert(database, 'exports', { winery_id: wineryId, name: 'x', made_by: 'Robin', customer_ids: [id] })
  await expect(takeBackRelease(options, releaseId ?? '')).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('export'),
  })
  expect(await listReleases(database.db, wineryId)).toMatchObject([
    { whom: 'one address', takenBackAt: null },
  ])
})
