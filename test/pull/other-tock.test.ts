import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ErrorCode } from '../../src/contract/errors.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import type { ExpectedReservation } from '../other-tock/made-up-winery.ts'
import {
  type BadWay,
  madeUpWinery,
  type OtherTock,
  oddManners,
  startOtherTock,
} from '../other-tock/other-tock.ts'
import { dumpAll, dumpRows } from './dump-tables.ts'
import { countsAddUp } from './tock-place.ts'
import { type TestWinery, wineryForTests } from './winery-for-tests.ts'

const ids = { businessGroupId: '55', businessId: '707' }
const apiKey = 'other-tock.made-up.key'
// Snapshots lie in the past, so that one without any date, which counts as taken now, is the newest.
let takenMs = Date.now() - 86_400_000
/** The same checks on a large winery: OTHER_TOCK_RESERVATIONS=100000. */
const size = Number(process.env.OTHER_TOCK_RESERVATIONS ?? 400)
const made = madeUpWinery({
  ...ids,
  seed: 7,
  reservations: size,
  guests: Math.round(size * 0.75),
  timeZone: 'America/Los_Angeles',
  now: new Date(takenMs),
  hostileText: true,
})
const { expected } = made
const quick = { retry: { tries: 2, totalMs: 600 } }

let database: TestDatabase
let tock: OtherTock
let winery: TestWinery
beforeAll(async () => {
  database = await freshDatabase()
  const { reservations, guests } = made
  tock = await startOtherTock({
    businesses: [
      {
        ...ids,
        apiKey,
        reservations,
        guests,
        takenAt: new Date(takenMs),
        rowsPerFile: size > 5_000 ? 5_000 : 90,
      },
    ],
  })
  winery = await wineryForTests(database, tock.baseUrl, [{ code: 'N', apiKey, ...ids }])
})
afterAll(async () => {
  await tock.close()
  await database.drop()
})

const newSnapshot = (reservations = made.reservations) => {
  takenMs += 600_000
  tock.publish(ids.businessId, { reservations, takenAt: new Date(takenMs) })
}

test('every datapoint of every reservation is what an independent reading of the same rows expects (M2, rules 1, 11, 12, 15)', async () => {
  const report = await winery.pull(
    'N',
    'initial',
    size > 5_000 ? { retry: { tries: 4, totalMs: 20_000 } } : {},
  )
  expect(report).toMatchObject({
    status: 'applied',
    guests: { read: expected.guestRows.all, archived: expected.guestRows.archived },
  })
  expect(countsAddUp(report)).toBe(true)
  const wanted = expected.reservations.filter((one) => !one.toGo && one.start !== null)
  expect(report.reservations).toEqual({
    inSnapshot: size,
    added: wanted.length,
    changed: 0,
    unchanged: 0,
    excluded: expected.toGo.length,
    stale: 0,
    exceptions:
      expected.withoutKey + expected.withoutStart.filter((key) => !expected.toGo.includes(key)).length,
    missing: 0,
  })
  const kept = await winery.rows<{ tock_key: string }>(
    `select tock_key, starts_at, to_char(local_start, 'YYYY-MM-DD"T"HH24:MI') as local_start, time_zone, party_name, party_size, notes,
      status, tock_state, experience_id, guest_email, guest_first_name, guest_last_name, tock_created_at, tock_updated_at,
      (select seating_area_id from ecellar.reservations r where r.winery_id = :id and r.tock_key = v.tock_key) as seating_area_id
    from reporting.reservations v where winery = :winery`,
  )
  const byKey = (rows: { tock_key: string }[]) => Object.fromEntries(rows.map((row) => [row.tock_key, row]))
  expect(byKey(kept)).toEqual(byKey(wanted.map(asKept)))
})

test("every guest's consent and profile are what an independent reading expects (rule 19)", async () => {
  const kept = await winery.rows<{ id: string }>(
    `select patron_id as id, profile_email, profile_first_name, profile_last_name, opt_in, opt_in_source, date_opted_in
    from ecellar.patrons where winery_id = :id and has_profile order by patron_id`,
  )
  const wanted = expected.guests.map((one) => ({
    id: one.id,
    profile_email: blank(one.email),
    profile_first_name: names(one)[0],
    profile_last_name: names(one)[1],
    opt_in: one.optIn,
    opt_in_source: one.optInSource,
    date_opted_in: one.dateOptedIn,
  }))
  const byId = (rows: { id: string }[]) => Object.fromEntries(rows.map((row) => [row.id, row]))
  expect(byId(kept)).toEqual(byId(wanted))
})

test('nothing of it that may not be kept stands anywhere (rule 1, M4)', async () => {
  const dump = JSON.stringify(await dumpRows(database, new Set(['tock_keys'])))
  for (const never of [
    expected.neverKeep,
    String(expected.neverKeepNumber),
    expected.notNamed,
    ...expected.cardNumbers,
  ]) {
    expect(dump.includes(never), never).toBe(false)
  }
})

