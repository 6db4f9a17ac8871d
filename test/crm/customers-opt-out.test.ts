import { afterAll, beforeAll, expect, test } from 'vitest'
import { optOutCustomer, optOutCustomers, readAddresses } from '../../src/crm/customers-opt-out.ts'
import { decodeTable } from '../../src/crm/read-table-file.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { newWinery, query } from './customers-winery.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('an opt-out reaches every customer with the address, with its reason, and again changes nothing', async () => {
  const { wineryId, bring, customers, addTockCustomer } = await newWinery(database)
  await bring('customer_id,email,wants_email\n1,home@example.com,yes\n2,Home@example.com,\n')
  await addTockCustomer('other@example.com', { email_consent: 'in' })
  const before = await customers()
  const work = { db: database.db, wineryId, actor, why: 'asked by phone' }
  expect(await optOutCustomer(work, 'HOME@example.com')).toMatchObject({ optedOut: 2, alreadyOut: 0 })
  const after = await customers()
  expect(after.map((row) => [row.email_consent, row.consent_source])).toEqual([
    ['out', 'staff'],
    ['out', 'staff'],
    ['in', null],
  ])
  expect(after.map((row) => row.edited_at)).toEqual(before.map((row) => row.edited_at))
  const history = () =>
    query(
      database,
      `select before, after, source, reason from ecellar.consent_changes
      where winery_id = $1 and source = 'staff' order by before`,
      [wineryId],
    )
  expect(await history()).toEqual([
    { before: 'in', after: 'out', source: 'staff', reason: 'asked by phone' },
    { before: 'unknown', after: 'out', source: 'staff', reason: 'asked by phone' },
  ])
  expect(await optOutCustomer(work, 'home@example.com')).toMatchObject({ optedOut: 0, alreadyOut: 2 })
  expect(await history()).toHaveLength(2)
  expect(await customers()).toEqual(after)
})

test('a file of addresses opts out those who are customers, and tells the lines of the others', async () => {
  const { wineryId, bring, customers } = await newWinery(database)
  await bring('email\na@example.com\nb@example.com\n')
  const given = readAddresses(
    decodeTable(Buffer.from('\ufeffA@example.com\r\n\r\nstranger@example.com\r\nnot an address\r\n')),
  )
  const result = await optOutCustomers({ db: database.db, wineryId, actor, why: 'list of the agency' }, given)
  expect(result).toEqual({
    addresses: 3,
    optedOut: 1,
    alreadyOut: 0,
    unknown: [{ line: 3 }],
    bad: [{ line: 4, problem: 'this is not an e-mail address' }],
  })
  expect((await customers()).map((row) => row.email_consent)).toEqual(['out', 'unknown'])
})

test('a file may have more columns when one of them is the address', () => {
  const read = (text: string) => readAddresses(decodeTable(Buffer.from(text)))
  expect(read('Name;E-Mail\nAnn;a@example.com\nBob;\n')).toEqual([{ line: 2, address: 'a@example.com' }])
  expect(() => read('Name;Address\nAnn;a@example.com\n')).toThrow(/several columns/)
})

test('an address that nobody has, what is no address, and an opt-out without a reason are refused', async () => {
  const { wineryId } = await newWinery(database)
  const work = { db: database.db, wineryId, actor, why: 'asked by phone' }
  await expect(optOutCustomer(work, 'nobody@example.com')).rejects.toMatchObject({ code: 'not_found' })
  await expect(optOutCustomer(work, 'nobody')).rejects.toMatchObject({ code: 'invalid' })
  await expect(optOutCustomer({ ...work, why: ' ' }, 'nobody@example.com')).rejects.toMatchObject({
    code: 'invalid',
  })
})
