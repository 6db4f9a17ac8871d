/** The queue of doubtful matches over HTTP: both sides, what a decision would do, and what was decided. */

import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { person as guest, type TockPlace, tockPlace } from '../pull/tock-place.ts'
import { type ApiForTests, apiForTests } from './api-for-tests.ts'
import { person } from './people.ts'

type Side = Record<string, unknown> & { is: string; email: string; isSeen: boolean }
type Match = Record<string, unknown> & {
  exceptionId: string
  code: string
  sides: Side[]
  decisions: string[]
}
type Matches = { items: Match[]; nextCursor: string | null }

let database: TestDatabase
let place: TockPlace
let api: ApiForTests
let queue: string
let resolve: (match: Match | undefined) => string
beforeAll(async () => {
  database = await freshDatabase()
  place = await tockPlace(database, ['N', 'S'])
  const { wineryId } = place
  await sql`
    insert into ecellar.customers (winery_id, email, email_key, first_name, last_name, created_by, released_at)
    values (${wineryId}, 'ann@example.com', 'ann@example.com', 'Ann', 'Quillfeather', 'import', now()),
      (${wineryId}, 'home@example.com', 'home@example.com', 'Cleo', 'Quince', 'import', now()),
      (${wineryId}, 'two@example.com', 'two@example.com', 'Dan', 'Dove', 'import', now()),
      (${wineryId}, 'two@example.com', 'two@example.com', 'Eve', 'Dove', 'import', now())`.execute(
    database.db,
  )
  const diners = [
    guest(1, 'work@example.com', 'Ann', 'Quillfeather'),
    guest(2, 'home@example.com', 'Bob', 'Vine'),
    guest(3, 'two@example.com', 'Dan', 'Dove'),
    ...[1, 2, 3, 4, 5].map((at) => guest(10 + at, 'desk@example.com', `Party${at}`, 'Hotel')),
  ]
  place.show('N', { reservations: diners.map((dinerPatron, at) => ({ id: at + 1, dinerPatron })) })
  place.show('S', { reservations: [] })
  await place.pull('N', 'initial')
  await place.pull('S', 'initial')
  const { rows } = await sql<{ brand_id: string }>`
    select brand_id from ecellar.brands where winery_id = ${wineryId} order by code desc`.execute(database.db)
  api = await apiForTests(database, {
    people: [
      ['admin', person('winery admin', { wineryId })],
      ['marketer', person('marketer', { wineryId })],
      ['viewer', person('viewer', { wineryId })],
      ['support', person('support')],
      ['admin of N', person('winery admin', { wineryId, brandIds: [rows[1]?.brand_id ?? ''] })],
      ['of S', person('marketer', { wineryId, brandIds: [rows[0]?.brand_id ?? ''] })],
    ],
  })
  queue = `wineries/${place.slug}/doubtful-matches`
  resolve = (match) => `wineries/${place.slug}/exceptions/${match?.exceptionId}/resolve`
})
afterAll(async () => {
  await api?.close()
  await place?.close()
  await database?.drop()
})

const list = async (as: string, query = '') =>
  (await api.ask<Matches>(as, 'GET', `${queue}${query}`)).body.items
const one = async (code: string) => (await list('admin', `?code=${code}`))[0]

it('shows both sides, with what tells them apart', async () => {
  const codes = (await list('admin')).map((match) => match.code).sort()
  expect(codes).toEqual([
    'same_address_other_name',
    'several_customers',
    'shared_address_proposed',
    'similar_name',
  ])
  expect(await one('similar_name')).toMatchObject({
    decisions: ['same person', 'different people', 'close'],
    sides: [
      { is: 'customer', email: 'ann@example.com', createdBy: 'import', reservations: 0, brands: [] },
      {
        is: 'customer',
        email: 'work@example.com',
        createdBy: 'tock',
        releasedAt: null,
        reservations: 1,
        brands: ['N'],
        emailConsent: 'unknown',
      },
    ],
  })
  expect(await one('same_address_other_name')).toMatchObject({
    sides: [
      { is: 'guest', patronId: '2', lastName: 'Vine', reservations: 1, brands: ['N'] },
      { is: 'customer', lastName: 'Quince' },
    ],
  })
  expect((await one('several_customers'))?.sides.map(({ is }) => is)).toEqual([
    'guest',
    'customer',
    'customer',
  ])
  expect(await one('shared_address_proposed')).toMatchObject({
    partyNames: expect.arrayContaining(['Party1 Hotel', 'Party5 Hotel']),
  })
})

