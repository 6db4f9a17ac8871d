import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readHomeCharts } from '../../src/crm/home-charts.ts'
import { readHomeFigures } from '../../src/crm/home-figures.ts'
import { listWineryStates } from '../../src/crm/winery-states.ts'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'
import { type BookedWinery, bookedWinery } from './booked-winery.ts'
import { insert, query } from './customers-winery.ts'

/** Sunday evening in California, some hours after its clocks were put back; Monday afternoon in Sydney. */
const now = new Date('2026-11-02T03:00:00Z')
const snapshotAt = '2026-11-01T20:00:00Z'
const places = [
  { code: 'JH', zone: 'America/Los_Angeles' },
  { code: 'OA', zone: 'Australia/Sydney' },
]
const statuses = ['Completed', 'Confirmed', 'Cancelled', 'Completed', 'No Show', 'Transferred', 'Seated']

/** A reservation as the figures are worked out from it here, without the database. */
type Plain = {
  brand: number
  local: Temporal.PlainDateTime
  status: string
  partySize: number | null
  customer: number | null
  isMissing: boolean
  isNoVisit: boolean
}

let database: TestDatabase
let winery: BookedWinery
let plain: Plain[]
beforeAll(async () => {
  database = await freshDatabase()
  winery = await bookedWinery(database)
  const neighbour = await bookedWinery(database)
  await neighbour.reservation({ day: '2026-11-02' })
  const type = await insert(
    database,
    'list_entries',
    { winery_id: winery.wineryId, list: 'reservation type', name: 'Virtual', not_a_visit: true },
    'entry_id',
  )
  for (const [index, { zone }] of places.entries()) {
    const { brand_id } = winery.brands[index]!
    await query(
      database,
      'update ecellar.brand_businesses set time_zone = $3, last_snapshot_at = $4 where winery_id = $1 and brand_id = $2',
      [winery.wineryId, brand_id, zone, snapshotAt],
    )
    for (const [id, name, mapped] of [
      ['1', 'Flight', null],
      ['2', 'Online', type],
    ]) {
      await insert(database, 'experiences', {
        winery_id: winery.wineryId,
        brand_id,
        experience_id: id,
        name,
        reservation_type_id: mapped,
        first_seen_at: `2026-10-0${index + 1}T00:00:00Z`,
      })
    }
  }
  const customers: string[] = []
  for (let one = 0; one < 6; one += 1) customers.push(await winery.customer())
  plain = bookings()
  for (const one of plain) {
    const { zone } = places[one.brand]!
    await winery.reservation(
      {
        brand: one.brand,
        day: one.local.toPlainDate().toString(),
        ...(one.customer === null ? {} : { customerId: customers[one.customer]! }),
      },
      {
        starts_at: startOf(one).toString(),
        local_start: one.local.toString(),
        time_zone: zone,
        status: one.status,
        is_cancelled: one.status === 'Cancelled',
        party_size: one.partySize,
        experience_id: one.isNoVisit ? '2' : '1',
        missing_since: one.isMissing ? snapshotAt : null,
        last_shown_at: one.isMissing ? '2026-10-20T20:00:00Z' : null,
      },
    )
  }
})
afterAll(() => database.drop())

/** Some weeks back and some days ahead; the hours around midnight, and around the changes of both clocks. */
function bookings(): Plain[] {
  const hours = [0, 1, 10, 14, 19, 21, 23]
  const some = Array.from({ length: 150 }, (_, n): Plain => {
    const day = Temporal.PlainDate.from('2026-09-14').add({ days: (n * 37) % 62 })
    return {
      brand: n % 3 === 0 ? 1 : 0,
      local: day.toPlainDateTime({ hour: hours[n % 7]!, minute: n % 2 === 0 ? 30 : 0 }),
      status: statuses[(n * 5) % 7]!,
      partySize: n % 9 === 0 ? null : 1 + (n % 6),
      customer: n % 8 === 7 ? null : (n * 7) % 6,
      isMissing: n % 13 === 0,
      isNoVisit: n % 11 === 0,
    }
  })
  // A week of JH with nothing in it, and one with nothing but a visit that Tock no longer shows.
  const inWeek = (one: Plain, monday: string) => one.brand === 0 && weekOf(one.local) === monday
  const seen = {
    ...some[0]!,
    brand: 0,
    local: Temporal.PlainDateTime.from('2026-10-14T11:00'),
    status: 'Completed',
  }
  return [
    ...some.filter((one) => !inWeek(one, '2026-10-05') && !inWeek(one, '2026-10-12')),
    { ...seen, customer: 2, isMissing: true, isNoVisit: false },
    // This evening, in two hours: in Sydney, as in UTC, such a time is past.
    { ...seen, local: Temporal.PlainDateTime.from('2026-11-01T21:00'), isMissing: false, isNoVisit: false },
  ]
}

