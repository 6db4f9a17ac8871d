import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Condition } from '../../src/contract/segment.ts'
import { releaseCustomers } from '../../src/crm/customers-release.ts'
import { effectsOfReleasing, waitingInSegment } from '../../src/segments/release-effects.ts'
import { markCampaign, saveSegment } from '../../src/segments/saved-segments.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { person, type TockPlace, tockPlace } from './tock-place.ts'

let database: TestDatabase
let place: TockPlace
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  place = await tockPlace(database, ['N', 'S'])
  const options = { db: database.db, wineryId: place.wineryId, actor, now: new Date() }
  const campaign = async (name: string, where: Condition) => {
    await saveSegment(options, { name, kind: 'dynamic', definition: { version: 1, where } })
    await markCampaign(options, { name }, { name: `Mail to ${name}`, at: null })
  }
  await campaign('New', { kind: 'flag', flag: 'released', is: true })
  await campaign('Guests', { kind: 'count', of: 'reservations', times: { is: 'atLeast', n: 1 } })
  await saveSegment(options, {
    name: 'No campaign',
    kind: 'dynamic',
    definition: { version: 1, where: { kind: 'flag', flag: 'active', is: true } },
  })
  // Two old customers, one of whom dined.
  await place.rows(`insert into ecellar.customers (winery_id, email, email_key, created_by, released_at, email_consent)
    select :id, e, e, 'import', '2020-01-01', 'in' from unnest(array['old@example.com', 'absent@example.com']) e`)
  place.show('N', {
    reservations: [
      { id: 1, dinerPatron: person(1, 'old@example.com', 'Old', 'Friend') },
      { id: 2, dinerPatron: person(2, 'new@example.com', 'New', 'Guest') },
      { id: 3, dinerPatron: person(3, 'mute@example.com', 'Mute', 'Guest') },
    ],
    guests: [
      { patron: person(2, 'new@example.com', 'New', 'Guest'), optIn: true, optInSource: 'NEWSLETTER' },
    ],
  })
})
afterEach(() => place.close())

const expected = [
  // Of the new ones one opted in, who gets nothing before he is released; who is imported is not new to "New".
  {
    segment: 'Guests',
    campaign: 'Mail to Guests',
    audience: 0,
    newNow: 0,
    newOnceReleased: 1,
    existing: 1,
    existingMayMail: 1,
  },
  {
    segment: 'New',
    campaign: 'Mail to New',
    audience: 2,
    newNow: 0,
    newOnceReleased: 1,
    existing: 0,
    existingMayMail: 0,
  },
]

test('a preview says who would join the audience of each campaign, and the initial pull the same', async () => {
  const preview = await place.pull('N', 'preview')
  expect(preview.campaigns).toMatchObject(expected)
  const initial = await place.pull('N', 'initial')
  expect(initial.campaigns).toMatchObject(expected)
})

test('an initial pull adds nobody to a New-customer campaign until a person releases, and a release says whom it adds', async () => {
  const { pullId } = await place.pull('N', 'initial')
  const options = { db: database.db, wineryId: place.wineryId, actor, now: new Date() }
  const told = await effectsOfReleasing(options, { pullId })
  expect(told).toMatchObject([
    { segment: 'Guests', audience: 1, newNow: 0, newOnceReleased: 1, existing: 0 },
    { segment: 'New', audience: 2, newNow: 0, newOnceReleased: 1, existing: 0 },
  ])
  const whom = await waitingInSegment(options, { name: 'Guests' })
  expect(await releaseCustomers(options, whom)).toMatchObject({ released: 2, mayBeMailed: 1 })
  expect(await effectsOfReleasing(options, { all: true })).toMatchObject([
    { segment: 'Guests', audience: 2, newOnceReleased: 0 },
    { segment: 'New', audience: 3, newOnceReleased: 0 },
  ])
})

test('a nightly pull says nothing of campaigns', async () => {
  await place.pull('N', 'initial')
  expect((await place.pull('N', 'nightly')).campaigns).toBeUndefined()
})
