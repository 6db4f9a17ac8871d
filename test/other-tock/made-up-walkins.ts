import type { Bend } from './made-up-cases.ts'
import { asPatron } from './made-up-people.ts'
import type { Draft } from './made-up-visit.ts'

/** What is never on a walk-in. */
function walkIn(row: Draft, walkinId: unknown): void {
  const never = ['id', 'experience', 'confirmationCode', 'ownerPatron', 'dinerPatron']
  for (const field of never) delete row[field]
  Object.assign(row, { walkinId, option: [], fee: [], payment: [], partyState: 'SEATED' })
}

export const walkInCases: Record<string, Bend> = {
  'walk-in': (row, { nextId }) => {
    walkIn(row, nextId())
    return undefined
  },
  'walk-in-with-a-name': (row, { season, nextId }) => {
    walkIn(row, nextId())
    const named = season.bookers.filter((person) => person.lastName)
    row.dinerPatron = asPatron(season.dice.pick(named))
    return undefined
  },
  'walk-in-with-the-number-of-a-reservation': (row, { another }) => {
    const twin = another()
    walkIn(twin, row.id)
    return [twin]
  },
  'walk-in-with-a-long-number': (row, { nextId }) => {
    walkIn(row, 9007199254740993n + BigInt(nextId()) * 2n)
    return undefined
  },
  'without-any-key': (row, { nextId }) => {
    walkIn(row, nextId())
    delete row.walkinId
    return undefined
  },
}
