import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTableFile } from '../../src/crm/read-table-file.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { hash, insert, newWinery, query } from './customers-winery.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

describe('a file of customers', () => {
  test('brings them in with every column, released at their creation in the winery’s zone', async () => {
    const { bring, customers } = await newWinery(database)
    const result = await bring(
      'customer_id,email,first_name,last_name,customer_source,customer_type,allocation_tier,active,wants_email,created_on,bounced,club_member,tags\n' +
        '1001,Ann@Example.com,Ann,Example,Tasting Room,Consumer,Gold,no,yes,2024-07-01,true,1,vip; red|vip\n',
    )
    expect(result).toEqual({
      importId: expect.stringMatching(/^\d+$/),
      rows: 1,
      created: 1,
      updated: 0,
      unchanged: 0,
      takenOver: 0,
      repeated: 0,
      erasedSkipped: 0,
      bad: [],
      remarks: [],
      unknownColumns: [],
    })
    expect((await customers())[0]).toMatchObject({
      ecellar_customer_id: '1001',
      email: 'Ann@Example.com',
      email_key: 'ann@example.com',
      first_name: 'Ann',
      last_name: 'Example',
      source: 'Tasting Room',
      type: 'Consumer',
      tier: 'Gold',
      active: false,
      email_consent: 'in',
      consent_source: 'import',
      bounced: true,
      club_member: true,
      tags: ['vip', 'red'],
      created_by: 'import',
      created_at: new Date('2024-07-01T07:00:00Z'),
      released_at: new Date('2024-07-01T07:00:00Z'),
    })
  })

  test('is read whatever its order, capitals, delimiter, line ends and byte order mark', async () => {
    const { bring, customers } = await newWinery(database)
    const result = await bring(
      '\ufeffLast Name;E-Mail;First Name;Favourite Wine;Customer ID\r\n"Exam;ple";ann@example.com;"Ann\r\n""A"" Mary";Zin;7\r\n\r\nBob;bob@example.com;B "The Cork" B;;8\r\n',
    )
    expect(result).toMatchObject({ rows: 2, created: 2, bad: [], unknownColumns: ['Favourite Wine'] })
    expect(await customers()).toMatchObject([
      { ecellar_customer_id: '7', last_name: 'Exam;ple', first_name: 'Ann\r\n"A" Mary' },
      { ecellar_customer_id: '8', first_name: 'B "The Cork" B' },
    ])
  })

  test('may be tab-separated UTF-16', async () => {
    const { bring, customers } = await newWinery(database)
    await bring(Buffer.from('\ufeffemail\tfirst_name\nzoe@example.com\tZoë\n', 'utf16le'))
    expect(await customers()).toMatchObject([{ first_name: 'Zoë' }])
  })

  test('may be Windows-1252, which is remarked', async () => {
    const { bring, customers } = await newWinery(database)
    const result = await bring(Buffer.from('email,first_name\nzoe@example.com,Zo\xeb\n', 'latin1'))
    expect(await customers()).toMatchObject([{ first_name: 'Zoë' }])
    expect(result.remarks).toEqual([expect.stringContaining('Windows-1252')])
  })

  test('is imported without its bad rows, which are told by line and without what stands in them', async () => {
    const { bring, customers } = await newWinery(database)
    const result = await bring(
      [
        'customer_id,email,active,created_on,first_name',
        '1,secret-person,yes,,',
        '2,,perhaps,2024-02-31,',
        ',,yes,,Nobody',
        '4,four@example.com',
        '5,five@example.com,yes,12/31/2023,Five,too,many',
        ',,,,',
        '6,six@example.com,Y,1/2/2023 3:04 PM,Six,,',
        '7,seven@example.com,yes,2999-01-01,',
        '8,eight@example.com,yes,,"Eight',
        '9,nine@example.com,yes,,Nine',
      ].join('\n'),
    )
    expect(result.bad).toEqual([
      { line: 2, problem: 'email is not an e-mail address' },
      {
        line: 3,
        problem: 'active is neither yes nor no; created_on is no date of the past (YYYY-MM-DD or M/D/YYYY)',
      },
      { line: 4, problem: 'neither customer_id nor email is filled' },
      { line: 5, problem: 'the line has 2 columns where the first line names 5' },
      { line: 6, problem: 'the line has 7 columns where the first line names 5' },
      { line: 9, problem: expect.stringContaining('created_on') },
      { line: 10, problem: 'a quotation mark is opened on this line and never closed' },
    ])
    expect(JSON.stringify(result)).not.toMatch(/secret-person|Nobody/)
    expect(result).toMatchObject({ rows: 9, created: 2 })
    expect((await customers()).map((row) => row.ecellar_customer_id)).toEqual(['6', '9'])
    expect((await customers())[0]?.created_at).toEqual(new Date('2023-01-02T23:04:00Z'))
  })

  test('again changes no row, no history and no revision', async () => {
    const { bring, customers, revision, wineryId } = await newWinery(database)
    const file =
      'customer_id,email,customer_source,wants_email,created_on,tags\n1,a@example.com,Web,yes,2024-01-01,a;b\n,b@example.com,web,no,,\n'
    await bring(file)
    const before = [await customers(), await revision(), await history(wineryId)]
    expect(await bring(file)).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
    expect([await customers(), await revision(), await history(wineryId)]).toEqual(before)
  })

  test('updates what it fills, wipes nothing, and remembers each field', async () => {
    const { bring, customers, wineryId, revision } = await newWinery(database)
    await bring('customer_id,email,first_name,customer_type\n1,a@example.com,Ann,Consumer\n')
    const [before] = await customers()
    const revisionBefore = await revision()
    expect(await bring('customer_id,email,first_name,customer_type\n1,,Anna,Trade\n')).toMatchObject({
      updated: 1,
    })
    expect(await customers()).toMatchObject([
      { customer_id: before?.customer_id, email: 'a@example.com', first_name: 'Anna', type: 'Trade' },
    ])
    expect(await history(wineryId)).toEqual([
      { field: 'customer_type', before: 'Consumer', after: 'Trade', made_by: 'import' },
      { field: 'first_name', before: 'Ann', after: 'Anna', made_by: 'import' },
    ])
    expect(Number(await revision())).toBe(Number(revisionBefore) + 1)
  })

  test('names the same customer twice: the later line counts, and it is remarked', async () => {
    const { bring, customers } = await newWinery(database)
    const result = await bring(
      'customer_id,email,first_name,last_name,wants_email\n1,a@example.com,Ann,Example,no\n2,b@example.com,Bob,,\n1,,Anna,,yes\n,a@example.com,,Sample,\n',
    )
    expect(result).toMatchObject({ rows: 4, created: 2, repeated: 2 })
    expect(result.remarks).toEqual([
      expect.stringMatching(/^Line 2: the same customer comes again on line 5/),
      expect.stringMatching(/^Line 4: the same customer comes again on line 5/),
    ])
    expect(await customers()).toMatchObject([
      { first_name: 'Bob' },
      { first_name: 'Anna', last_name: 'Sample', email_consent: 'out' },
    ])
  })

  test('may give one address to two customers, which is remarked; an address alone is then ambiguous', async () => {
    const { bring, customers } = await newWinery(database)
    const file = 'customer_id,email\n1,home@example.com\n2,home@example.com\n'
    expect((await bring(file)).remarks).toHaveLength(2)
    expect(await bring('email,first_name\nhome@example.com,Who\n')).toMatchObject({
      bad: [{ line: 2, problem: expect.stringContaining('several customers') }],
    })
    await bring('customer_id,active\n1,no\n')
    expect(await bring('email,first_name\nhome@example.com,Two\n')).toMatchObject({ updated: 1, bad: [] })
    expect((await customers()).map((row) => row.first_name)).toEqual([null, 'Two'])
  })
})

