import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { erasePerson } from '../../src/crm/customers-erase.ts'
import { releaseCustomers } from '../../src/crm/customers-release.ts'
import { type Decision, resolveException } from '../../src/crm/exceptions.ts'
import { changeSettings } from '../../src/crm/web-store-settings.ts'
import { undoPull } from '../../src/pull/undo/undo-pull.ts'
import { actor } from '../actor.ts'
import { hash } from '../crm/customers-winery.ts'
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
  place = await tockPlace(database, ['N', 'S'])
})
afterEach(() => place.close())

/** A customer as an import leaves it. */
async function existing(email: string | null, first: string, last: string, consent = 'unknown') {
  const { rows } = await sql<{ customer_id: string }>`
    insert into ecellar.customers (winery_id, email, email_key, first_name, last_name, email_consent, created_by,
      released_at, created_at)
    values (${place.wineryId}, ${email}, ${email}, ${first}, ${last}, ${consent}, 'import', '2020-01-01', '2020-01-01')
    returning customer_id`.execute(database.db)
  return rows[0]?.customer_id ?? ''
}
const dined = (...diners: unknown[]) => ({
  reservations: diners.map((dinerPatron, at) => ({ id: at + 1, dinerPatron })) as Record<string, unknown>[],
})
const open = async () =>
  (
    await place.rows<{ exception_id: string; code: string }>(
      'select exception_id, code from ecellar.exceptions where winery_id = :id and resolved_at is null order by exception_id',
    )
  ).map((row) => row)
const openCodes = async () => (await open()).map((row) => row.code)
async function decide(kind: Decision['kind'], more: { customerId?: string; dryRun?: boolean } = {}) {
  const [first] = await open()
  const decision = { kind, ...(more.customerId ? { customerId: more.customerId } : {}) } as Decision
  const dryRun = more.dryRun ?? false
  const id = first?.exception_id ?? ''
  return resolveException(database.db, place.wineryId, id, decision, 'asked them', actor, { dryRun })
}
const customers = () =>
  place.rows<{ customer_id: string; email: string; email_consent: string; active: boolean }>(
    'select customer_id, email, email_consent, active from ecellar.customers where winery_id = :id order by customer_id',
  )
const customerOf = async (tockKey: string) =>
  (
    await place.rows<{ customer_id: string | null }>(
      `select distinct customer_id from ecellar.reservations where winery_id = :id and tock_key = '${tockKey}'`,
    )
  ).map((row) => row.customer_id)
const undo = (pullId: string) =>
  undoPull({ db: database.db, actor, why: 'wrong brand', dryRun: false }, pullId, 'initial pull')

describe('a similar name with another address', () => {
  test.each([
    ['the same', 'Ann', 'Quillfeather', 'Ann', 'Quillfeather'],
    ['other capitals', 'ann', 'QUILLFEATHER', 'Ann', 'Quillfeather'],
    ['accents', 'Élodie', 'Müller', 'Elodie', 'Muller'],
    ['first and last name swapped', 'Quillfeather', 'Ann', 'Ann', 'Quillfeather'],
    ['spelled a little otherwise', 'Anne', 'Quillfaether', 'Ann', 'Quillfeather'],
    ['a short form', 'Bob', 'Quillfeather', 'Robert', 'Quillfeather'],
    ['a middle name', 'Ann Marie', 'Quillfeather', 'Ann', 'Quillfeather'],
    ['an apostrophe', 'Ann', "O'Quill", 'Ann', 'OQuill'],
  ])('is a question: %s', async (_, first, last, knownFirst, knownLast) => {
    await existing('ann@example.com', knownFirst, knownLast)
    place.show('N', dined(person(1, 'work@example.com', first, last)))
    const report = await place.pull('N', 'initial')
    expect(report).toMatchObject({ customers: { created: 1, doubtful: 1 }, reservations: { added: 1 } })
    expect(await openCodes()).toEqual(['similar_name'])
  })

  test.each([
    ['another first name', 'Bea', 'Quillfeather', 'Ann', 'Quillfeather'],
    ['another last name', 'Ann', 'Wine', 'Ann', 'Quillfeather'],
    ['short words that only sound alike', 'Ian', 'Lao', 'Ann', 'Lee'],
    ['one word', 'Ann', '', 'Ann', ''],
    ['no name', 'Guest', '', 'Guest', ''],
  ])('is none: %s', async (_, first, last, knownFirst, knownLast) => {
    await existing('ann@example.com', knownFirst, knownLast)
    place.show('N', dined(person(1, 'work@example.com', first, last)))
    expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 1, doubtful: 0 })
  })

  test('is none where many have that name, or parts of it: two people share it by chance', async () => {
    for (const name of ['John', 'Jane', 'Jim']) await existing(`${name}@example.com`, name, 'Smith')
    await existing('john.wine@example.com', 'John', 'Wine')
    place.show('N', dined(person(1, 'work@example.com', 'John', 'Smith')))
    expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 1, doubtful: 0 })
  })

  test('is asked of two that pulls made as well, once for a pair, and closes by itself when it is none any more', async () => {
    place.show(
      'N',
      dined(
        person(1, 'ann@example.com', 'Ann', 'Quillfeather'),
        person(2, 'work@example.com', 'Ann', 'Quillfeather'),
      ),
    )
    expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 2, doubtful: 1 })
    const before = await dumpRows(database)
    expect((await place.pull('N', 'manual', { reread: true })).customers.doubtful).toBe(1)
    expect(await dumpRows(database)).toEqual(before)
    place.show('N', {
      reservations: [
        { id: 1, dinerPatron: person(1, 'ann@example.com', 'Ann', 'Quillfeather') },
        { id: 2, sequenceId: 2, dinerPatron: person(2, 'work@example.com', 'Bea', 'Vine') },
      ],
    })
    expect((await place.pull('N')).customers.doubtful).toBe(0)
  })
})

