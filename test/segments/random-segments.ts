/** Random wineries and random definitions over them: small, so that every condition has somebody on both sides. */

import fc from 'fast-check'
import type { Condition, Leaf, Period } from '../../src/contract/segment.ts'
import type { PlainCustomer, PlainReservation, PlainWinery } from './plain-evaluation.ts'

/** Far apart, with and without summer time, on both halves of the earth. */
const zones = [
  'America/Los_Angeles',
  'Europe/Berlin',
  'Pacific/Auckland',
  'Asia/Kolkata',
  'UTC',
  'America/St_Johns',
]
/** Instants around the changes of clocks of those zones, and around midnight. */
const nows = [
  '2026-03-08T09:59:00Z',
  '2026-03-08T10:01:00Z',
  '2026-03-29T00:59:00Z',
  '2026-03-29T01:30:00Z',
  '2026-04-04T14:30:00Z',
  '2026-10-25T00:30:00Z',
  '2026-10-25T01:30:00Z',
  '2026-11-01T08:30:00Z',
  '2026-11-01T09:30:00Z',
  '2026-03-31T23:30:00Z',
  '2028-02-29T12:00:00Z',
  '2027-01-01T06:59:59Z',
]
const sources = ['Tock', 'Web', 'Phone']
const types = ['Visitor', 'Club']
const tiers = ['Gold']
const reservationTypes = ['Tasting', 'Tour', 'Virtual']
const locations = ['Barn', 'Cellar']
const statuses = [
  'Booked',
  'Confirmed',
  'Arrived',
  'Seated',
  'Completed',
  'Cancelled',
  'Transferred',
  'No Show',
  'Other',
] as const
const words = ['Ann', 'ANNA', 'Böhm', 'berg', "O'Neil", '50%', '_x']
export const lists = {
  'customer source': sources,
  'customer type': types,
  'allocation tier': tiers,
  'reservation type': reservationTypes,
  location: locations,
}

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values)
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null, freq: 3 })
const some = <T>(values: readonly T[]) =>
  fc.uniqueArray(pick(values), { minLength: 1, maxLength: values.length })
const hour = 3_600_000
const dayMs = 24 * hour

/** Mostly around a whole number of days, months or years from now, where the edges are. */
const around = (now: Date) =>
  fc
    .tuple(
      pick([0, 1, 2, 7, 7, 30, 30, 31, 365]),
      pick([-1, -1, -1, 1]),
      fc.integer({ min: -30 * 60, max: 30 * 60 }),
    )
    .map(([days, sign, minutes]) => new Date(now.getTime() + sign * days * dayMs + minutes * 60_000))

export const randomWinery: fc.Arbitrary<PlainWinery> = pick(nows).chain((nowText) => {
  const now = new Date(nowText)
  const brand = (code: string, group: string) =>
    fc.record({
      code: fc.constant(code),
      group: fc.constant(group),
      zone: pick(zones),
      defaultLocation: maybe(pick(locations)),
      snapshotAt: fc.option(
        fc.integer({ min: 0, max: 3 }).map((days) => new Date(now.getTime() - days * dayMs)),
        { nil: null, freq: 9 },
      ),
    })
  const experience = (code: string, id: string) =>
    fc.record({
      brand: fc.constant(code),
      id: fc.constant(id),
      name: fc.constant(id === '1' ? 'Flight' : 'Cave'),
      type: maybe(pick(reservationTypes)),
      notAVisit: fc.constant(false),
    })
  const area = (code: string, id: string) =>
    fc.record({ brand: fc.constant(code), id: fc.constant(id), location: maybe(pick(locations)) })
  const customer = (index: number): fc.Arbitrary<PlainCustomer> =>
    fc.record({
      id: fc.constant(String(index + 1)),
      source: maybe(pick(sources)),
      type: maybe(pick(types)),
      tier: maybe(pick(tiers)),
      createdAt: around(now),
      createdBy: pick(['tock', 'import', 'staff'] as const),
      createdInPull: maybe(pick(['7', '8'])),
      releasedAt: maybe(around(now)),
      consent: pick(['in', 'out', 'unknown'] as const),
      active: fc.boolean(),
      bounced: fc.boolean(),
      clubMember: fc.boolean(),
      email: maybe(pick(words).map((word) => `${word.replaceAll(/[^a-z]/gi, '')}${index}@example.com`)),
      firstName: maybe(pick(words)),
      lastName: maybe(pick(words)),
      tags: fc.subarray(['vip', 'local', 'Trade']),
      optedInAt: fc.subarray(['55', '56']),
    })
  const reservation = (index: number, customers: number): fc.Arbitrary<PlainReservation> =>
    fc
      .record({
        key: fc.constant(`r:${index}`),
        customer: maybe(fc.integer({ min: 1, max: customers }).map(String)),
        brand: pick(['JH', 'OA']),
        startsAt: around(now),
        createdAt: maybe(around(new Date(now.getTime() - 30 * dayMs))),
        status: pick([...statuses, 'Completed', 'Completed', 'Booked']),
        partySize: maybe(fc.integer({ min: 0, max: 8 })),
        notes: maybe(pick(words)),
        experience: maybe(pick(['1', '2', '3'])),
        area: maybe(pick(['a', 'b', 'c'])),
        missing: fc.boolean(),
        lastShownAt: fc.constant<Date | null>(null),
      })
      .chain((one) =>
        one.missing
          ? around(now).map((lastShownAt): typeof one => ({ ...one, lastShownAt }))
          : fc.constant(one),
      )
  const customers = 14
  return fc.record({
    zone: pick(zones),
    policy: pick(['opted-in', 'not-opted-out'] as const),
    brands: fc.tuple(brand('JH', '55'), brand('OA', '56')),
    experiences: fc
      .tuple(experience('JH', '1'), experience('JH', '2'), experience('OA', '1'), experience('OA', '2'))
      .map((all) => all.map((one) => ({ ...one, notAVisit: one.type === 'Virtual' }))),
    areas: fc.tuple(area('JH', 'a'), area('JH', 'b'), area('OA', 'a')),
    customers: fc.tuple(...Array.from({ length: customers }, (_, index) => customer(index))),
    reservations: fc
      .integer({ min: 0, max: 60 })
      .chain((count) =>
        fc.tuple(...Array.from({ length: count }, (_, index) => reservation(index, customers))),
      ),
    now: fc.constant(now),
  }) as fc.Arbitrary<PlainWinery>
})

