import { afterAll, beforeAll, expect, test } from 'vitest'
import { forbidden, neverKept } from '../../src/simulator/sentinels.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import type { TrueReservation } from '../../src/simulator/truth.ts'
import { fileTexts, june } from './ask-tock.ts'

let simulator: Simulator
let all: TrueReservation[]
beforeAll(async () => {
  simulator = await startSimulator({ now: june })
  all = simulator.businesses.flatMap(({ businessId }) => [...simulator.truth(businessId).reservations()])
})
afterAll(() => simulator.close())

test('the sample wineries are an Enterprise group in two zones and a single brand in Italy', () => {
  const sizes = simulator.businesses.map(({ businessId, timeZone }) => {
    const { reservations } = simulator.truth(businessId).count()
    return [businessId, timeZone, reservations]
  })
  expect(sizes).toEqual([
    ['707', 'America/Los_Angeles', 3000],
    ['708', 'America/Los_Angeles', 2000],
    ['709', 'America/Chicago', 1200],
    ['901', 'Europe/Rome', 600],
  ])
  const guests = [...simulator.truth('707').guests()].filter((one) => !one.isArchived)
  expect(new Set(guests.map((one) => one.id)).size).toBe(4000)
})

test.each<[string, (one: TrueReservation) => boolean]>([
  ['walk-ins with neither experience nor patron', (one) => one.isWalkIn && !one.experienceId && !one.diner],
  ['walk-ins with an address', (one) => one.isWalkIn && Boolean(one.diner?.email)],
  ['cancelled ones whose state says expected', (one) => one.isCancelled && one.state === 'EXPECTED'],
  ['no-shows', (one) => one.state === 'NO_SHOW'],
  ['transferred originals', (one) => one.transferredOut && one.isCancelled],
  ['diners without e-mail', (one) => one.diner !== null && one.diner.email === null],
  [
    'diners whose e-mail only the owner row has',
    (one) => one.diner?.email === null && one.diner.id === one.owner?.id && Boolean(one.owner.email),
  ],
  [
    'concierges booking for others',
    (one) => Boolean(one.owner?.email?.startsWith('concierge')) && one.diner?.id !== one.owner?.id,
  ],
  ['an owner alone', (one) => one.diner === null && one.owner !== null],
  ['take-out orders', (one) => one.variety === 'PICKUP'],
  ['deliveries', (one) => one.variety === 'DELIVERY'],
  ['unknown states', (one) => one.state === 'RUNNING_LATE'],
  ['unknown varieties', (one) => one.variety === 'SUBSCRIPTION'],
  ['card numbers in notes', (one) => one.notes.some((note) => note.includes('4111 1111 1111 1111'))],
  ['notes of several lines', (one) => one.notes.some((note) => note.includes('\n'))],
  ['emoji', (one) => one.notes.some((note) => note.includes('🍷'))],
  ['right-to-left names', (one) => /[\u0590-\u06ff]/.test(one.diner?.lastName ?? '')],
  ['Chinese names', (one) => /\p{Script=Han}/u.test(one.diner?.lastName ?? '')],
  [
    'placeholder names',
    (one) => ['Guest', 'TBD', 'Unknown', 'n/a', '-', 'Walk-in', ' '].includes(one.diner?.firstName ?? ''),
  ],
  ['reservations without party size', (one) => one.partySize === null],
  ['reservations without seating area', (one) => one.seatingAreaId === null],
  ['ids beyond 2^53', (one) => BigInt(one.tockKey?.slice(2) ?? 0) > 2n ** 53n],
  ['staff tastings', (one) => one.experienceName === 'Industry / Staff'],
  ['virtual tastings', (one) => one.experienceName === 'Virtual Tasting'],
])('there are %s', (_what, isOne) => {
  expect(all.filter(isOne).length).toBeGreaterThan(0)
})

test('a front desk’s address stands under five parties or more', () => {
  const parties = all.filter((one) => one.diner?.email?.startsWith('frontdesk@'))
  expect(
    new Set(parties.map((one) => `${one.diner?.firstName} ${one.diner?.lastName}`)).size,
  ).toBeGreaterThan(4)
})

test('a transfer has a new reservation at the very hour of the cancelled one', () => {
  const originals = all.filter((one) => one.transferredOut)
  const taken = originals.filter((original) =>
    all.some((one) => one !== original && !one.isCancelled && one.startsAtMs === original.startsAtMs),
  )
  expect(taken.length).toBeGreaterThan(0)
})

test('the wall time agrees with the instant in the business’s zone, over changes of clocks, but for one odd case', () => {
  const wrong: string[] = []
  const days = new Set<string>()
  for (const { businessId, timeZone } of simulator.businesses) {
    for (const one of simulator.truth(businessId).reservations()) {
      const local = Temporal.Instant.fromEpochMilliseconds(one.startsAtMs).toZonedDateTimeISO(timeZone)
      if (local.hoursInDay !== 24) days.add(`${timeZone} ${local.hoursInDay}`)
      if (local.toPlainDateTime().toString().slice(0, 16) !== one.dateTime) wrong.push(String(one.tockKey))
    }
  }
  expect(wrong.length).toBeGreaterThan(0)
  expect(wrong.length).toBeLessThan(30)
  expect([...days].sort()).toEqual(
    ['America/Chicago', 'America/Los_Angeles', 'Europe/Rome'].flatMap((zone) => [`${zone} 23`, `${zone} 25`]),
  )
})

test('a walk-in may have the number of a reservation', () => {
  const numbers = new Set(all.filter((one) => !one.isWalkIn).map((one) => one.tockKey?.slice(2)))
  expect(all.some((one) => one.isWalkIn && numbers.has(one.tockKey?.slice(2)))).toBe(true)
})

test('guests have every kind of consent, and some never booked', () => {
  const guests = [...simulator.truth('707').guests()].filter((one) => !one.isArchived)
  const consents = new Set(guests.map((one) => `${one.optInSource} ${one.optIn}`))
  expect([...consents]).toEqual(
    expect.arrayContaining([
      'PURCHASE true',
      'WAITLIST true',
      'NEWSLETTER true',
      'OPTED_OUT false',
      'NO_OPT_IN false',
      'IMPORTED true',
      'CHECKIN_TABLET true',
      'PURCHASE null',
      'null null',
    ]),
  )
  const booked = new Set(all.flatMap((one) => [one.diner?.id, one.owner?.id]))
  expect(guests.filter((one) => !booked.has(one.id)).length).toBeGreaterThan(500)
})

test('no two patrons of a group share an address, and everybody is on example.com', () => {
  const guests = [...simulator.truth('707').guests()].filter((one) => !one.isArchived && one.email)
  const emails = guests.map((one) => one.email?.toLowerCase())
  expect(new Set(emails).size).toBe(emails.length)
  expect(emails.filter((email) => !/@(\w+\.)?example\.com$/.test(email ?? ''))).toEqual([
    'no address, call the hotel',
  ])
})

test('what may never be kept can be searched for', async () => {
  const texts = (await fileTexts(simulator, '901')).join('')
  const marks = neverKept.filter((mark) => mark === forbidden || !/^\d+$/.test(mark))
  for (const mark of marks) expect(texts, mark).toContain(mark)
})
