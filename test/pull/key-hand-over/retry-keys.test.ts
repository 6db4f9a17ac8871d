import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { confirmByReceipt } from '../../../src/pull/key-hand-over/confirm-key.ts'
import { readHandOver } from '../../../src/pull/key-hand-over/read-hand-over.ts'
import { revokeKeys } from '../../../src/pull/key-hand-over/revoke-keys.ts'
import { actor } from '../../actor.ts'
import { freshDatabase, type TestDatabase } from '../../database-for-tests.ts'
import { hoursLater, type KeyPlace, keyPlace, start, tokenOf } from './key-place.ts'

let database: TestDatabase
let place: KeyPlace

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  place = await keyPlace(database)
})
afterEach(async () => {
  await sql`delete from ecellar.handed_keys`.execute(database.db)
  await place.close()
})

/** Hours from the start at which the program asked Tock, and what came of it. */
async function hoursOfTries(days: number): Promise<number[]> {
  const tries: number[] = []
  for (let hour = 0; hour <= days * 24; hour += 0.25) {
    const { tried } = await place.retry(hoursLater(hour))
    if (tried > 0) tries.push(hour)
  }
  return tries
}

describe.each([
  ['503 page', 'key_refused_503', 'tock_unavailable', /does not accept this key/],
  ['403', 'no_key_403', 'key_refused', /refused the key/],
] as const)('a key to which Tock says %s', (_, fault, code, message) => {
  it('is kept, tried again, and told to both sides when it works; then a person confirms', async () => {
    place.simulator.setFault(fault)
    const { receipt, brands } = await place.submit(await place.ask())
    expect(brands).toMatchObject([
      {
        brand: 'CR',
        state: 'trying',
        diagnosis: { code, message: expect.stringMatching(message), nextStep: expect.any(String) },
      },
      { brand: 'JH', state: 'trying', businessName: null },
    ])
    await expect(
      confirmByReceipt(place.parts(start), receipt, [
        { brand: 'JH', businessId: place.jh, businessName: null },
      ]),
    ).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('does not accept') })
    const notYet = (await place.mails()).filter((mail) => mail.template === 'key-not-accepted-yet')
    expect(notYet.map((mail) => mail.to).sort()).toEqual(['admin@example.com', 'support@ecellar.example'])
    expect(notYet[0]?.text).toMatch(message)

    expect(await place.retry(hoursLater(0.1))).toEqual({ tried: 0, accepted: 0, givenUp: 0 })
    expect(await place.retry(hoursLater(1))).toEqual({ tried: 2, accepted: 0, givenUp: 0 })
    place.simulator.setFault(null)
    expect(await place.retry(hoursLater(30))).toEqual({ tried: 2, accepted: 2, givenUp: 0 })
    expect(await place.retry(hoursLater(60))).toEqual({ tried: 0, accepted: 0, givenUp: 0 })

    const works = (await place.mails()).filter((mail) => mail.template === 'key-works')
    expect(works.map((mail) => mail.to).sort()).toEqual(['admin@example.com', 'support@ecellar.example'])
    const toWinery = works.find((mail) => mail.to === 'admin@example.com')
    expect(toWinery?.text).toContain('Juniper Hill Estate')
    expect(works.find((mail) => mail.to.startsWith('support'))?.text).not.toContain('#receipt')
    expect(await place.key('JH')).toBeNull()

    // The mail's own link leads to the confirmation, days after the first page was closed.
    const link = tokenOf(/https:\S+#receipt\S+/.exec(toWinery?.text ?? '')?.[0] ?? 'https://none.example')
    const seen = (await readHandOver(database.db, link, hoursLater(80))).brands.map(
      ({ brand, businessId, businessName }) => ({ brand, businessId, businessName }),
    )
    await confirmByReceipt(place.parts(hoursLater(80)), link, seen)
    expect(await place.key('JH')).toBe(place.apiKey)
    const actions = (await place.audit()).map((entry) => entry.action)
    expect(actions.filter((action) => action === 'key.accepted')).toHaveLength(2)
  })
})

