import { hash, makeDice } from './dice.ts'
import { type Expected, expectedOf } from './expected.ts'
import { type Bend, cases, type Tools } from './made-up-cases.ts'
import { makeUpGuests, planGuests } from './made-up-guests.ts'
import { hostileNoteCases, noteCases } from './made-up-notes.ts'
import { makeUpPeople } from './made-up-people.ts'
import { type Draft, makeUpVisit, type Season } from './made-up-visit.ts'
import { walkInCases } from './made-up-walkins.ts'
import { cardNumbers, neverKeep, neverKeepNumber, notNamed } from './sentinels.ts'
import type { Row } from './wire.ts'

export type { Expected, ExpectedGuest, ExpectedPatron, ExpectedReservation } from './expected.ts'
export { expectedOf } from './expected.ts'

export interface WineryOptions {
  seed: number
  /** How many rows, exactly. Below about 110 not every case finds room. */
  reservations: number
  /** How many rows, exactly, archived ones among them. */
  guests: number
  businessId: string
  businessGroupId: string
  timeZone: string
  now: Date
  /** Also notes with NUL and with half a surrogate pair, which some databases cannot hold. */
  hostileText?: boolean
}

export interface MadeUpWinery {
  reservations: Row[]
  guests: Row[]
  expected: Expected & {
    /** The name of every special case, with the keys of the rows that show it. */
    cases: Record<string, string[]>
    /** Texts and numbers to search a database, a log or a screen for. */
    neverKeep: string
    neverKeepNumber: number
    notNamed: string
    cardNumbers: string[]
  }
}

/**
 * The rows of one business. Guests belong to the group: with the same seed, group, number and `now`, every
 * business has the same ones.
 */
export function madeUpWinery(options: WineryOptions): MadeUpWinery {
  const now = options.now.getTime()
  const groupDice = makeDice('group', options.seed, options.businessGroupId)
  const plan = planGuests(options.guests)
  const people = makeUpPeople(groupDice, Math.max(40, plan.rows - plan.archived - plan.withoutPatron))
  const guests = makeUpGuests(groupDice, people, plan, options.businessGroupId, now)

  const season: Season = {
    dice: makeDice('business', options.seed, options.businessGroupId, options.businessId),
    bookers: people.slice(0, Math.ceil(people.length * 0.75)),
    businessId: options.businessId,
    timeZone: options.timeZone,
    now,
    firstId: 1_000_000 * (1 + (hash(options.businessId) % 800)),
    count: options.reservations,
  }
  const { rows, shown } = makeUpReservations(season, options.hostileText ?? false)
  return {
    reservations: rows,
    guests,
    expected: {
      ...expectedOf(rows, guests),
      cases: shown,
      neverKeep,
      neverKeepNumber,
      notNamed,
      cardNumbers: [...cardNumbers],
    },
  }
}

function makeUpReservations(
  season: Season,
  hostileText: boolean,
): { rows: Row[]; shown: Record<string, string[]> } {
  const bends: [string, Bend][] = Object.entries({
    ...cases,
    ...walkInCases,
    ...noteCases,
    ...(hostileText ? hostileNoteCases : {}),
  })
  const { dice, count } = season
  let place = 0
  const tools: Tools = {
    season,
    nextId: () => season.firstId + place++,
    another: () => makeUpVisit(season, place++),
  }
  const rows: Draft[] = []
  const shown: Record<string, string[]> = {}
  // All the cases come first once, among plain visits, and then again now and then.
  for (let turn = 0; rows.length < count; turn += 1) {
    const row = makeUpVisit(season, place++)
    const [name, bend] =
      bends[turn] ?? (dice.chance(0.25) ? dice.pick(bends) : (['plain', () => undefined] as [string, Bend]))
    const more = bend(row, tools) ?? []
    if (rows.length + 1 + more.length > count) {
      rows.push(makeUpVisit(season, place++))
      continue
    }
    for (const one of [row, ...more]) {
      rows.push(one)
      if (name !== 'plain') note(shown, name, one)
    }
  }
  return { rows: nearlyInOrder(rows, season), shown }
}

function note(shown: Record<string, string[]>, name: string, row: Draft): void {
  const key = row.id !== undefined ? `r:${row.id}` : row.walkinId !== undefined ? `w:${row.walkinId}` : ''
  const keys = shown[name] ?? []
  shown[name] = keys
  keys.push(key)
}

/** Roughly by booking, which is all that can be relied on. */
function nearlyInOrder(rows: Draft[], season: Season): Draft[] {
  const placed = rows.map((row, at) => ({ row, at: at + season.dice.below(30) }))
  return placed.toSorted((one, other) => one.at - other.at).map(({ row }) => row)
}