describe('an imported customer', () => {
  test('whom a pull had created is taken over and released at its creation', async () => {
    const { bring, customers, addTockCustomer, revision } = await newWinery(database)
    const id = await addTockCustomer('ann@example.com')
    await insertPatron(id)
    const before = await revision()
    expect(await bring('customer_id,email,first_name\n55,ANN@example.com,\n')).toMatchObject({
      takenOver: 1,
      created: 0,
    })
    expect(await customers()).toMatchObject([
      {
        customer_id: id,
        ecellar_customer_id: '55',
        created_by: 'import',
        first_name: 'Ann',
        released_at: new Date('2026-02-01T00:00:00Z'),
        edited_at: expect.any(Date),
      },
    ])
    expect(await revision()).not.toBe(before)
    // The file then changes the address: the guest stays linked.
    await bring('customer_id,email\n55,ann.new@example.com\n')
    expect(
      await query(database, 'select customer_id from ecellar.patrons where customer_id = $1', [id]),
    ).toHaveLength(1)
  })

  test('keeps an opt-out whatever the file says, and is opted out by a no', async () => {
    const { bring, customers, addTockCustomer, wineryId } = await newWinery(database)
    await addTockCustomer('out@example.com', { email_consent: 'out' })
    await addTockCustomer('in@example.com', { email_consent: 'in' })
    await addTockCustomer('unknown@example.com')
    const result = await bring(
      'email,wants_email\nout@example.com,yes\nin@example.com,no\nunknown@example.com,yes\n',
    )
    expect((await customers()).map((row) => row.email_consent)).toEqual(['out', 'out', 'in'])
    expect(result.remarks).toEqual([expect.stringMatching(/^Line 2: wants_email says yes/)])
    expect(
      await query(
        database,
        'select before, after, source from ecellar.consent_changes where winery_id = $1 order by before',
        [wineryId],
      ),
    ).toEqual([
      { before: 'in', after: 'out', source: 'import' },
      { before: 'unknown', after: 'in', source: 'import' },
    ])
  })

  test('who was erased is skipped and counted', async () => {
    const { bring, customers, wineryId } = await newWinery(database)
    await insert(database, 'erasures', { winery_id: wineryId, hash: hash('email', 'gone@example.com') })
    expect(await bring('email\nGone@Example.com\nstays@example.com\n')).toMatchObject({
      rows: 2,
      created: 1,
      erasedSkipped: 1,
    })
    expect((await customers()).map((row) => row.email)).toEqual(['stays@example.com'])
  })

  test('of one winery is nobody’s in another', async () => {
    const one = await newWinery(database)
    const other = await newWinery(database)
    await one.bring('customer_id,email\n1,a@example.com\n')
    await other.bring('customer_id,email\n1,b@example.com\n')
    expect((await one.customers()).map((row) => row.email)).toEqual(['a@example.com'])
  })
})