describe('"the same person"', () => {
  const ann = person(1, 'work@example.com', 'Ann', 'Quillfeather')

  test('moves guest and reservations to the existing customer and takes the pull-made one back; shown first', async () => {
    const known = await existing('ann@example.com', 'Ann', 'Quillfeather', 'in')
    place.show('N', dined(ann, ann))
    await place.pull('N', 'initial')
    const before = await dumpAll(database)
    const told = await decide('same person', { dryRun: true })
    expect(told).toMatchObject({
      decided: false,
      effect: { guests: 1, reservations: 2, takenBack: [expect.any(String)], keptInactive: [], optedOut: [] },
    })
    expect(await dumpAll(database)).toEqual(before)
    expect(await decide('same person')).toMatchObject({ decided: true, effect: told.effect, done: told.done })
    expect(await customers()).toMatchObject([
      { customer_id: known, email: 'ann@example.com', email_consent: 'in' },
    ])
    expect(await customerOf('r:1')).toEqual([known])
    expect(
      await place.rows('select decision, decided_by from ecellar.exceptions where winery_id = :id'),
    ).toEqual([{ decision: 'same person', decided_by: actor.name }])
    const history = await place.rows(
      `select made_by, after from ecellar.changes where winery_id = :id and field = 'customer_id'`,
    )
    expect(history).toEqual([
      { made_by: 'staff', after: known },
      { made_by: 'staff', after: known },
    ])
  })

  test('holds for every later pull: unchanged, read again, of another brand, with a new guest of the address', async () => {
    const known = await existing('ann@example.com', 'Ann', 'Quillfeather')
    place.show('N', dined(ann))
    await place.pull('N', 'initial')
    await decide('same person')
    expect((await place.pull('N')).customers).toMatchObject({ created: 0, doubtful: 0 })
    const before = await dumpRows(database)
    expect((await place.pull('N', 'manual', { reread: true })).customers).toMatchObject({
      created: 0,
      doubtful: 0,
    })
    expect(await dumpRows(database)).toEqual(before)
    place.show('S', dined(ann, person(9, 'Work@example.com', 'Ann', 'Quillfeather')))
    expect((await place.pull('S', 'initial')).customers).toMatchObject({ created: 0, doubtful: 0 })
    expect(await customers()).toHaveLength(1)
    expect(await customerOf('r:2')).toEqual([known])
  })

  test('holds when the initial pull is undone and run again', async () => {
    const known = await existing('ann@example.com', 'Ann', 'Quillfeather')
    const optedIn = { patron: ann, optIn: true, optInSource: 'NEWSLETTER' }
    place.show('N', { ...dined(ann), guests: [optedIn] })
    const { pullId } = await place.pull('N', 'initial')
    await decide('same person')
    const state = async () => [await customers(), await customerOf('r:1'), await openCodes()]
    const before = await state()
    expect(before).toMatchObject([[{ customer_id: known, email_consent: 'unknown' }], [known], []])
    await undo(pullId)
    expect(await customers()).toHaveLength(1)
    await place.pull('N', 'initial')
    expect(await state()).toEqual(before)
  })

  test('of two that a pull made holds after an undo as well, when both are made anew', async () => {
    place.show(
      'N',
      dined(
        person(1, 'ann@example.com', 'Ann', 'Quillfeather'),
        person(2, 'work@example.com', 'Ann', 'Quillfeather'),
      ),
    )
    const { pullId } = await place.pull('N', 'initial')
    await decide('same person')
    expect(await customers()).toMatchObject([{ email: 'ann@example.com' }])
    await undo(pullId)
    expect(await customers()).toEqual([])
    expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 1, doubtful: 0 })
    expect(await customers()).toMatchObject([{ email: 'ann@example.com' }])
    expect(await customerOf('r:2')).toEqual(await customerOf('r:1'))
    const before = await dumpRows(database)
    await place.pull('N', 'manual', { reread: true })
    expect(await dumpRows(database)).toEqual(before)
  })

  test.each([
    ['in', 'OPTED_OUT', false, 'out'],
    ['unknown', 'OPTED_OUT', false, 'out'],
    ['out', 'NEWSLETTER', true, 'out'],
    ['unknown', 'NEWSLETTER', true, 'unknown'],
    ['in', 'IMPORTED', true, 'in'],
  ])('keeps the stricter consent: %s here, %s in Tock', async (here, source, optIn, after) => {
    await existing('ann@example.com', 'Ann', 'Quillfeather', here)
    place.show('N', { ...dined(ann), guests: [{ patron: ann, optIn, optInSource: source }] })
    await place.pull('N', 'initial')
    const { effect } = await decide('same person')
    expect(effect.optedOut).toHaveLength(here !== 'out' && after === 'out' ? 1 : 0)
    expect(await customers()).toMatchObject([{ email: 'ann@example.com', email_consent: after }])
    await place.pull('N', 'manual', { reread: true })
    expect(await customers()).toMatchObject([{ email_consent: after }])
  })

  test('keeps a customer that somebody released, inactive and without guests; nobody is asked again', async () => {
    const known = await existing('ann@example.com', 'Ann', 'Quillfeather')
    place.show('N', dined(ann))
    await place.pull('N', 'initial')
    await releaseCustomers(
      { db: database.db, wineryId: place.wineryId, actor },
      { email: 'work@example.com' },
    )
    const { effect, done } = await decide('same person')
    expect(effect).toMatchObject({ takenBack: [], keptInactive: [expect.any(String)] })
    expect(done).toContain('kept, inactive')
    expect(await customers()).toMatchObject([
      { customer_id: known, active: true },
      { email: 'work@example.com', active: false },
    ])
    expect(await customerOf('r:1')).toEqual([known])
    expect((await place.pull('N', 'manual', { reread: true })).customers).toMatchObject({
      created: 0,
      doubtful: 0,
    })
    expect(await customerOf('r:1')).toEqual([known])
  })

  test('of two of the winery’s own is refused, and changes nothing', async () => {
    await existing('ann@example.com', 'Ann', 'Quillfeather')
    place.show('N', dined(ann))
    await place.pull('N', 'initial')
    await place.rows(`update ecellar.customers set created_by = 'import' where winery_id = :id`)
    const before = await dumpAll(database)
    await expect(decide('same person')).rejects.toMatchObject({ code: 'invalid' })
    expect(await dumpAll(database)).toEqual(before)
  })

  test('gives a customer without an address that of the guest', async () => {
    const known = await existing(null, 'Ann', 'Quillfeather')
    place.show('N', dined(ann))
    await place.pull('N', 'initial')
    expect((await decide('same person')).effect).toMatchObject({ newAddress: [known] })
    expect(await customers()).toMatchObject([{ customer_id: known, email: 'work@example.com' }])
    expect((await place.pull('N', 'manual', { reread: true })).customers.doubtful).toBe(0)
  })

  test.each(['work@example.com', 'ann@example.com'])('is one person to an erasure: by %s', async (email) => {
    await existing('ann@example.com', 'Ann', 'Quillfeather')
    place.show('N', dined(ann))
    await place.pull('N', 'initial')
    await releaseCustomers(
      { db: database.db, wineryId: place.wineryId, actor },
      { email: 'work@example.com' },
    )
    await decide('same person')
    const receipt = await erasePerson({ db: database.db, wineryId: place.wineryId, actor, hash }, { email })
    expect(receipt).toMatchObject({ customers: 2, patrons: 1 })
    const left = Object.values(await dumpAll(database))
      .flat()
      .filter(
        (row) =>
          row.includes(`"winery_id": ${place.wineryId},`) || row.includes(`"winery_id": ${place.wineryId}}`),
      )
    expect(left.filter((row) => /quillfeather|work@example/i.test(row))).toEqual([])
  })
})

