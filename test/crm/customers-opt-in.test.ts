import { afterAll, beforeAll, expect, test } from 'vitest'
import { optInCustomer } from '../../src/crm/customers-opt-in.ts'
import { optOutCustomer } from '../../src/crm/customers-opt-out.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { newWinery, query } from './customers-winery.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('a customer who opted out is opted in again by a person, with the reason, once', async () => {
  const { wineryId, customers, addTockCustomer } = await newWinery(database)
  const options = { db: database.db, wineryId, actor, why: 'signed the form at the tasting room' }
  const id = await addTockCustomer('ada@example.com', { asks_mail_again_at: '2026-01-01T00:00:00Z' })
  await optOutCustomer(options, 'ada@example.com')
  expect(await optInCustomer(options, id)).toEqual({ optedIn: true })
  expect((await customers())[0]).toMatchObject({
    email_consent: 'in',
    consent_source: 'staff',
    asks_mail_again_at: null,
  })
  expect(await optInCustomer(options, id)).toEqual({ optedIn: false })
  expect(
    await query(
      database,
      `select before, after, source, reason from ecellar.consent_changes
      where winery_id = $1 order by consent_change_id`,
      [wineryId],
    ),
  ).toEqual([
    { before: 'unknown', after: 'out', source: 'staff', reason: options.why },
    { before: 'out', after: 'in', source: 'staff', reason: options.why },
  ])
  const audit = await query<{ subject: string; details: unknown }>(
    database,
    `select subject, details from ecellar.audit where winery_id = $1 and action = 'customers.opt-in'`,
    [wineryId],
  )
  expect(audit).toEqual([{ subject: `customer ${id}`, details: { before: 'out' } }])
})

test('an opt-in without a reason, of nobody, or of another winery’s customer is refused', async () => {
  const { wineryId } = await newWinery(database)
  const other = await newWinery(database)
  const theirs = await other.addTockCustomer('bo@example.com', { email_consent: 'out' })
  const options = { db: database.db, wineryId, actor, why: 'asked' }
  await expect(optInCustomer({ ...options, why: ' ' }, theirs)).rejects.toMatchObject({ code: 'invalid' })
  for (const id of [theirs, '12345678', 'Ada']) {
    await expect(optInCustomer(options, id)).rejects.toMatchObject({ code: 'not_found' })
  }
  expect((await other.customers())[0]?.email_consent).toBe('out')
})
