import type { Person } from './made-up-people.ts'
import { asPatron } from './made-up-people.ts'
import { type Draft, day, type Season, setTime } from './made-up-visit.ts'
import { notNamed } from './sentinels.ts'
import { clockChanges, instantOf } from './zone.ts'

export interface Tools {
  season: Season
  /** A number that no reservation has yet. */
  nextId(): number
  /** Another plain visit, to make a second row of. */
  another(): Draft
}

/** Bends a plain visit into a case; returns further rows that belong to it. */
export type Bend = (row: Draft, tools: Tools) => Draft[] | undefined

const bend =
  (change: (row: Draft, tools: Tools) => void): Bend =>
  (row, tools) => {
    change(row, tools)
    return undefined
  }

const set = (values: Draft): Bend => bend((row) => Object.assign(row, values))
const drop = (...fields: string[]): Bend =>
  bend((row) => {
    for (const field of fields) delete row[field]
  })

const within = (field: string, values: Draft): Bend =>
  bend((row) => {
    row[field] = { ...(row[field] as object), ...values }
  })

/** Two different people who both have names and addresses. */
function twoPeople(season: Season): [Person, Person] {
  const known = season.dice
    .shuffled(season.bookers)
    .filter((person) => person.email && person.firstName && person.lastName)
  return [known[0]!, known[1]!]
}

const people = (pick: (tools: Tools, pair: [Person, Person]) => { owner?: Person; diner?: Person }): Bend =>
  bend((row, tools) => {
    const { owner, diner } = pick(tools, twoPeople(tools.season))
    delete row.ownerPatron
    delete row.dinerPatron
    if (owner) row.ownerPatron = owner
    if (diner) row.dinerPatron = diner
  })

const concierge: Person = {
  id: 99_001,
  email: 'concierge@example.com',
  firstName: 'Hotel',
  lastName: 'Concierge',
}

const states = [
  'EXPECTED',
  'ARRIVED',
  'SEATED',
  'LEFT',
  'CONFIRMED_VIA_TEXT',
  'CONFIRMED_VIA_EMAIL',
  'AWAITING_RESPONSE',
  'PARTIALLY_ARRIVED',
  'PARTIALLY_SEATED',
  'FINISHED',
]

const onChangeDay = (direction: 'any' | 'repeated'): Bend =>
  bend((row, { season }) => {
    const { timeZone, now } = season
    const changes = clockChanges(timeZone, now - 500 * day, now + 200 * day)
    const hour = 3_600_000
    for (const change of changes) {
      if (direction === 'any') setTime(row, change + 12 * hour, timeZone)
      else setTime(row, change + hour / 2, timeZone)
      const first = instantOf(row.dateTime as string, timeZone)
      if (direction === 'any' || first !== row.serviceDateTimestamp) return
    }
  })