describe('"different people"', () => {
  test('are never asked about again: not by a pull read again, not after an undo, not when an address changes', async () => {
    await existing('ann@example.com', 'Ann', 'Quillfeather')
    place.show('N', dined(person(1, 'work@example.com', 'Ann', 'Quillfeather')))
    const { pullId } = await place.pull('N', 'initial')
    await decide('different people')
    const again = () => place.pull('N', 'manual', { reread: true })
    expect((await again()).customers.doubtful).toBe(0)
    await place.rows(
      `update ecellar.customers set email = 'a@example.com', email_key = 'a@example.com' where winery_id = :id and created_by = 'import'`,
    )
    expect((await again()).customers.doubtful).toBe(0)
    await place.rows(
      `update ecellar.customers set email = 'ann@example.com', email_key = 'ann@example.com' where winery_id = :id and created_by = 'import'`,
    )
    await undo(pullId)
    expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 1, doubtful: 0 })
  })
})

describe('the same address with quite another name', () => {
  const bea = person(1, 'home@example.com', 'Bea', 'Vine')

  test.each([
    ['a household', 'Bob', 'Quillfeather'],
    ['a new last name', 'Ann', 'Vine'],
    ['an initial', 'A.', 'Q'],
    ['one word', 'Vine', ''],
    ['another script', '安', '李'],
    ['a short form', 'Nan', 'Quill'],
  ])('is no question: %s', async (_, first, last) => {
    await existing('home@example.com', 'Ann', 'Quillfeather')
    place.show('N', dined(person(1, 'home@example.com', first, last)))
    expect((await place.pull('N', 'initial')).customers).toMatchObject({ matched: 1, doubtful: 0 })
  })

  test('is a question; the same person stays, and is not asked again', async () => {
    const known = await existing('home@example.com', 'Ann', 'Quillfeather')
    place.show('N', dined(bea))
    const { pullId, customers: counts } = await place.pull('N', 'initial')
    expect(counts).toMatchObject({ matched: 1, doubtful: 1 })
    expect(await openCodes()).toEqual(['same_address_other_name'])
    await decide('same person')
    expect((await place.pull('N', 'manual', { reread: true })).customers.doubtful).toBe(0)
    await undo(pullId)
    expect((await place.pull('N', 'initial')).customers.doubtful).toBe(0)
    expect(await customerOf('r:1')).toEqual([known])
  })

  test('different people: the reservations are nobody’s until the guest has an address of its own', async () => {
    await existing('home@example.com', 'Ann', 'Quillfeather')
    place.show('N', dined(bea))
    const { pullId } = await place.pull('N', 'initial')
    expect((await decide('different people')).effect).toMatchObject({ guests: 1, reservations: 1 })
    expect(await customerOf('r:1')).toEqual([null])
    const again = await place.pull('N', 'manual', { reread: true })
    expect(again.customers).toMatchObject({ created: 0, matched: 0, doubtful: 0 })
    await undo(pullId)
    expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 0, doubtful: 0 })
    expect(await customerOf('r:1')).toEqual([null])
    const moved = person(1, 'bea@example.com', 'Bea', 'Vine')
    place.show('N', { reservations: [{ id: 1, sequenceId: 2, dinerPatron: moved }] })
    expect((await place.pull('N')).customers).toMatchObject({ created: 1, doubtful: 0 })
    expect((await place.reservation('r:1')).customer_email).toBe('bea@example.com')
  })

  test('shared: it goes on the list, nobody has it any more; off the list it is as before', async () => {
    const known = await existing('home@example.com', 'Ann', 'Quillfeather')
    place.show('N', dined(bea))
    await place.pull('N', 'initial')
    expect((await decide('shared')).effect).toMatchObject({ guests: 1, reservations: 1, takenBack: [] })
    expect(await customerOf('r:1')).toEqual([null])
    expect((await place.pull('N', 'manual', { reread: true })).customers).toMatchObject({
      matched: 0,
      doubtful: 0,
    })
    const off = { unsharedAddresses: ['home@example.com'] }
    await changeSettings(database.db, place.wineryId, '0', off, actor)
    await place.pull('N', 'manual', { reread: true })
    expect(await customerOf('r:1')).toEqual([known])
  })
})