const startOf = ({ brand, local }: Plain) => local.toZonedDateTime(places[brand]!.zone).toInstant()
const weekOf = (local: Temporal.PlainDateTime) =>
  local
    .toPlainDate()
    .subtract({ days: local.dayOfWeek - 1 })
    .toString()
const isBefore = (one: Plain, instant: string | Date) =>
  startOf(one).epochMilliseconds < new Date(instant).getTime()
const isVisit = (one: Plain) =>
  !['Cancelled', 'Transferred', 'No Show'].includes(one.status) &&
  !one.isNoVisit &&
  isBefore(one, one.isMissing ? '2026-10-20T20:00:00Z' : snapshotAt)

function isInSpan(one: Plain, weeks: number): boolean {
  const from = Temporal.Instant.fromEpochMilliseconds(now.getTime() - weeks * 7 * 86_400_000)
  const monday = weekOf(from.toZonedDateTimeISO(places[one.brand]!.zone).toPlainDateTime())
  return weekOf(one.local) >= monday && isBefore(one, now)
}

function weeksOf(weeks: number, brands: number[]) {
  const firstDay = new Map<number, string>()
  for (const one of plain.filter((each) => isVisit(each) && each.customer !== null)) {
    const day = one.local.toPlainDate().toString()
    const known = firstDay.get(one.customer!)
    if (known === undefined || day < known) firstDay.set(one.customer!, day)
  }
  const found = plain.filter((one) => brands.includes(one.brand) && isInSpan(one, weeks))
  const told = [...Map.groupBy(found, (one) => `${weekOf(one.local)} ${places[one.brand]!.code}`)]
  return told
    .map(([key, all]) => {
      const [week, brand] = key.split(' ')
      const shown = all.filter((one) => !one.isMissing)
      const booked = shown.filter((one) => one.status !== 'Cancelled' && one.status !== 'Transferred')
      const days = new Set(
        all
          .filter((one) => isVisit(one) && one.customer !== null)
          .map((one) => `${one.customer} ${one.local.toPlainDate()}`),
      )
      const firstTime = [...days].filter((day) => {
        const [customer, on] = day.split(' ')
        return firstDay.get(Number(customer)) === on
      }).length
      return {
        week,
        brand,
        reservations: booked.length,
        guests: booked.reduce((sum, one) => sum + (one.partySize ?? 0), 0),
        cancelled: shown.filter((one) => one.status === 'Cancelled').length,
        transferred: shown.filter((one) => one.status === 'Transferred').length,
        firstTime,
        returning: days.size - firstTime,
        isThere: shown.length > 0 || days.size > 0,
      }
    })
    .filter((one) => one.isThere)
    .map(({ isThere: _, ...one }) => one)
    .sort((a, b) => `${a.week} ${a.brand}`.localeCompare(`${b.week} ${b.brand}`))
}

const charts = (weeks: number, brands: string[] | null) =>
  readHomeCharts(database.db, winery.wineryId, { winery: winery.winery.slug, brands, weeks, now })

describe('the charts', () => {
  test.each([4, 6, 26])(
    'of %i weeks count by the weeks of each business, whatever its clock did',
    async (weeks) => {
      expect((await charts(weeks, null)).weeks).toEqual(weeksOf(weeks, [0, 1]))
      expect((await charts(weeks, ['OA'])).weeks).toEqual(weeksOf(weeks, [1]))
    },
  )

  test('leave a week out in which nothing was, and keep the visits that Tock no longer shows', async () => {
    const weeks = (await charts(6, ['JH'])).weeks
    expect(weeks.map((one) => one.week)).not.toContain('2026-10-05')
    expect(weeks.find((one) => one.week === '2026-10-12')).toMatchObject({
      reservations: 0,
      firstTime: 0,
      returning: 1,
    })
  })

  test('end at this very instant, not at that time of another clock', async () => {
    const week = plain.filter(
      (one) => one.brand === 0 && weekOf(one.local) === '2026-10-26' && !one.isMissing,
    )
    const counted = week.filter((one) => isBefore(one, now) && !/Cancelled|Transferred/.test(one.status))
    expect(week.some((one) => !isBefore(one, now))).toBe(true)
    const last = (await charts(4, ['JH'])).weeks.at(-1)
    expect(last).toMatchObject({ week: '2026-10-26', reservations: counted.length })
  })

  test('tell each experience by its statuses, cancelled and transferred ones apart', async () => {
    const told = (await charts(6, ['JH'])).experiences
    const expected = Map.groupBy(
      plain.filter((one) => one.brand === 0 && !one.isMissing && isInSpan(one, 6)),
      (one) => `${one.isNoVisit ? 'Online' : 'Flight'}, ${one.status}`,
    )
    expect(
      Object.fromEntries(told.map((one) => [`${one.experience}, ${one.status}`, one.reservations])),
    ).toEqual(Object.fromEntries([...expected].map(([key, all]) => [key, all.length])))
  })
})