it('masks who they are for those who do not see guests, and shows nothing of other brands', async () => {
  const masked = (await list('support', '?code=similar_name'))[0]
  expect(masked?.sides[0]).toMatchObject({ email: 'a…@e…', firstName: 'A…', lastName: 'Q…' })
  expect(JSON.stringify(await list('support'))).not.toMatch(/quillfeather|party1|work@/i)
  expect(await list('of S')).toEqual([])
  expect((await api.ask('of S', 'GET', `${queue}/${(await one('similar_name'))?.exceptionId}`)).status).toBe(
    404,
  )
  expect((await api.ask('viewer', 'GET', queue)).status).toBe(403)
})

it('is not decided by who sees only one side of it', async () => {
  const [similar] = await list('admin of N', '?code=similar_name')
  expect(similar?.sides.map(({ isSeen }) => isSeen)).toEqual([false, true])
  const body = { decision: { kind: 'same person' }, dryRun: true }
  expect((await api.ask('admin of N', 'POST', resolve(similar), { body })).body).toMatchObject({
    code: 'invalid',
    detail: 'This is about a customer of brands that are not yours.',
  })
})

it('is paged', async () => {
  const first = (await api.ask<Matches>('admin', 'GET', `${queue}?limit=3`)).body
  expect(first.items).toHaveLength(3)
  const second = (await api.ask<Matches>('admin', 'GET', `${queue}?limit=3&cursor=${first.nextCursor}`)).body
  expect(second).toMatchObject({ items: [expect.anything()], nextCursor: null })
})

it('says what a decision would do before it is taken, and keeps it with who, why and what came of it', async () => {
  const match = await one('similar_name')
  const decision = { kind: 'same person' }
  const asked = await api.ask('admin', 'POST', resolve(match), { body: { decision, dryRun: true } })
  expect(asked).toMatchObject({
    status: 200,
    body: { decided: false, effect: { guests: 1, reservations: 1 } },
  })
  expect(await one('similar_name')).toEqual(match)
  expect((await api.ask('admin', 'POST', resolve(match), { body: { decision } })).body).toMatchObject({
    code: 'invalid',
    detail: 'A decision needs its reason.',
  })
  const why = 'asked them'
  expect((await api.ask('marketer', 'POST', resolve(match), { body: { decision, why } })).status).toBe(403)
  const decided = await api.ask('admin', 'POST', resolve(match), { body: { decision, why } })
  expect(decided.body).toMatchObject({ decided: true, effect: asked.body.effect })
  expect(await one('similar_name')).toBeUndefined()
  expect(await list('admin', '?state=decided')).toMatchObject([
    {
      exceptionId: match?.exceptionId,
      decision: 'same person',
      decidedBy: 'Robin winery admin',
      closedBecause: why,
      resolvedAt: expect.any(String),
      done: expect.stringContaining('taken back'),
      sides: [{ email: 'ann@example.com', reservations: 1 }],
    },
  ])
})

it('refuses a decision that does not fit, and names those that do', async () => {
  const match = await one('several_customers')
  const body = { decision: { kind: 'take' }, dryRun: true }
  expect((await api.ask('admin', 'POST', resolve(match), { body })).body).toMatchObject({
    code: 'invalid',
    nextStep: expect.stringContaining('"customer" or "shared"'),
  })
})