describe('a file that is none', () => {
  test.each([
    ['nothing', '', 'The file is empty'],
    ['blank lines', '\n\n  \n', 'The file is empty'],
    ['a header alone', 'customer_id,email\n', 'no customers below it'],
    [
      'no key column',
      'first_name,last_name\nAnn,Example\n',
      'neither a column customer_id nor a column email',
    ],
    ['a column twice', 'email,E-Mail\na@example.com,\n', 'Two columns of the file are email'],
    ['zero bytes', 'email\n\u0000\u0001', 'not a text file'],
    ['a workbook', 'PK\u0003\u0004whatever', 'Excel workbook'],
  ])('is refused in words: %s', async (_what, text, message) => {
    const { bring } = await newWinery(database)
    await expect((async () => bring(text))()).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(message),
    })
  })

  test('is refused without quoting a person who stands where the columns should', async () => {
    const { bring } = await newWinery(database)
    await expect(bring('1,ann@example.com,Ann\n2,bob@example.com,Bob\n')).rejects.toMatchObject({
      message: expect.not.stringContaining('ann'),
    })
  })

  test('is told apart when it is missing or a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ecellar-import-'))
    try {
      await expect(readTableFile(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'not_found' })
      await expect(readTableFile(folder)).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('is a folder'),
      })
      await writeFile(join(folder, 'one.csv'), 'email\n')
      expect((await readTableFile(join(folder, 'one.csv'))).bytes.toString()).toBe('email\n')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

async function insertPatron(customerId: string): Promise<void> {
  const rows = await query<{ winery_id: string }>(
    database,
    'select winery_id from ecellar.customers where customer_id = $1',
    [customerId],
  )
  await insert(database, 'patrons', {
    winery_id: rows[0]!.winery_id,
    business_group_id: '9',
    patron_id: '77',
    customer_id: customerId,
  })
}

function history(wineryId: string) {
  return query(
    database,
    'select field, before, after, made_by from ecellar.changes where winery_id = $1 order by field',
    [wineryId],
  )
}
