import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listChanges } from '../../src/crm/changes.ts'
import { readCustomerCard } from '../../src/crm/customer-card.ts'
import { optOutCustomer } from '../../src/crm/customers-opt-out.ts'
import { releaseCustomers } from '../../src/crm/customers-release.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type BookedWinery, bookedWinery } from './booked-winery.ts'
import { hash, insert } from './customers-winery.ts'

let database: TestDatabase
let winery: BookedWinery
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  winery = await bookedWinery(database)
})
const everywhere = { brandIds: null }
const card = (customerId: string, viewer: { brandIds: string[] | null } = everywhere) =>
  readCustomerCard(database.db, winery.wineryId, viewer, customerId)

test('visits are days at a brand: attended and assumed told apart, upcoming and unmade ones not counted', async () => {
  const customerId = await winery.customer()
  const patronId = await winery.guest(customerId)
  const book = (day: string, fields: Record<string, unknown> = {}, brand = 0) =>
    winery.reservation({ customerId, patronId, day, brand }, fields)
  await book('2026-03-01')
  await book('2026-03-01', { status: 'Booked' })
  await book('2026-03-01', { status: 'Confirmed' }, 1)
  await book('2026-04-01', { status: 'Booked' })
  await book('2026-04-02', { status: 'Cancelled' })
  await book('2026-04-03', { status: 'No Show' })
  await book('2026-04-04', { status: 'Transferred' })
  // After the last snapshot: nobody knows yet.
  await book('2026-06-20', { status: 'Booked' })
  await book('2099-01-01', { status: 'Booked' })
  await book('2098-01-01', { status: 'Booked', missing_since: '2026-06-01T00:00:00Z' })
  const found = await card(customerId)
  expect(found).toMatchObject({
    visits: 3,
    visitsAttended: 1,
    firstVisitOn: '2026-03-01',
    lastVisitOn: '2026-04-01',
    nextVisitOn: '2099-01-01',
    brandVisits: [
      { brand: 'JH', visits: 2, visitsAttended: 1, lastVisitOn: '2026-04-01' },
      { brand: 'OA', visits: 1, visitsAttended: 0, lastVisitOn: '2026-03-01', nextVisitOn: null },
    ],
  })
  const limited = await card(customerId, { brandIds: [winery.brands[1]?.brand_id ?? ''] })
  expect(limited).toMatchObject({ visits: 1, brandVisits: [{ brand: 'OA' }] })
})

test('the card counts what the view for analysts counts', async () => {
  const customerId = await winery.customer()
  const patronId = await winery.guest(customerId)
  for (const [day, status] of [
    ['2026-03-01', 'Completed'],
    ['2026-03-02', 'Other'],
    ['2026-03-03', 'Cancelled'],
    ['2099-03-03', 'Confirmed'],
  ] as const) {
    await winery.reservation({ customerId, patronId, day }, { status })
  }
  const rows = await database.db
    .withSchema('reporting')
    .selectFrom('customers' as never)
    .selectAll()
    .where('customer_id' as never, '=', customerId as never)
    .execute()
  const found = await card(customerId)
  expect(rows).toMatchObject([{ visits: found?.visits, may_mail: found?.mayMail }])
})

test('origin: the pull that made the customer, and the import that took it over', async () => {
  const { brands, wineryId } = winery
  const pullId = await insert(
    database,
    'pulls',
    {
      winery_id: wineryId,
      brand_id: brands[0]?.brand_id,
      business_id: brands[0]?.business_id,
      kind: 'initial',
      status: 'applied',
      started_at: '2026-01-01T00:00:00Z',
      finished_at: '2026-01-01T00:00:01Z',
    },
    'pull_id',
  )
  const customerId = await winery.customer({
    created_by: 'tock',
    created_in_pull: pullId,
    email: 'ada@example.com',
  })
  expect((await card(customerId))?.origin).toEqual({
    createdBy: 'tock',
    pull: { pullId, brand: 'JH', kind: 'initial', finishedAt: new Date('2026-01-01T00:00:01Z') },
    import: null,
  })
  const { importCustomers } = await import('../../src/crm/customers-import.ts')
  const { decodeTable } = await import('../../src/crm/read-table-file.ts')
  const { importId } = await importCustomers(
    { database, winery: winery.winery, actor, hash },
    decodeTable(Buffer.from('customer_id,email\n77,ada@example.com\n')),
  )
  expect((await card(customerId))?.origin).toMatchObject({
    createdBy: 'import',
    pull: { pullId },
    import: { importId, importedBy: actor.name, importedAt: expect.any(Date) },
  })
})