test('an address that looks shared, decided so, takes back the customer that a pull made of it', async () => {
  place.show(
    'N',
    dined(...[1, 2, 3, 4, 5].map((at) => person(at, 'desk@example.com', `Party ${at}`, `Of ${at}`))),
  )
  await place.pull('N', 'initial')
  const ids = (await open()).filter(({ code }) => code === 'shared_address_proposed')
  const { effect } = await resolveException(
    database.db,
    place.wineryId,
    ids[0]?.exception_id ?? '',
    { kind: 'shared' },
    'front desk',
    actor,
  )
  expect(effect).toMatchObject({ guests: 5, reservations: 5, takenBack: [expect.any(String)] })
  expect(await customers()).toEqual([])
  expect((await place.pull('N', 'manual', { reread: true })).customers).toMatchObject({
    created: 0,
    doubtful: 0,
  })
})

describe('a changed address', () => {
  const before = person(1, 'ann@example.com', 'Ann', 'Quillfeather')
  const after = person(1, 'new@example.com', 'Ann', 'Quillfeather')
  const show = (sequenceId: number, dinerPatron: unknown) =>
    place.show('N', { reservations: [{ id: 1, sequenceId, dinerPatron }] as Record<string, unknown>[] })

  test.each([
    ['keep', 'ann@example.com'],
    ['take', 'new@example.com'],
  ] as const)(
    '"%s" is remembered, also after an undo; another one is asked about anew',
    async (kind, email) => {
      const known = await existing('ann@example.com', 'Ann', 'Quillfeather')
      show(1, before)
      const { pullId } = await place.pull('N', 'initial')
      show(2, after)
      await place.pull('N')
      expect(await openCodes()).toEqual(['email_changed'])
      await decide(kind)
      expect(await customers()).toMatchObject([{ customer_id: known, email }])
      expect((await place.pull('N', 'manual', { reread: true })).customers).toMatchObject({
        created: 0,
        doubtful: 0,
      })
      await undo(pullId)
      expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 0, doubtful: 0 })
      expect(await customerOf('r:1')).toEqual([known])
      show(3, person(1, 'third@example.com', 'Ann', 'Quillfeather'))
      expect((await place.pull('N')).customers.doubtful).toBe(1)
    },
  )

  test('to that of another: the same person makes one of the two', async () => {
    const known = await existing('new@example.com', 'Ann', 'Q')
    show(1, before)
    await place.pull('N', 'initial')
    show(2, after)
    await place.pull('N')
    expect(await openCodes()).toEqual(['email_of_another'])
    expect((await decide('same person')).effect).toMatchObject({ guests: 1, takenBack: [expect.any(String)] })
    expect(await customers()).toMatchObject([{ customer_id: known, email: 'new@example.com' }])
    expect(await customerOf('r:1')).toEqual([known])
    expect((await place.pull('N', 'manual', { reread: true })).customers.doubtful).toBe(0)
  })
})

