import { afterAll, beforeAll, expect, test } from 'vitest'
import { releaseCustomers } from '../../src/crm/customers-release.ts'
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
  expect(result).toEqual({ released: 3, mayBeMailed: 1, note: expect.stringContaining('New customers') })
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