test('linked guests of Tock, and consent with Tock’s own words and pull, the latest first', async () => {
  const customerId = await winery.customer({ email: 'ada@example.com', email_consent: 'in' })
  await winery.guest(customerId, {
    patron_id: '501',
    email: 'ada@work.example',
    opt_in: true,
    opt_in_source: 'NEWSLETTER',
    date_opted_in: '2025-01-01',
  })
  await winery.guest(customerId, { patron_id: '@ada@example.com', email: 'ada@example.com' })
  await insert(database, 'consent_changes', {
    winery_id: winery.wineryId,
    customer_id: customerId,
    before: 'unknown',
    after: 'in',
    source: 'tock',
    tock_words: 'optIn: true, NEWSLETTER',
    pull_id: '4',
    changed_at: '2026-01-05T00:00:00Z',
  })
  await optOutCustomer(
    { db: database.db, wineryId: winery.wineryId, actor, why: 'asked by phone' },
    'ada@example.com',
  )
  const found = await card(customerId)
  expect(found?.guests).toMatchObject([
    { patronId: '501', email: 'ada@work.example', optIn: true, optInSource: 'NEWSLETTER' },
    { patronId: null, email: 'ada@example.com', optIn: null },
  ])
  expect(found?.consentChanges).toMatchObject([
    { before: 'in', after: 'out', source: 'staff', reason: 'asked by phone', tockWords: null, pullId: null },
    { before: 'unknown', after: 'in', source: 'tock', tockWords: 'optIn: true, NEWSLETTER', pullId: '4' },
  ])
})

test('history comes field by field, the latest first, page by page', async () => {
  const customerId = await winery.customer({ released_at: null, email: 'ada@example.com' })
  for (const [field, after] of [
    ['first_name', 'Ada'],
    ['last_name', 'Lovelace'],
  ]) {
    await insert(database, 'changes', {
      winery_id: winery.wineryId,
      entity: 'customer',
      entity_id: customerId,
      field,
      before: null,
      after,
      made_by: 'pull',
      pull_id: '3',
    })
  }
  await insert(database, 'changes', {
    winery_id: winery.wineryId,
    entity: 'reservation',
    entity_id: customerId,
    field: 'status',
    after: 'Booked',
    made_by: 'pull',
  })
  await releaseCustomers({ db: database.db, wineryId: winery.wineryId, actor }, { all: true })
  const list = (after: string | null) =>
    listChanges(database.db, winery.wineryId, { entity: 'customer', id: customerId }, { after, limit: 2 })
  const first = await list(null)
  expect(first).toMatchObject([
    { field: 'released_at', madeBy: 'staff' },
    { field: 'last_name', after: 'Lovelace', madeBy: 'pull', pullId: '3' },
  ])
  expect(await list(first[1]?.changeId ?? '')).toMatchObject([{ field: 'first_name', after: 'Ada' }])
})

test('another winery’s customer, and one of other brands, has no card', async () => {
  const customerId = await winery.customer()
  const other = await bookedWinery(database)
  expect(await readCustomerCard(database.db, other.wineryId, everywhere, customerId)).toBeNull()
  expect(await card(customerId, { brandIds: [winery.brands[0]?.brand_id ?? ''] })).toBeNull()
  expect(await card('123456789')).toBeNull()
})