describe('a key that is not accepted', () => {
  beforeEach(async () => {
    place.simulator.setFault('key_refused_503')
  })
  const only = { businesses: [] as { brand: string; businessId: string }[] }
  beforeEach(() => {
    only.businesses = [{ brand: 'JH', businessId: place.jh }]
  })

  it('is tried less and less often, and is given up and deleted after two weeks, with a mail to both', async () => {
    await place.submit(await place.ask(['JH']), only)
    const tries = await hoursOfTries(15)
    expect(tries.slice(0, 6)).toEqual([0.25, 0.75, 1.75, 3.75, 7.75, 13.75])
    expect(tries.length).toBeGreaterThan(50)
    expect(tries.length).toBeLessThan(65)
    expect(tries.at(-1)).toBeGreaterThanOrEqual(14 * 24)
    const mails = await place.mails()
    const last = mails.filter((mail) => mail.text.includes('It is no longer tried'))
    expect(last.map((mail) => mail.to).sort()).toEqual(['admin@example.com', 'support@ecellar.example'])
    expect(mails.filter((mail) => mail.template === 'key-not-accepted-yet')).toHaveLength(4)
    const rows =
      await sql`select state, sealed from ecellar.handed_keys where winery_id = ${place.wineryId}`.execute(
        database.db,
      )
    expect(rows.rows).toEqual([{ state: 'failed', sealed: null }])
    expect((await place.audit()).map((entry) => entry.action)).toContain('key.given-up')
  })

  it('of one brand holds up none of the others', async () => {
    place.simulator.setFault(null)
    place.simulator.setFault('key_refused_503', place.cr)
    const { receipt, brands } = await place.submit(await place.ask())
    expect(brands.map((one) => [one.brand, one.state])).toEqual([
      ['CR', 'trying'],
      ['JH', 'tested'],
    ])
    await confirmByReceipt(place.parts(start), receipt, [
      { brand: 'JH', businessId: place.jh, businessName: 'Juniper Hill Estate' },
    ])
    expect([await place.key('JH'), await place.key('CR')]).toEqual([place.apiKey, null])
    place.simulator.setFault(null)
    expect(await place.retry(hoursLater(2))).toMatchObject({ accepted: 1 })
  })

  it('is tried by one of two programs', async () => {
    await place.submit(await place.ask(['JH']), only)
    const refused = place.simulator.stats.refused
    const outcomes = await Promise.all([1, 2, 3].map(() => place.retry(hoursLater(1))))
    expect(outcomes.map((one) => one.tried).sort()).toEqual([0, 0, 1])
    expect(place.simulator.stats.refused).toBe(refused + 1)
  })

  it('is no longer tried once it is revoked or corrected', async () => {
    const { receipt } = await place.submit(await place.ask(['JH']), only)
    place.simulator.setFault(null)
    await place.submit(receipt, only)
    expect(await place.retry(hoursLater(1))).toMatchObject({ tried: 0 })
    place.simulator.setFault('key_refused_503')
    await place.submit(await place.ask(['JH']), only)
    await revokeKeys(database.db, { wineryId: place.wineryId, brand: null, actor, now: start })
    expect(await place.retry(hoursLater(24))).toMatchObject({ tried: 0 })
  })

  it('is given up at once when Tock has the files of another business under these ids', async () => {
    await place.submit(await place.ask(['JH']), only)
    place.simulator.setFault(null)
    place.simulator.setFault('wrong_business', place.jh)
    expect(await place.retry(hoursLater(1))).toMatchObject({ tried: 1, accepted: 0, givenUp: 1 })
    expect((await place.status()).JH?.handedOver).toMatchObject({
      state: 'failed',
      diagnosis: { code: 'wrong_business' },
    })
  })

  it('is told to the reservation contact where the link was mailed to nobody, and to whoever is named in the form', async () => {
    await place.submit(await place.ask(['JH'], start, null), only)
    await place.submit(await place.ask(['JH'], start, null), { ...only, email: 'owner@example.com' })
    const told = (await place.mails()).map((mail) => mail.to)
    expect(told).toEqual(
      expect.arrayContaining(['desk@example.com', 'support@ecellar.example', 'owner@example.com']),
    )
    expect(told.filter((to) => to === 'desk@example.com')).toHaveLength(1)
  })
})

it('a Tock that is down, or has no whole snapshot, is no reason to lose what was entered', async () => {
  for (const fault of ['down_503', 'missing_array'] as const) {
    place.simulator.setFault(fault)
    const { brands } = await place.submit(await place.ask())
    expect(brands.map((one) => one.state)).toEqual(['trying', 'trying'])
  }
  place.simulator.setFault(null)
  expect(await place.retry(hoursLater(1))).toMatchObject({ accepted: 2 })
})