describe('the figures of a winery', () => {
  const figures = (brandIds: string[] | null) => readHomeFigures(database.db, winery.wineryId, brandIds, now)

  test('have seven days of each brand, from its own today on, empty ones too', async () => {
    const expected = places.flatMap(({ code, zone }, brand) =>
      Array.from({ length: 7 }, (_, n) => {
        const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone)
        const day = today.toPlainDate().add({ days: n }).toString()
        const booked = plain.filter(
          (one) =>
            one.brand === brand &&
            one.local.toPlainDate().toString() === day &&
            !one.isMissing &&
            one.status !== 'Cancelled' &&
            one.status !== 'Transferred',
        )
        const guests = booked.reduce((sum, one) => sum + (one.partySize ?? 0), 0)
        return { day, brand: code, reservations: booked.length, guests }
      }),
    )
    expected.sort((a, b) => `${a.day} ${a.brand}`.localeCompare(`${b.day} ${b.brand}`))
    const { upcoming } = await figures(null)
    expect(upcoming).toEqual(expected)
    expect(upcoming.some((one) => one.reservations === 0)).toBe(true)
    expect(upcoming.some((one) => one.reservations > 0)).toBe(true)
    expect(upcoming[0]).toMatchObject({ brand: 'JH', day: '2026-11-01' })
  })

  test('say what waits and since when, of the brands that the reader sees', async () => {
    const [first, second] = winery.brands
    const wait = (brandId: string, businessId: string, startedAt: string) =>
      insert(database, 'pulls', {
        winery_id: winery.wineryId,
        brand_id: brandId,
        business_id: businessId,
        kind: 'manual',
        status: 'waiting',
        started_at: startedAt,
        finished_at: startedAt,
      })
    await wait(first!.brand_id, first!.business_id, '2026-10-30T09:00:00Z')
    await wait(second!.brand_id, second!.business_id, '2026-10-29T09:00:00Z')
    expect((await figures(null)).waiting).toMatchObject({
      pulls: { count: 2, oldestAt: new Date('2026-10-29T09:00:00Z') },
      experiences: { count: 2, oldestAt: new Date('2026-10-01T00:00:00Z') },
    })
    const seen = await figures([first!.brand_id])
    expect(seen.waiting.pulls).toEqual({ count: 1, oldestAt: new Date('2026-10-30T09:00:00Z') })
    expect(seen.brands.map((one) => one.brand)).toEqual(['JH'])
    expect(new Set(seen.upcoming.map((one) => one.brand))).toEqual(new Set(['JH']))
  })
})

test('a winery at a glance is counted over all its brands, and takes nothing of its neighbour', async () => {
  const { wineryId, winery: about, brands } = await bookedWinery(database)
  const [first, second] = brands
  const at = { winery_id: wineryId, brand_id: first!.brand_id }
  const location = await insert(
    database,
    'list_entries',
    { winery_id: wineryId, list: 'location', name: 'Garden' },
    'entry_id',
  )
  // The second brand's areas have its own location, the first one's have none but one.
  await query(
    database,
    'update ecellar.brands set default_location_id = $2, enabled_at = now() where brand_id = $1',
    [second!.brand_id, location],
  )
  await insert(database, 'seating_areas', { ...at, seating_area_id: '1', name: 'A' })
  await insert(database, 'seating_areas', { ...at, seating_area_id: '2', name: 'B', location_id: location })
  await insert(database, 'seating_areas', {
    winery_id: wineryId,
    brand_id: second!.brand_id,
    seating_area_id: '1',
    name: 'C',
  })
  await insert(database, 'experiences', { ...at, experience_id: '1', name: 'Flight' })
  await insert(database, 'experiences', { ...at, experience_id: '2', name: 'Staff', ignored: true })
  const pull = (status: string, finishedAt: string) =>
    insert(database, 'pulls', {
      ...at,
      business_id: first!.business_id,
      kind: 'nightly',
      status,
      started_at: finishedAt,
      finished_at: finishedAt,
    })
  await pull('applied', '2026-10-30T09:00:00Z')
  await pull('failed', '2026-10-31T09:00:00Z')
  const state = async (alerted: string[] = []) => {
    const found = await listWineryStates(database.db, { sort: 'name', alerted, after: null, limit: 100 })
    return found.find((one) => one.winery === about.slug)
  }
  expect(await state()).toMatchObject({
    state: 'set-up',
    brands: 2,
    enabledBrands: 1,
    lastGoodPullAt: new Date('2026-10-30T09:00:00Z'),
    waitingPulls: 0,
    exceptions: 0,
    unmapped: 2,
    unreleased: 0,
  })
  await query(database, 'update ecellar.brands set enabled_at = now() where winery_id = $1', [wineryId])
  expect((await state())?.state).toBe('well')
  await pull('waiting', '2026-11-01T09:00:00Z')
  expect(await state()).toMatchObject({ state: 'waiting', waitingPulls: 1 })
  expect((await state([about.slug]))?.state).toBe('attention')
})
