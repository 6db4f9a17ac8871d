import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ErrorCode } from '../../src/contract/errors.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { dumpAll, dumpRows } from './dump-tables.ts'
import { person, type TockPlace, tockPlace } from './tock-place.ts'

let database: TestDatabase
let place: TockPlace
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  place = await tockPlace(database)
  place.show('N', snapshot)
  await place.pull('N', 'initial')
})
afterEach(() => place.close())

const snapshot = {
  reservations: [{ id: 1, dinerPatron: person(7, 'ada@example.com', 'Ada') }, { id: 2 }],
  guests: [{ patron: person(7, 'ada@example.com', 'Ada') }],
}
const next = { ...snapshot, reservations: [...snapshot.reservations, { id: 3 }] }
const quick = { retry: { tries: 2, totalMs: 600 } }

/** The next snapshot is refused with this code, in words, and everything stays as it was. */
async function isRefused(code: ErrorCode, more: object = quick) {
  const before = await dumpAll(database)
  const report = await place.pull('N', 'nightly', more)
  expect(report).toMatchObject({ status: 'refused', error: { code } })
  expect(report.error?.message).toMatch(/^[A-Z].{20,}\.$/s)
  expect(report.error?.nextStep.length).toBeGreaterThan(10)
  expect(report.reservations).toMatchObject({ added: 0, changed: 0, missing: 0 })
  expect(await dumpAll(database)).toEqual(before)
  const [row] = await place.rows<{ status: string; error_code: string }>(
    `select status, error_code from reporting.pulls where winery = :winery and pull_id = '${report.pullId}'`,
  )
  expect(row).toEqual({ status: 'refused', error_code: code })
  return report.error?.message ?? ''
}

const faults: [string, Fault, ErrorCode][] = [
  ['a key without the plan', { kind: 'no_key_403' }, 'key_refused'],
  ['a listing without its guests array', { kind: 'missing_array' }, 'incomplete_snapshot'],
  [
    'a listing without its reservations array',
    { kind: 'missing_array', missing: 'reservations' },
    'incomplete_snapshot',
  ],
  ['an empty list where there were files', { kind: 'empty_listing' }, 'incomplete_snapshot'],
  ['a file that is no JSON', { kind: 'not_json' }, 'incomplete_snapshot'],
  ['a file that ends in the middle', { kind: 'truncated' }, 'incomplete_snapshot'],
  ['a file that breaks off', { kind: 'cut' }, 'incomplete_snapshot'],
  ['files of two snapshots', { kind: 'torn' }, 'incomplete_snapshot'],
  ['links that stay expired', { kind: 'expired' }, 'incomplete_snapshot'],
  ['rows of another business', { kind: 'wrong_business' }, 'wrong_business'],
  ['a row that is no object', { kind: 'garbage_row' }, 'incomplete_snapshot'],
  ['a list of null', { kind: 'garbage_row', row: null }, 'incomplete_snapshot'],
]

for (const [what, fault, code] of faults) {
  test(`${what}: ${code}, and nothing changes (rules 2 and 10)`, async () => {
    place.show('N', next)
    place.simulator.setFault(fault, place.businessId('N'))
    await isRefused(code)
  })
}

test('"empty where the last applied snapshot had files" holds for each kind by itself (rule 2)', async () => {
  place.show('N', { reservations: snapshot.reservations })
  await isRefused('incomplete_snapshot')
})

test('no files at all are fine where the last snapshot had none (rule 2)', async () => {
  const other = await tockPlace(database)
  other.show('N', {})
  expect(await other.pull('N', 'initial')).toMatchObject({ status: 'applied', snapshot: { files: 0 } })
  expect((await other.pull('N')).status).toBe('applied')
  await other.close()
})

for (const kind of ['key_refused_503', 'down_503'] as const) {
  test(`a 503 page (${kind}) names both: Tock is down, or does not accept the key (rule 10)`, async () => {
    place.simulator.setFault(kind, place.businessId('N'))
    const message = await isRefused('tock_unavailable')
    expect(message).toContain('down')
    expect(message).toContain('key')
  })
}

test('a Tock that cannot be reached is unavailable (rule 10)', async () => {
  await place.close()
  await isRefused('tock_unavailable')
  place.close = async () => {}
})

test('a refused key names the plan under the names it is sold by (rule 10)', async () => {
  place.simulator.setFault('no_key_403', place.businessId('N'))
  const { error } = await place.pull('N', 'nightly', quick)
  expect(error?.nextStep).toContain('PRO')
  expect(error?.nextStep).toContain('Premium')
})

const passing: [string, Fault][] = [
  ['Tock down for a moment', { kind: 'down_503', first: 1 }],
  ['a file that breaks off once', { kind: 'cut', first: 1 }],
  ['a file that cannot be read once', { kind: 'truncated', first: 1 }],
  ['a link that has expired: it is listed again', { kind: 'expired', heals: 'on_relisting' }],
  ['a snapshot that is just being replaced: it is listed again', { kind: 'torn', heals: 'on_relisting' }],
]
for (const [what, fault] of passing) {
  test(`what passes within the pull is no refusal: ${what} (rules 2 and 10)`, async () => {
    place.show('N', next)
    place.simulator.setFault(fault, place.businessId('N'))
    expect(await place.pull('N', 'nightly', { retry: { tries: 3, totalMs: 2_000 } })).toMatchObject({
      status: 'applied',
      reservations: { inSnapshot: 3, added: 1, unchanged: 2 },
    })
  })
}