const unit = pick(['days', 'days', 'days', 'weeks', 'months', 'years'] as const)
const period: fc.Arbitrary<Period> = fc.oneof(
  fc.record({
    kind: pick(['last', 'next', 'earlier', 'later'] as const),
    // Mostly those that meet the days of `around`: mistakes are made at the edges.
    n: pick([0, 1, 2, 7, 30]),
    unit,
  }),
  fc.record({
    kind: fc.constant('between' as const),
    from: pick(['2025-06-01', '2026-03-01']),
    to: pick(['2026-03-29', '2026-11-01']),
  }),
  fc.record({ kind: fc.constant('between' as const), from: pick(['2026-03-29', '2026-10-25']) }),
  fc.record({ kind: fc.constant('between' as const), to: pick(['2026-03-08', '2026-10-25']) }),
)
const range = (max: number) =>
  fc.oneof(
    fc.record({ min: fc.integer({ min: 0, max }) }),
    fc.record({ max: fc.integer({ min: 0, max }) }),
    fc.record({ min: fc.integer({ min: 0, max }), max: fc.integer({ min: 0, max }) }),
  )
const listOp = pick(['is', 'isNot'] as const)
const orNone = (values: readonly string[]) => some([...values, null])
const rarely = { freq: 3 }
const fact = <T>(one: fc.Arbitrary<T>) =>
  fc.option(one, { nil: undefined, ...rarely }) as fc.Arbitrary<T | undefined>

const count = fc.record({
  kind: fc.constant('count' as const),
  of: pick([
    'visits',
    'visits',
    'attendedVisits',
    'upcoming',
    'cancelled',
    'noShows',
    'cancelledOrNoShows',
    'reservations',
  ] as const),
  brands: fact(some(['JH', 'OA'])),
  locations: sparse(orNone(locations)),
  reservationTypes: sparse(orNone(reservationTypes)),
  experiences: sparse(some(['1', 'Flight', 'Cave'])),
  statuses: sparse(some(statuses)),
  partySize: sparse(range(8)),
  weekdays: sparse(some([1, 2, 3, 4, 5, 6, 7])),
  timeOfDay: sparse(
    fc.record({ from: pick(['00:00', '10:00', '17:30']), to: pick(['09:00', '17:30', '23:59']) }),
  ),
  notesContain: sparse(pick(['ann', 'B', '%', '_'])),
  bookedAhead: sparse(range(60)),
  in: fact(period),
  times: fc.record({
    is: pick(['atLeast', 'atMost', 'exactly'] as const),
    n: fc.integer({ min: 0, max: 4 }),
  }),
})
function sparse<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc
    .integer({ min: 0, max: 5 })
    .chain((dice) => (dice === 0 ? (one as fc.Arbitrary<T | undefined>) : fc.constant(undefined)))
}

const leaf = fc.oneof(
  { weight: 8, arbitrary: count },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: pick(['firstVisit', 'lastVisit'] as const),
      brands: fact(some(['JH', 'OA'])),
      in: period,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('customerSource' as const),
      op: listOp,
      values: orNone(sources),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('customerType' as const), op: listOp, values: orNone(types) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('allocationTier' as const), op: listOp, values: orNone(tiers) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: pick(['created', 'released'] as const), in: period }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('createdBy' as const),
      op: listOp,
      values: some(['tock', 'import', 'staff'] as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('createdIn' as const),
      what: fc.constant('pull' as const),
      id: pick(['7', '9']),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('emailConsent' as const),
      op: listOp,
      values: some(['in', 'out', 'unknown'] as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('flag' as const),
      flag: pick(['mayMail', 'active', 'released', 'bounced', 'clubMember'] as const),
      is: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('text' as const),
      field: pick(['email', 'firstName', 'lastName'] as const),
      op: pick(['is', 'isNot', 'contains', 'containsNot', 'startsWith', 'endsWith'] as const),
      value: pick(['ann', 'ANNA', 'böhm', 'b', '%', '_', "'", 'example.com', 'ann3@example.com']),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('hasText' as const),
      field: pick(['email', 'firstName', 'lastName'] as const),
      is: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('tags' as const),
      op: pick(['any', 'all', 'none'] as const),
      values: some(['vip', 'local', 'absent']),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('optedInAt' as const),
      brand: pick(['JH', 'OA']),
      is: fc.boolean(),
    }),
  },
) as fc.Arbitrary<Leaf>

export const randomCondition: fc.Arbitrary<Condition> = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: pick(['all', 'any'] as const),
        of: fc.array(tie('any'), { minLength: 1, maxLength: 3 }),
      }) as fc.Arbitrary<Condition>,
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), of: tie('any') }) },
  ),
})).any