const inOrder: BadWay[] = oddManners.filter(
  (how) => how !== 'no-last-modified' && how !== 'trailing-empty-files',
)

for (const how of ['trailing-empty-files', ...inOrder] as BadWay[]) {
  test(`with ${how} the same rows change nothing, read again or not (rules 2, 4 and 9)`, async () => {
    tock.misbehave(ids.businessId, how)
    newSnapshot()
    const before = await dumpRows(database)
    for (const reread of [true, false]) {
      const report = await winery.pull('N', 'nightly', { reread, ...quick })
      expect(report).toMatchObject({
        status: 'applied',
        snapshot: { takenAt: expect.any(String) },
        reservations: { inSnapshot: size, added: 0, changed: 0, missing: 0 },
      })
      expect(await dumpRows(database)).toEqual(before)
    }
    tock.behave(ids.businessId)
  })
}

const badWays: [BadWay, ErrorCode][] = [
  ['listing-503-html', 'tock_unavailable'],
  ['listing-403-empty', 'key_refused'],
  ['listing-400', 'tock_unavailable'],
  ['listing-200-html', 'incomplete_snapshot'],
  ['listing-truncated-json', 'incomplete_snapshot'],
  ['listing-empty-body', 'incomplete_snapshot'],
  ['listing-cut-before', 'tock_unavailable'],
  ['listing-cut-midway', 'tock_unavailable'],
  ['listing-hangs', 'tock_unavailable'],
  ['listing-redirect', 'tock_unavailable'],
  ['listing-without-urls', 'incomplete_snapshot'],
  ['listing-without-result', 'incomplete_snapshot'],
  ['listing-without-guests', 'incomplete_snapshot'],
  ['listing-names-a-file-twice', 'incomplete_snapshot'],
  ['file-expired-400', 'incomplete_snapshot'],
  ['file-expired-403', 'incomplete_snapshot'],
  ['file-404', 'incomplete_snapshot'],
  ['file-503', 'incomplete_snapshot'],
  ['file-200-html', 'incomplete_snapshot'],
  ['file-truncated-json', 'incomplete_snapshot'],
  ['file-empty-body', 'incomplete_snapshot'],
  ['file-not-an-array', 'incomplete_snapshot'],
  ['file-with-a-bad-row', 'incomplete_snapshot'],
  ['file-cut-before', 'incomplete_snapshot'],
  ['file-cut-midway', 'incomplete_snapshot'],
  ['file-cut-midway-chunked', 'incomplete_snapshot'],
  ['file-hangs', 'incomplete_snapshot'],
  ['file-stalls', 'incomplete_snapshot'],
  ['file-redirect', 'incomplete_snapshot'],
  ['file-304-unasked', 'incomplete_snapshot'],
]

for (const [how, code] of badWays) {
  test(`${how} is ${code}, and leaves all tables as they were (rules 2 and 10)`, async () => {
    newSnapshot(made.reservations.slice(0, 380))
    tock.misbehave(ids.businessId, how)
    const before = await dumpAll(database)
    const report = await winery.pull('N', 'nightly', { reread: true, ...quick })
    tock.behave(ids.businessId)
    expect(report).toMatchObject({ status: 'refused', error: { code } })
    expect(await dumpAll(database)).toEqual(before)
  })
}

test('files of two snapshots are incomplete, and fine once they belong together (rule 2)', async () => {
  takenMs += 5 * 3_600_000
  newSnapshot()
  const before = await dumpAll(database)
  tock.misbehave(ids.businessId, 'mixed-snapshots')
  expect(await winery.pull('N', 'nightly', quick)).toMatchObject({
    status: 'refused',
    error: { code: 'incomplete_snapshot' },
  })
  expect(await dumpAll(database)).toEqual(before)
  tock.behave(ids.businessId)
  tock.misbehave(ids.businessId, 'mixed-snapshots', { times: 1 })
  expect((await winery.pull('N', 'nightly', quick)).status).toBe('applied')
  tock.behave(ids.businessId)
})

test('rows of another business and an older snapshot are refused by name, and change nothing (rules 2 and 6)', async () => {
  const before = await dumpAll(database)
  const other = made.reservations.map((row, at) =>
    at === 399 ? { ...row, business: { id: 708, timeZone: 'America/Los_Angeles' } } : row,
  )
  newSnapshot(other)
  expect(await winery.pull('N', 'nightly', quick)).toMatchObject({
    status: 'refused',
    error: { code: 'wrong_business' },
  })
  tock.publish(ids.businessId, {
    reservations: made.reservations,
    takenAt: new Date(takenMs - 30 * 86_400_000),
  })
  expect(await winery.pull('N', 'nightly', quick)).toMatchObject({
    status: 'refused',
    error: { code: 'older_snapshot' },
  })
  expect(await dumpAll(database)).toEqual(before)
})