test('of several customers with one address the chosen one has later guests too, and after an undo', async () => {
  await existing('home@example.com', 'Ann', 'Vine')
  const bob = await existing('home@example.com', 'Bob', 'Vine')
  const guest = person(1, 'home@example.com', 'Bob', 'Vine')
  place.show('N', dined(guest))
  const { pullId } = await place.pull('N', 'initial')
  expect(await openCodes()).toEqual(['several_customers'])
  await decide('customer', { customerId: bob })
  expect(await customerOf('r:1')).toEqual([bob])
  place.show('S', dined(person(7, 'home@example.com', 'Robert', 'Vine')))
  expect((await place.pull('S', 'initial')).customers).toMatchObject({ created: 0, doubtful: 0 })
  await undo(pullId)
  expect((await place.pull('N', 'initial')).customers).toMatchObject({ created: 0, doubtful: 0 })
  expect(await customerOf('r:1')).toEqual([bob])
})

test('the order of the pulls makes no difference to what is asked, and what was decided', async () => {
  const people = [
    person(1, 'ann@example.com', 'Ann', 'Quillfeather'),
    person(2, 'work@example.com', 'Ann', 'Quillfeather'),
  ]
  const asked = async (codes: ['N' | 'S', 'N' | 'S']) => {
    place.show('N', dined(people[0]))
    place.show('S', dined(people[1]))
    for (const code of codes) await place.pull(code, 'initial')
    const subjects = await place.rows(
      'select code, subject, resolved_at is null as is_open from ecellar.exceptions where winery_id = :id',
    )
    await decide('same person')
    for (const code of codes) await place.pull(code, 'manual', { reread: true })
    return { subjects, open: await openCodes(), customers: (await customers()).length }
  }
  const first = await asked(['N', 'S'])
  await place.close()
  place = await tockPlace(database, ['N', 'S'])
  expect(await asked(['S', 'N'])).toEqual(first)
  expect(first).toMatchObject({ subjects: [{ code: 'similar_name', is_open: true }], open: [], customers: 1 })
})
