import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RawRow } from '../../src/simulator/raw-row.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { dumpRows, sayOfWinery } from './dump-tables.ts'
import { countsAddUp, june20, person, type Snapshot, type TockPlace, tockPlace } from './tock-place.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

// A counterexample is shown as it was found: making it smaller would take minutes.
const runs = { numRuns: 4, endOnFailure: true }

/** Few people with few addresses, so that they meet each other. */
const patron = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  email: fc.constantFrom(
    ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@example.com`),
    'broken',
    null,
  ),
  first: fc.constantFrom('Ada', 'Bo', 'Cy', 'Guest', undefined),
  last: fc.constantFrom('Wine', 'Vine', undefined),
})
const reservation = fc
  .record({
    id: fc.integer({ min: 1, max: 25 }),
    isWalkIn: fc.boolean(),
    diner: fc.option(patron),
    owner: fc.option(patron),
    hour: fc.integer({ min: -900, max: 900 }),
    partySize: fc.constantFrom(undefined, 1, 2, 8),
    partyState: fc.constantFrom('EXPECTED', 'SEATED', 'NO_SHOW', 'CANCELLED', 'NEW_WORD', undefined),
    experience: fc.constantFrom(
      { id: 1, name: 'Tour', variety: 'RESERVATION' },
      { id: 2, name: 'Bottles', variety: 'PICKUP' },
      undefined,
    ),
    seating: fc.constantFrom({ id: 4, name: 'Terrace' }, undefined),
    sequenceId: fc.constantFrom(undefined, 1, 2, 3),
    updated: fc.integer({ min: 1, max: 5 }),
    note: fc.constantFrom([], [{ text: 'One' }], [{ text: 'One' }, { text: 'Two' }]),
    oddity: fc.constantFrom(...Array(12).fill(null), 'no id', 'no zone'),
  })
  .map((plan): RawRow => {
    const id = { [plan.isWalkIn ? 'walkinId' : 'id']: plan.id }
    return {
      ...(plan.oddity === 'no id' ? { id: undefined, walkinId: undefined } : id),
      ...(plan.oddity === 'no zone' ? { oddZone: true } : {}),
      dinerPatron: plan.diner ? rawPatron(plan.diner) : undefined,
      ownerPatron: plan.owner ? rawPatron(plan.owner) : undefined,
      serviceDateTimestamp: june20(plan.hour),
      partySize: plan.partySize,
      partyState: plan.partyState,
      experience: plan.experience,
      seatingOption: plan.seating,
      sequenceId: plan.sequenceId,
      lastUpdatedTimestamp: 1_770_000_000_000 + plan.updated,
      note: plan.note,
    }
  })
const guest = fc
  .record({
    patron,
    isArchived: fc.constantFrom(false, false, false, true),
    words: fc.constantFrom(
      { optIn: true, optInSource: 'PURCHASE' },
      { optIn: false, optInSource: 'OPTED_OUT' },
      { optIn: false, optInSource: 'NO_OPT_IN' },
      { optIn: true, optInSource: 'IMPORTED' },
      {},
    ),
    updated: fc.integer({ min: 1, max: 5 }),
  })
  .map(
    (plan): RawRow => ({
      patron: rawPatron(plan.patron),
      isArchived: plan.isArchived,
      ...plan.words,
      updatedAtTimestamp: 1_770_000_000_000 + plan.updated,
    }),
  )
const night = fc.record({
  reservations: fc.array(reservation, { minLength: 1, maxLength: 30 }),
  guests: fc.array(guest, { minLength: 1, maxLength: 10 }),
})
const nights = fc.array(night, { minLength: 2, maxLength: 3 })
type Night = { reservations: RawRow[]; guests: RawRow[] }

function rawPatron(plan: {
  id: number
  email: string | null
  first: string | undefined
  last: string | undefined
}): RawRow {
  return person(plan.id, plan.email, plan.first, plan.last)
}

function show(place: TockPlace, said: Night, more: Snapshot = {}) {
  const business = { id: Number(place.businessId('N')), name: 'Brand N', timeZone: 'Moon/Base' }
  const reservations = said.reservations.map(({ oddZone, ...row }) => (oddZone ? { ...row, business } : row))
  place.show('N', { reservations, guests: said.guests, ...more })
}

/** Shows one night after the other, each pulled as told. */
async function live(
  lived: Night[],
  how: (at: number) => Snapshot = () => ({}),
  reread = false,
): Promise<Record<string, unknown[]>> {
  const place = await tockPlace(database)
  for (const [at, said] of lived.entries()) {
    show(place, said, how(at))
    const report = await place.pull('N', at === 0 ? 'initial' : 'nightly', { reread })
    expect(report.status).toBe('applied')
    expect(countsAddUp(report)).toBe(true)
  }
  const say = await sayOfWinery(place)
  await place.close()
  return say
}

test('the same snapshot twice changes no row, whatever it says (rule 4)', async () => {
  await fc.assert(
    fc.asyncProperty(nights, async (lived) => {
      const place = await tockPlace(database)
      for (const [at, said] of lived.entries()) {
        show(place, said)
        const first = await place.pull('N', at === 0 ? 'initial' : 'nightly')
        const before = await dumpRows(database)
        for (const more of [{}, { reread: true }]) {
          const again = await place.pull('N', 'nightly', more)
          expect(again.reservations).toMatchObject({
            inSnapshot: first.reservations.inSnapshot,
            added: 0,
            changed: 0,
            missing: 0,
          })
          expect(countsAddUp(again)).toBe(true)
          expect(await dumpRows(database)).toEqual(before)
        }
      }
      await place.close()
    }),
    runs,
  )
})

test('in whatever order and however split into files, the same rows make the same tables (rules 2 and 5)', async () => {
  await fc.assert(
    fc.asyncProperty(nights, fc.integer({ min: 1, max: 9 }), async (lived, rowsPerFile) => {
      const plain = await live(lived)
      const orders = ['reversed', 'shuffled'] as const
      expect(await live(lived, (at) => ({ rowsPerFile, order: orders[at % 2] ?? 'reversed' }))).toEqual(plain)
    }),
    runs,
  )
})

test('whether files are answered with 304 or read again, the tables are the same (rule 9)', async () => {
  await fc.assert(
    fc.asyncProperty(nights, fc.nat(29), async (lived, changedRow) => {
      // Each night is the one before with one row taken from the next: most files stay as they were.
      const first = lived[0] as Night
      const other = (lived[1] as Night).reservations[0] as RawRow
      const changed = {
        ...first,
        reservations: first.reservations.map((row, at) =>
          at === changedRow % first.reservations.length ? other : row,
        ),
      }
      const story = [first, changed, first, changed]
      const split = () => ({ rowsPerFile: 4 })
      expect(await live(story, split)).toEqual(await live(story, split, true))
    }),
    runs,
  )
})
