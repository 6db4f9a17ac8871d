import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RawRow } from '../../src/simulator/raw-row.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { person, type TockPlace, tockPlace } from './tock-place.ts'

let database: TestDatabase
let place: TockPlace
let version = 0
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  place = await tockPlace(database)
})
afterEach(() => place.close())

const ada = person(7, 'ada@example.com', 'Ada', 'Wine')
const yes: RawRow = { optIn: true, optInSource: 'PURCHASE', dateOptedIn: '2026-05-01T10:00:00Z' }
const no: RawRow = { optIn: false, optInSource: 'NO_OPT_IN' }
const out: RawRow = { optIn: false, optInSource: 'OPTED_OUT' }

/** The next snapshot: Ada's reservation, and what the profiles of patrons with her address say. */
async function says(...profiles: (RawRow | null)[]) {
  version += 1
  place.show('N', {
    reservations: [{ id: 1, dinerPatron: ada }],
    guests: profiles.flatMap((words, at) =>
      words === null
        ? []
        : [{ patron: { ...ada, id: 7 + at }, updatedAtTimestamp: 1_780_000_000_000 + version, ...words }],
    ),
  })
  const isPulled = (
    await place.rows(
      'select 1 from ecellar.brand_businesses where winery_id = :id and initial_pull_id is not null',
    )
  ).length
  return place.pull('N', isPulled ? 'manual' : 'initial')
}
const consent = async () => (await place.customer('ada@example.com'))?.email_consent
const history = () =>
  place.rows<Record<string, unknown>>(
    'select before, after, source, tock_words, pull_id::text from ecellar.consent_changes where winery_id = :id order by consent_change_id',
  )
const imported = (email_consent: string, consent_source: string | null) =>
  place.rows(`insert into ecellar.customers (winery_id, email, email_key, created_by, released_at, email_consent, consent_source)
    values (:id, 'ada@example.com', 'ada@example.com', 'import', now(), '${email_consent}', ${consent_source === null ? 'null' : `'${consent_source}'`})`)

for (const [words, expected] of [
  [{ optIn: true, optInSource: 'PURCHASE' }, 'in'],
  [{ optIn: true, optInSource: 'WAITLIST' }, 'in'],
  [{ optIn: true, optInSource: 'NEWSLETTER' }, 'in'],
  [{ optIn: true, optInSource: 'IMPORTED' }, 'unknown'],
  [{ optIn: true, optInSource: 'CHECKIN_TABLET' }, 'unknown'],
  [{ optIn: true }, 'unknown'],
  [{ optInSource: 'PURCHASE' }, 'unknown'],
  [{ optIn: false, optInSource: 'NO_OPT_IN' }, 'unknown'],
  [{ optIn: false, optInSource: 'OPTED_OUT' }, 'out'],
  [{ optInSource: 'OPTED_OUT' }, 'out'],
  [{ optIn: true, optInSource: 'OPTED_OUT' }, 'out'],
  [{}, 'unknown'],
  [null, 'unknown'],
] as const) {
  test(`a customer that a pull creates from ${JSON.stringify(words)} has consent ${expected} (rule 19)`, async () => {
    await says(words)
    expect(await consent()).toBe(expected)
    expect(await history()).toHaveLength(expected === 'unknown' ? 0 : 1)
  })
}

test("each change of consent is recorded once, with source, Tock's own words and pull (rule 19)", async () => {
  const first = await says(yes)
  await says(yes)
  const second = await says(out)
  await says(out)
  expect(await history()).toEqual([
    {
      before: 'unknown',
      after: 'in',
      source: 'tock',
      tock_words: 'optIn true PURCHASE 2026-05-01T10:00:00Z',
      pull_id: first.pullId,
    },
    {
      before: 'in',
      after: 'out',
      source: 'tock',
      tock_words: 'optIn false OPTED_OUT',
      pull_id: second.pullId,
    },
  ])
})

test('OPTED_OUT is an out, whoever gave the consent (rule 19)', async () => {
  await imported('in', 'import')
  await says(out)
  expect(await consent()).toBe('out')
})

