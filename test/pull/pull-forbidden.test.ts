import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultKinds } from '../../src/simulator/faults.ts'
import { cardNumbersInNotes, neverKept } from '../../src/simulator/sentinels.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { person, tockPlace } from './tock-place.ts'
import { type TestWinery, wineryForTests } from './winery-for-tests.ts'

let database: TestDatabase
let simulator: Simulator
let winery: TestWinery
const said: string[] = []

/** Every odd case that the simulator has, pulled, changed overnight, refused in every way, and waiting. */
beforeAll(async () => {
  database = await freshDatabase()
  simulator = await startSimulator({
    now: new Date('2026-06-01T12:00:00Z'),
    wineries: [
      {
        businessGroupId: '12',
        name: 'Small Group',
        guests: 120,
        businesses: [
          { businessId: '121', name: 'North Slope', timeZone: 'America/Los_Angeles', reservations: 240 },
        ],
      },
    ],
  })
  const { apiKey } = simulator.businesses[0] ?? { apiKey: '' }
  winery = await wineryForTests(database, simulator.url, [
    { code: 'N', businessId: '121', businessGroupId: '12', apiKey },
  ])
  await told(winery.pull('N', 'preview'))
  await told(winery.pull('N', 'initial'))
  simulator.nextNight(2)
  await told(winery.pull('N'))
  for (const kind of faultKinds) {
    simulator.setFault(kind === 'slow' ? { kind, delayMs: 500 } : kind)
    await told(winery.pull('N', 'nightly', { retry: { tries: 1, totalMs: 300 } }))
  }
  simulator.setFault(null)
  const edit = simulator.edit('121')
  const half = [...simulator.truth('121').reservations()].filter((_, at) => at % 2 === 0)
  for (const { tockKey } of half) if (tockKey) edit.removeReservation(tockKey)
  edit.addGuest(edit.guest({ patron: person(9_999_999, 'late.guest@example.com', 'Late', 'Guest') }))
  edit.publish()
  await told(winery.pull('N'))
})
afterAll(async () => {
  await simulator.close()
  await database.drop()
})

async function told(pulled: Promise<unknown>): Promise<void> {
  const outcome = await pulled.catch((error: unknown) => error)
  said.push(
    JSON.stringify(outcome),
    String(outcome),
    outcome instanceof Error ? `${outcome.stack} ${String(outcome.cause)}` : '',
  )
}

/** Every value of every column that can hold a text, of every table, with where it stands. */
async function allTexts(): Promise<{ place: string; text: string }[]> {
  const columns = await sql<{ schema: string; table: string; column: string }>`
    select c.table_schema as schema, c.table_name as "table", c.column_name as "column"
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema not in ('pg_catalog', 'information_schema') and t.table_type = 'BASE TABLE'
      and (c.data_type in ('text', 'jsonb', 'json', 'ARRAY', 'character varying', 'bytea') or c.udt_name like '\_%')`.execute(
    database.db,
  )
  const found: { place: string; text: string }[] = []
  for (const { schema, table, column } of columns.rows) {
    const values = await sql<{ text: string }>`
      select distinct ${sql.ref(column)}::text as text from ${sql.table(`${schema}.${table}`)} where ${sql.ref(column)} is not null`.execute(
      database.db,
    )
    for (const { text } of values.rows) found.push({ place: `${table}.${column}`, text })
  }
  return found
}

test('the database was looked through whole: waiting tables, arrays and history are in it', async () => {
  const places = new Set((await allTexts()).map((one) => one.place))
  for (const place of [
    'reservations.notes',
    'waiting_reservations.notes',
    'waiting_guests.email',
    'waiting_files.kept_keys',
    'snapshot_files.kept_keys',
    'changes.after',
    'pulls.error_message',
    'tock_keys.sealed',
  ]) {
    expect([...places]).toContain(place)
  }
})

test('nothing that may not be kept stands in any column of any table (rule 1, M4)', async () => {
  for (const { place, text } of await allTexts()) {
    for (const never of neverKept) expect.soft(text, place).not.toContain(never)
  }
})

test('no payment-card number does, however it is written (rule 1, M4)', async () => {
  const texts = await allTexts()
  for (const { place, text } of texts) {
    const digits = text.replaceAll(/[\s-]/g, '')
    for (const number of cardNumbersInNotes)
      expect.soft(digits, place).not.toContain(number.replaceAll(/\D/g, ''))
  }
  expect(texts.some(({ text }) => text.includes('[card number removed]'))).toBe(true)
})

test('no key and no signed link does, except the key that is stored sealed (rule 10)', async () => {
  const { apiKey } = simulator.businesses[0] ?? { apiKey: 'no key' }
  for (const { place, text } of await allTexts()) {
    expect.soft(text, place).not.toMatch(/https?:\/\/|signature=|x-goog/i)
    // The secrets of these tests are open: what sealing does is tested beside it.
    if (place !== 'tock_keys.sealed') expect.soft(text, place).not.toContain(apiKey)
  }
})

test('nor do they stand in what pulls report or throw (rules 1 and 10)', () => {
  expect(said.length).toBeGreaterThan(3 * faultKinds.length)
  const { apiKey } = simulator.businesses[0] ?? { apiKey: 'no key' }
  for (const text of said) {
    for (const never of [...neverKept, apiKey, 'signature=', '@example.com'])
      expect.soft(text).not.toContain(never)
    expect.soft(text).not.toMatch(/https?:\/\/(?!127\.0\.0\.1:\d+\b(?!\/export))/)
  }
})

test('card numbers in names, over two fields, and with what follows them are removed (rule 1)', async () => {
  const place = await tockPlace(database)
  place.show('N', {
    reservations: [
      {
        id: 1,
        dinerPatron: person(1, 'a@example.com', '4111 1111', '1111 1111'),
        note: [{ text: 'card 4111-1111-1111-1111 exp 12/27 cvv 123 thanks' }],
      },
      {
        id: 2,
        dinerPatron: person(2, 'b@example.com', '5555555555554444'),
        note: [{ text: '00378282246310005000' }],
      },
    ],
  })
  await place.pull('N', 'initial')
  await place.close()
  const kept = JSON.stringify(await place.rows('select * from ecellar.reservations where winery_id = :id'))
  for (const number of ['4111', '1111', '5555', '378282246310005', '12/27', '123 thanks'])
    expect(kept).not.toContain(number)
  expect((await place.reservation('r:1')).notes).toMatch(/^card \[card number removed\].*thanks$/)
})

test('U+0000 and lone surrogates are removed, everything else of a text is kept (rule 1)', async () => {
  const place = await tockPlace(database)
  const note = 'Tab\there, back\\slash, "quotes", \u{1F377} مرحبا'
  place.show('N', {
    reservations: [
      {
        id: 1,
        dinerPatron: person(1, 'a@example.com', 'A\u0000da', 'W\ud83dine'),
        note: [{ text: `\u0000${note}\udc00` }],
      },
    ],
  })
  await place.pull('N', 'initial')
  await place.close()
  expect(await place.reservation('r:1')).toMatchObject({ party_name: 'Ada Wine', notes: note })
})