export const cases: Record<string, Bend> = {
  plain: set({}),
  'other-diner': people((_, [owner, diner]) => ({ owner, diner })),
  'other-diner-without-email': people((_, [owner, diner]) => ({ owner, diner: asPatron(diner, ['email']) })),
  concierge: people((_, [, diner]) => ({ owner: concierge, diner })),
  'concierge-diner-without-email': people((_, [, diner]) => ({
    owner: concierge,
    diner: asPatron(diner, ['email', 'phone']),
  })),
  'email-on-owner-copy-only': people((_, [one]) => ({ owner: one, diner: asPatron(one, ['email']) })),
  'email-on-diner-copy-only': people((_, [one]) => ({ owner: asPatron(one, ['email']), diner: one })),
  'email-only-in-profile': people((_, [one]) => {
    const bare = asPatron(one, ['email'])
    return { owner: bare, diner: bare }
  }),
  'no-diner': people((_, [owner]) => ({ owner })),
  'no-patron-at-all': people(() => ({})),
  'no-owner': people((_, [diner]) => ({ diner })),
  'nameless-diner': people((_, [owner, diner]) => ({
    owner,
    diner: asPatron(diner, ['firstName', 'lastName']),
  })),
  'name-on-owner-copy-only': people((_, [one]) => ({
    owner: one,
    diner: asPatron(one, ['firstName', 'lastName']),
  })),
  'first-name-only': people((_, [one]) => ({ owner: one, diner: asPatron(one, ['lastName']) })),
  'patron-without-profile': people(() => {
    const one = { id: 99_002, email: 'no.profile@example.com', firstName: 'No', lastName: 'Profile' }
    return { owner: one, diner: one }
  }),
  cancelled: set({ isCancelled: true, partyState: 'CANCELLED' }),
  'cancelled-by-flag-only': set({ isCancelled: true, partyState: 'EXPECTED' }),
  'cancelled-by-state-only': set({ isCancelled: false, partyState: 'CANCELLED' }),
  transferred: (row, { season, another, nextId }) => {
    const [from, to] = twoPeople(season)
    const taken: Draft = {
      ...another(),
      ...row,
      id: nextId(),
      ownerPatron: to,
      dinerPatron: to,
      sequenceId: 0,
    }
    const original = { isCancelled: true, transferredOut: true, transferredOutAmountCents: 777077701 }
    Object.assign(row, original, { partyState: 'CANCELLED', ownerPatron: from, dinerPatron: from })
    taken.confirmationCode = 'TRANSFER'
    return [taken]
  },
  'no-show': set({ partyState: 'NO_SHOW', isCancelled: false }),
  ...Object.fromEntries(states.map((partyState) => [`state-${partyState}`, set({ partyState })])),
  'state-nobody-knows': set({ partyState: 'LINGERING_OVER_DESSERT' }),
  'no-state': drop('partyState', 'isCancelled', 'transferredOut'),
  pickup: within('experience', { id: 470, name: 'Curbside Bottles', variety: 'PICKUP' }),
  delivery: within('experience', { id: 471, name: 'Bottles to Your Door', variety: 'DELIVERY' }),
  'variety-nobody-knows': within('experience', { id: 472, name: 'Picnic', variety: 'PICNIC' }),
  'renamed-experience': within('experience', {
    id: 455,
    name: 'Estate Tasting (new)',
    variety: 'RESERVATION',
  }),
  'no-variety': bend((row) => {
    row.experience = { id: 473, name: 'Of no Variety' }
  }),
  'no-experience': drop('experience'),
  'long-experience-id': within('experience', { id: 9007199254740993n, name: 'Long Experience' }),
  'long-id': bend((row, { nextId }) => {
    row.id = 9007199254740992n + BigInt(nextId()) * 2n + 1n
  }),
  'long-neighbours': (row, { another, nextId }) => {
    const first = 9007199254740992n + BigInt(nextId()) * 4n + 2_000_000_000n
    row.id = first
    return [{ ...another(), id: first + 1n }]
  },
  'long-patron-id': people(({ season }) => {
    const long = season.bookers.filter((person) => typeof person.id === 'bigint')
    const one = season.dice.pick(long)
    return { owner: one, diner: one }
  }),
  'no-party-size': drop('partySize'),
  'party-of-none': set({ partySize: 0 }),
  'no-timestamps': drop('createdTimestamp', 'lastUpdatedTimestamp', 'sequenceId', 'versionId'),
  'no-service-timestamp': drop('serviceDateTimestamp'),
  'no-date-time': drop('dateTime'),
  'no-start': drop('dateTime', 'serviceDateTimestamp'),
  'clock-only-date-time': bend((row) => {
    row.dateTime = String(row.dateTime).slice(11)
  }),
  'clock-only-and-no-timestamp': bend((row) => {
    row.dateTime = String(row.dateTime).slice(11)
    delete row.serviceDateTimestamp
  }),
  'date-time-disagrees': bend((row, { season }) => {
    setTime(row, (row.serviceDateTimestamp as number) + day, season.timeZone)
    row.serviceDateTimestamp = (row.serviceDateTimestamp as number) - day
  }),
  'day-of-clock-change': onChangeDay('any'),
  'repeated-hour': onChangeDay('repeated'),
  'over-new-year': bend((row, { season }) => {
    const year = new Date(season.now).getUTCFullYear() - 1
    setTime(row, instantOf(`${year}-12-31T23:30`, season.timeZone), season.timeZone)
  }),
  'leap-day': bend((row, { season }) =>
    setTime(row, instantOf('2024-02-29T11:00', season.timeZone), season.timeZone),
  ),
  'no-seating': drop('seatingOption'),
  'long-seating-id': set({
    seatingOption: { id: 9007199254740997n, name: 'Grotte “Élysée” 洞窟', isOutdoors: false },
  }),
  'seating-without-name': set({ seatingOption: { id: 34 } }),
  'unknown-fields': set({
    somethingNew: `${notNamed}-unknown`,
    somethingDeep: [{ list: [1, { more: `${notNamed}-deep` }] }],
  }),
}