test('a snapshot older than the last applied one is refused, an incomplete old one as incomplete (rules 2 and 6)', async () => {
  place.show('N', { ...next, takenAt: new Date('2026-05-20T07:00:00Z') })
  await isRefused('older_snapshot')
  place.simulator.setFault('truncated', place.businessId('N'))
  await isRefused('incomplete_snapshot')
})

test('a row of another business among thousands refuses the whole pull (rule 2)', async () => {
  place.show('N', {
    ...next,
    reservations: [
      ...next.reservations,
      { id: 4, business: { id: 999_999, timeZone: 'America/Los_Angeles' } },
    ],
  })
  const message = await isRefused('wrong_business')
  expect(message).toContain('999999')
})

test.each([
  ['with a time zone', { timeZone: 'America/Los_Angeles' }],
  ['with nothing', undefined],
])(
  'a row that names no business, %s, refuses it as well: nobody knows whose it is (rule 2)',
  async (_, business) => {
    place.show('N', { ...next, reservations: [...next.reservations, { id: 4, business }] })
    const message = await isRefused('wrong_business')
    expect(message).toContain('name no business')
  },
)

test('what cannot become a pull is told without one: no key, no settings, no initial pull, no such brand (rule 10)', async () => {
  const before = await dumpRows(database, new Set())
  await expect(place.pull('X')).rejects.toMatchObject({ code: 'not_found', nextStep: expect.any(String) })
  const fresh = await tockPlace(database)
  await expect(fresh.pull('N')).rejects.toMatchObject({ code: 'initial_pull_first' })
  await expect(fresh.pull('N', 'nightly')).rejects.toMatchObject({ code: 'initial_pull_first' })
  await fresh.rows('delete from ecellar.tock_keys where winery_id = :id')
  await expect(fresh.pull('N', 'initial')).rejects.toMatchObject({
    code: 'no_key',
    nextStep: expect.stringContaining('PRO'),
  })
  await fresh.close()
  expect((await dumpRows(database, new Set())).pulls).toEqual(before.pulls)
})

test('two pulls of one brand never overlap: the second is told so (rule 3)', async () => {
  place.show('N', next)
  place.simulator.setFault({ kind: 'slow', delayMs: 400 }, place.businessId('N'))
  const first = place.pull('N', 'nightly', { retry: { tries: 2, totalMs: 5_000 } })
  await new Promise((resolve) => setTimeout(resolve, 150))
  await expect(place.pull('N')).rejects.toMatchObject({ code: 'pull_running' })
  expect((await first).status).toBe('applied')
  expect((await place.pull('N')).status).toBe('applied')
})

test('pulls of two brands of one winery may run at once, and share their customers (rule 3)', async () => {
  const two = await tockPlace(database, ['N', 'S'])
  const reservations = Array.from({ length: 40 }, (_, at) => ({
    id: at + 1,
    dinerPatron: person(at + 1, `p${at}@example.com`),
  }))
  two.show('N', { reservations })
  two.show('S', {
    reservations: reservations.map((row) => ({
      ...row,
      dinerPatron: { ...row.dinerPatron, id: row.id + 500 },
    })),
  })
  const reports = await Promise.all([two.pull('N', 'initial'), two.pull('S', 'initial')])
  expect(reports.map((report) => report.status)).toEqual(['applied', 'applied'])
  expect(
    await two.rows('select count(*)::int as customers from reporting.customers where winery = :winery'),
  ).toEqual([{ customers: 40 }])
  await two.close()
})

test('giving a brand another Business ID makes its next pull an initial one; the old reservations stay (§6)', async () => {
  const two = await tockPlace(database, ['N', 'S'])
  two.show('N', { reservations: [{ id: 1 }] })
  two.show('S', { reservations: [{ id: 1 }] })
  await two.pull('N', 'initial')
  await two.rows(
    `delete from ecellar.brand_businesses where winery_id = :id and business_id = '${two.businessId('S')}'`,
  )
  await two.rows(`delete from ecellar.brands where winery_id = :id and code = 'S'`)
  await two.rows(`update ecellar.brands set business_id = '${two.businessId('S')}' where winery_id = :id`)
  await two.rows(`insert into ecellar.brand_businesses (winery_id, brand_id, business_id, business_group_id)
    select winery_id, brand_id, business_id, business_group_id from ecellar.brands where winery_id = :id`)
  await expect(two.pull('N')).rejects.toMatchObject({ code: 'initial_pull_first' })
  expect(await two.pull('N', 'initial')).toMatchObject({
    status: 'applied',
    reservations: { added: 1, missing: 0 },
  })
  expect(
    await two.rows('select tock_key, missing_since from reporting.reservations where winery = :winery'),
  ).toEqual([
    { tock_key: 'r:1', missing_since: null },
    { tock_key: 'r:1', missing_since: null },
  ])
  await two.close()
})

test('a pull that fails by a fault of this program is listed as failed, and changes nothing (§6)', async () => {
  place.show('N', next)
  const before = await dumpAll(database)
  await place.rows('alter table ecellar.seating_areas rename to seating_areas_away')
  await expect(place.pull('N')).rejects.toThrow()
  await place.rows('alter table ecellar.seating_areas_away rename to seating_areas')
  expect(await dumpAll(database)).toEqual(before)
  expect(
    await place.rows(
      'select status, error_code from reporting.pulls where winery = :winery order by started_at desc limit 1',
    ),
  ).toEqual([{ status: 'failed', error_code: null }])
  expect((await place.pull('N')).status).toBe('applied')
})