test('the order of the listing and fields that nobody knows do not matter (rule 2)', async () => {
  for (const how of ['listing-out-of-order', 'listing-with-unknown-fields'] as const) {
    newSnapshot()
    tock.misbehave(ids.businessId, how)
    expect(await winery.pull('N', 'nightly', quick)).toMatchObject({
      status: 'applied',
      reservations: { changed: 0, missing: 0 },
    })
    tock.behave(ids.businessId)
  }
})

test('a snapshot without dates counts as taken when it is listed (rule 2)', async () => {
  newSnapshot()
  tock.misbehave(ids.businessId, 'no-last-modified')
  const report = await winery.pull('N', 'nightly', quick)
  expect(report).toMatchObject({
    status: 'applied',
    reservations: { inSnapshot: size, changed: 0, missing: 0 },
  })
  expect(Math.abs(Date.parse(report.snapshot.takenAt ?? '') - Date.now())).toBeLessThan(60_000)
})

test('the key goes to the API alone, with what Tock wants, and storage is asked without any of it (M6)', () => {
  for (const request of tock.requests()) {
    expect(request.method).toBe('GET')
    if (request.to === 'files')
      expect(request.headers.filter((name) => /tock|auth|cookie/.test(name))).toEqual([])
    else
      expect(request.headers).toEqual(
        expect.arrayContaining(['x-tock-authorization', 'x-tock-scope', 'user-agent']),
      )
  }
})

function asKept(one: ExpectedReservation) {
  const guest = one.diner ?? one.owner
  const isSame = one.diner?.id !== undefined && one.diner?.id === one.owner?.id
  const own = guest ? names(guest) : [null, null]
  const [first, last] = isSame && own.every((name) => name === null) && one.owner ? names(one.owner) : own
  return {
    tock_key: one.key,
    starts_at: new Date(one.start ?? 0),
    local_start: one.localTime?.slice(0, 16),
    time_zone: one.timeZone,
    party_name: fullName(one.diner) ?? fullName(one.owner),
    party_size: one.partySize,
    notes: notes(one.notes),
    status: status(one),
    tock_state: one.partyState,
    experience_id: one.experience?.id ?? (one.key.startsWith('w:') ? 'walk-in' : null),
    guest_email: blank(guest?.email ?? null),
    guest_first_name: first,
    guest_last_name: last,
    tock_created_at: one.created === null ? null : new Date(one.created),
    tock_updated_at: one.updated === null ? null : new Date(one.updated),
    seating_area_id: one.seatingArea?.id ?? null,
  }
}

function status({ transferred, cancelled, partyState }: ExpectedReservation): string {
  if (transferred) return 'Transferred'
  if (cancelled) return 'Cancelled'
  const words: Record<string, string> = {
    NO_SHOW: 'No Show',
    EXPECTED: 'Booked',
    AWAITING_RESPONSE: 'Booked',
    CONFIRMED_VIA_TEXT: 'Confirmed',
    CONFIRMED_VIA_EMAIL: 'Confirmed',
    ARRIVED: 'Arrived',
    PARTIALLY_ARRIVED: 'Arrived',
    SEATED: 'Seated',
    PARTIALLY_SEATED: 'Seated',
    LEFT: 'Completed',
    FINISHED: 'Completed',
  }
  return words[partyState ?? ''] ?? 'Other'
}

/** One line per note; the made-up card numbers, each with the date behind it, are gone. */
function notes(texts: string[]): string | null {
  const lines = texts
    .map((text) =>
      text
        .replaceAll('\0', '')
        .replaceAll(/\p{Surrogate}/gu, '')
        .replaceAll(/\s*[\r\n]\s*/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '')
  let joined = lines.join('\n')
  for (const card of expected.cardNumbers)
    joined = joined.replaceAll(new RegExp(`${card}( exp 12/29)?`, 'g'), '[card number removed]')
  return joined === '' ? null : joined
}

type Named = { firstName: string | null; lastName: string | null }

const noNames = new Set(['guest', 'walk-in', 'walk in', 'unknown', 'tbd', 'n/a', '-', ''])

function names({ firstName, lastName }: Named): [string | null, string | null] {
  const isNone = noNames.has(`${firstName ?? ''} ${lastName ?? ''}`.trim().toLowerCase())
  return isNone ? [null, null] : [realName(firstName), realName(lastName)]
}

function realName(name: string | null): string | null {
  return name === null || noNames.has(name.trim().toLowerCase()) ? null : name.trim()
}

function fullName(patron: Named | null): string | null {
  const parts = patron ? names(patron).filter((name) => name !== null) : []
  return parts.length > 0 ? parts.join(' ') : null
}

const blank = (text: string | null): string | null => text?.trim() || null