test('consent from Tock that is now optIn false or NO_OPT_IN is an out (rule 19)', async () => {
  await says(yes)
  expect(await consent()).toBe('in')
  await says(no)
  expect(await consent()).toBe('out')
})

test('consent from elsewhere is not taken back by a mere NO_OPT_IN, nor is unknown made an out by it (rule 19)', async () => {
  await imported('in', 'import')
  await says(no)
  expect(await consent()).toBe('in')
})

test('a yes applies to a known customer whose choice is unknown (rule 19)', async () => {
  await imported('unknown', null)
  await says(yes)
  expect(await consent()).toBe('in')
})

test('a yes after an out changes nothing: it is listed as asking to be mailed again (rule 19)', async () => {
  await imported('out', 'staff')
  await says(yes)
  expect(await consent()).toBe('out')
  const [row] = await place.rows('select asks_mail_again_at from ecellar.customers where winery_id = :id')
  expect(row).toMatchObject({ asks_mail_again_at: expect.any(Date) })
  expect(await history()).toEqual([])
})

test('IMPORTED, an absent field and an absent guest change nothing (rule 19)', async () => {
  await says(yes)
  await says({ optIn: true, optInSource: 'IMPORTED' })
  expect(await consent()).toBe('in')
  await says({})
  expect(await consent()).toBe('in')
  await says(null)
  expect(await consent()).toBe('in')
  expect(await history()).toHaveLength(1)
})

test('of two patrons of one customer the out wins, in whichever pull it comes (rule 19)', async () => {
  await says(yes, out)
  expect(await consent()).toBe('out')
  await says({ ...yes, dateOptedIn: '2026-05-02T10:00:00Z' }, out)
  expect(await consent()).toBe('out')
})

test('of two patrons of one customer a later out beats the earlier yes (rule 19)', async () => {
  await says(yes)
  await says(yes, out)
  expect(await consent()).toBe('out')
})

test("consent is the patron's own: the booker's yes is not the diner's (rule 19)", async () => {
  const booker = person(1, 'booker@example.com', 'Bea')
  place.show('N', {
    reservations: [{ id: 1, dinerPatron: ada, ownerPatron: booker }],
    guests: [{ patron: booker, ...yes }],
  })
  await place.pull('N', 'initial')
  expect(await consent()).toBe('unknown')
})

test('an older profile does not bring an older consent back (rules 6 and 19)', async () => {
  await says(out)
  place.show('N', {
    reservations: [{ id: 1, dinerPatron: ada }],
    guests: [{ patron: ada, ...yes, updatedAtTimestamp: 1_000_000_000_000 }],
  })
  await place.pull('N')
  expect(await place.rows('select asks_mail_again_at from ecellar.customers where winery_id = :id')).toEqual([
    { asks_mail_again_at: null },
  ])
  expect(await consent()).toBe('out')
})

test('may be mailed: an address, not bounced, active, released, and in, or unknown where the policy says so (rule 20)', async () => {
  const mayMail = async () => (await place.customer('ada@example.com'))?.may_mail
  const set = (table: string, assignment: string) =>
    place.rows(`update ecellar.${table} set ${assignment} where winery_id = :id`)
  await says(yes)
  expect(await mayMail()).toBe(false)
  await set('customers', 'released_at = now()')
  expect(await mayMail()).toBe(true)
  for (const [off, on] of [
    ['bounced = true', 'bounced = false'],
    ['active = false', 'active = true'],
    [`email_consent = 'out'`, `email_consent = 'in'`],
    ['released_at = null', 'released_at = now()'],
    ['email_key = null', `email_key = 'ada@example.com'`],
  ] as const) {
    await set('customers', off)
    expect([off, await mayMail()]).toEqual([off, false])
    await set('customers', on)
    expect(await mayMail()).toBe(true)
  }
  await set('customers', `email_consent = 'unknown'`)
  expect(await mayMail()).toBe(false)
  await set('wineries', `mail_policy = 'not-opted-out'`)
  expect(await mayMail()).toBe(false)
  await set('customers', `created_by = 'import'`)
  expect(await mayMail()).toBe(true)
  await set('customers', `email_consent = 'out'`)
  expect(await mayMail()).toBe(false)
})
