import { afterAll, beforeAll, expect, test } from 'vitest'
import { erasePerson } from '../../src/crm/customers-erase.ts'
import { exportPerson } from '../../src/crm/export-person.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { wineryWithAnn } from './customers-known-everywhere.ts'
import { hash, newWinery, query } from './customers-winery.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('everything that is kept of a person is told, and nothing of anybody else', async () => {
  const { wineryId } = await wineryWithAnn(database)
  const options = { db: database.db, wineryId, actor, now: new Date('2026-06-01T00:00:00Z') }
  const told = await exportPerson(options, { email: 'ANN.quillfeather@example.com' })
  expect(told).toMatchObject({
    madeAt: '2026-06-01T00:00:00.000Z',
    found: true,
    customers: [
      {
        ecellar_customer_id: 'E-1',
        email: 'Ann.Quillfeather@example.com',
        email_consent: 'in',
        may_mail: true,
      },
    ],
    guests: [{ patron_id: 'p-4711', profile_email: 'old.quillfeather@example.com' }],
    reservations: [
      { tock_key: 'r:1', notes: 'Ms Quillfeather likes Zinfandel' },
      { tock_key: 'r:2', party_name: 'A. Quillfeather' },
    ],
    bookedForOthers: [{ tock_key: 'r:3' }],
    consentChanges: [{ after: 'in', source: 'import' }],
    exports: [{ name: 'Club, spring' }],
    waitingReservations: [{ tock_key: 'r:1' }],
    waitingGuests: [{ patron_id: 'p-4711' }],
    previewed: [{ patron_id: 'p-4711' }],
    decisions: [{ patron_id: 'p-4711' }, { email_key: 'quillfeather.work@example.com' }],
  })
  expect(told.exceptions.map((one) => one.subject)).toEqual([
    'ann.quillfeather@example.com',
    'group-1/p-4711',
    // of two customers; the other one's address stays away
    null,
  ])
  const history = told.changes.map((change) => `${change.entity} ${change.field}`)
  expect(history).toContain('customer email')
  expect(history).toContain('reservation notes')
  expect(JSON.stringify(told)).not.toMatch(/\bbob\b|Window seat|winery_id/i)
})

test('every table that can hold a person is looked at', async () => {
  const known = [
    'address_decisions',
    'changes',
    'consent_changes',
    'customers',
    'exceptions',
    'export_customers',
    'exports',
    'guest_decisions',
    'outbox',
    'patrons',
    'preview_people',
    'reservations',
    'segment_members',
    'segment_moves',
    'shared_addresses',
    'undone_guests',
    'waiting_guests',
    'waiting_reservations',
  ]
  const columns = `('customer_id', 'customer_ids', 'patron_id', 'guest_patron_id', 'email', 'email_key', 'recipient_key',
    'guest_email', 'entity_id', 'subject')`
  const tables = await query<{ name: string }>(
    database,
    `select distinct c.table_name as name
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'ecellar' and t.table_type = 'BASE TABLE' and c.column_name in ${columns}
      -- who did what, without guests
      and c.table_name <> 'audit'
    order by 1`,
  )
  expect(tables.map((table) => table.name)).toEqual(known)
})

test('by id it tells the same; of somebody unknown it tells that there is nothing', async () => {
  const { wineryId, customerId } = await wineryWithAnn(database)
  const options = { db: database.db, wineryId, actor }
  const told = await exportPerson(options, { customerId })
  expect(told.customers).toHaveLength(1)
  expect(told.guests).toHaveLength(1)
  const nobody = await exportPerson(options, { email: 'nobody@example.com' })
  expect(nobody).toMatchObject({ found: false, customers: [], reservations: [] })
  await expect(exportPerson(options, { email: 'nobody' })).rejects.toMatchObject({ code: 'invalid' })
})

test('that somebody’s data was told is recorded, with numbers and without the person', async () => {
  const { wineryId, customerId } = await wineryWithAnn(database)
  await exportPerson({ db: database.db, wineryId, actor }, { customerId })
  const audit = await query<{ subject: string; details: Record<string, number> }>(
    database,
    `select subject, details from ecellar.audit where winery_id = $1 and action = 'customers.export-person'`,
    [wineryId],
  )
  expect(audit).toMatchObject([
    { subject: `customer ${customerId}`, details: { customers: 1, reservations: 2 } },
  ])
  expect(JSON.stringify(audit)).not.toMatch(/quillfeather/i)
})

test('who was erased has nothing left to be told; another winery tells nothing', async () => {
  const { wineryId } = await wineryWithAnn(database)
  const other = await newWinery(database)
  const who = { email: 'ann.quillfeather@example.com' }
  const elsewhere = await exportPerson({ db: database.db, wineryId: other.wineryId, actor }, who)
  expect(elsewhere.found).toBe(false)
  await erasePerson({ db: database.db, wineryId, actor, hash }, who)
  const told = await exportPerson({ db: database.db, wineryId, actor }, who)
  expect(told).toMatchObject({ found: false })
})
