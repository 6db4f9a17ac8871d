/** Whatever is decided on whatever a pull finds doubtful: it holds, is asked once, and an undone initial pull comes back the same. */

import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decisionsOf } from '../../src/contract/exception-decisions.ts'
import { type Decision, resolveException } from '../../src/crm/exceptions.ts'
import { undoPull } from '../../src/pull/undo/undo-pull.ts'
import { actor } from '../actor.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { dumpRows } from './dump-tables.ts'
import { person, type TockPlace, tockPlace } from './tock-place.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const names = [
  ['Ann', 'Quillfeather'],
  ['Anne', 'Quillfeather'],
  ['Bob', 'Vine'],
  ['Cleo', 'Marrow'],
] as const
const name = fc.constantFrom(...names)
const email = fc.constantFrom('ann@example.com', 'work@example.com', 'home@example.com', 'desk@example.com')
/** Tock has an address once; a diner without a guest's number is known by it. */
const guests = fc.uniqueArray(fc.record({ email, name }), { selector: (guest) => guest.email, minLength: 1 })
const known = fc.array(fc.record({ email: fc.option(email), name }), { maxLength: 3 })
const choices = fc.array(fc.nat(), { minLength: 8, maxLength: 8 })

test('decisions hold for unchanged, re-read and undone pulls', async () => {
  const run = fc.asyncProperty(guests, known, choices, async (diners, customers, chosen) => {
    const place = await tockPlace(database)
    try {
      for (const { email: address, name: called } of customers) await imported(place, address, called)
      place.show('N', {
        reservations: diners.map((diner, at) => ({
          id: at + 1,
          dinerPatron: person(at + 1, diner.email, ...diner.name),
        })),
      })
      const { pullId } = await place.pull('N', 'initial')
      await decideAll(place, chosen)
      expect((await place.pull('N')).customers).toMatchObject({ created: 0, doubtful: 0 })
      const settled = await stateOf(place)
      const before = await dumpRows(database)
      expect((await place.pull('N', 'manual', { reread: true })).customers.doubtful).toBe(0)
      expect(await dumpRows(database)).toEqual(before)
      await undoPull({ db: database.db, actor, why: 'wrong brand' }, pullId, 'initial pull')
      await place.pull('N', 'initial')
      expect(await stateOf(place)).toEqual(settled)
    } finally {
      await place.close()
    }
  })
  await fc.assert(run, { numRuns: 6, endOnFailure: true })
}, 300_000)

async function imported(place: TockPlace, address: string | null, [first, last]: readonly [string, string]) {
  await sql`
    insert into ecellar.customers (winery_id, email, email_key, first_name, last_name, created_by, released_at, created_at)
    values (${place.wineryId}, ${address}, ${address}, ${first}, ${last}, 'import', '2020-01-01', '2020-01-01')`.execute(
    database.db,
  )
}

/** Until nothing is open: a decision may settle others, and the next pull may ask something new. */
async function decideAll(place: TockPlace, chosen: number[]): Promise<void> {
  for (const number of [...chosen, ...chosen]) {
    const { rows } = await sql<{ exception_id: string; code: keyof typeof decisionsOf }>`
      select exception_id, code from ecellar.exceptions
      where winery_id = ${place.wineryId} and resolved_at is null order by subject, code`.execute(database.db)
    const [open] = rows
    if (!open) {
      if ((await place.pull('N')).customers.doubtful === 0) return
      continue
    }
    const kinds = decisionsOf[open.code]
    const kind = kinds[number % kinds.length] ?? 'close'
    const decision = (
      kind === 'customer' ? { kind, customerId: await oneOf(place, open.exception_id, number) } : { kind }
    ) as Decision
    await resolveException(database.db, place.wineryId, open.exception_id, decision, 'asked', actor)
  }
  throw new Error('Still something to decide')
}

async function oneOf(place: TockPlace, exceptionId: string, number: number): Promise<string> {
  const { rows } = await sql<{ customer_id: string }>`
    select c.customer_id from ecellar.customers c
    join ecellar.exceptions x on x.winery_id = c.winery_id and x.email_key = c.email_key
    where x.exception_id = ${exceptionId} and c.winery_id = ${place.wineryId}
    order by c.customer_id`.execute(database.db)
  return rows[number % rows.length]?.customer_id ?? ''
}

/** By address and name: a customer that is made anew has another number. */
async function stateOf(place: TockPlace): Promise<unknown> {
  const customers = await place.rows(
    `select email_key, first_name, last_name, email_consent, active, created_by from ecellar.customers where winery_id = :id
    order by 1, 2, 3`,
  )
  const reservations = await place.rows(
    `select r.tock_key, c.email_key, c.first_name, c.created_by
    from ecellar.reservations r
    left join ecellar.customers c on c.winery_id = r.winery_id and c.customer_id = r.customer_id
    where r.winery_id = :id order by 1`,
  )
  const open = await place.rows(
    'select code from ecellar.exceptions where winery_id = :id and resolved_at is null',
  )
  return { customers, reservations, open }
}
