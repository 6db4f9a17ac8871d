import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { fileTexts, firstRows, june, links, smallWinery, startSmall } from './ask-tock.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSmall()
})
afterAll(() => simulator.close())

const everyValue = (value: unknown, visit: (value: unknown) => void): void => {
  visit(value)
  if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) everyValue(part, visit)
}

test('no null stands anywhere', async () => {
  for (const text of await fileTexts(simulator, '121')) {
    everyValue(JSON.parse(text), (value) => expect(value).not.toBeNull())
  }
})

test('repeated fields are always there, under their singular names', async () => {
  const [reservations = '', guests = ''] = await fileTexts(simulator, '121')
  const ofReservation =
    'option fee customCharge keyValue discount visitFeedback visitTag payment refund note question table'
  for (const row of JSON.parse(reservations) as Record<string, unknown>[]) {
    for (const field of ofReservation.split(' ')) expect(row[field], field).toBeInstanceOf(Array)
  }
  const ofGuest =
    'phone day link patronProfileDietaryRestriction patronProfileHospitalityPreference businessGuestProfile tag attribute'
  for (const row of JSON.parse(guests) as Record<string, unknown>[]) {
    for (const field of ofGuest.split(' ')) expect(row[field], field).toBeInstanceOf(Array)
  }
})

test('ids are numbers with all their digits, also beyond 2^53', async () => {
  const edit = simulator.edit('122')
  edit.clear()
  edit.addReservation(edit.reservation({ id: 9_007_199_254_740_993n }))
  edit.addReservation(edit.reservation({ id: 9_007_199_254_740_992n }))
  edit.publish()
  const [text = ''] = await fileTexts(simulator, '122')
  expect(text).toContain('"id":9007199254740993,')
  expect(text).toContain('"id":9007199254740992,')
  expect([...simulator.truth('122').reservations()].map((one) => one.tockKey)).toEqual([
    'r:9007199254740993',
    'r:9007199254740992',
  ])
})

test('generated rows have neighbouring ids that a double cannot tell apart', async () => {
  const { businesses, truth, close } = await startSimulator({ now: june })
  const ids = new Set([...truth(businesses[0]?.businessId ?? '').reservations()].map((one) => one.tockKey))
  const numbers = new Set([...ids].map((key) => `${key?.[0]}${Number(key?.slice(2))}`))
  expect(ids.size).toBe(3000)
  expect(numbers.size).toBeLessThan(ids.size)
  await close()
})

test('times are epoch milliseconds, dateTime is local wall time without seconds', async () => {
  for (const row of await firstRows(simulator, '121')) {
    expect(row.dateTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
    for (const field of ['serviceDateTimestamp', 'createdTimestamp', 'lastUpdatedTimestamp']) {
      expect(row[field], field).toSatisfy(Number.isSafeInteger)
    }
  }
})

test('set zeros and false are there, unset scalars are not', async () => {
  const [row = {}] = (await firstRows(simulator, '121')).filter((one) => one.walkinId !== undefined)
  expect(row).toMatchObject({ isCancelled: false, transferredOut: false })
  for (const field of ['id', 'experience', 'confirmationCode', 'totalPriceCents']) {
    expect(row).not.toHaveProperty(field)
  }
})

test('a file holds at most 5,000 rows, the last one is partial', async () => {
  const wineries = [{ ...smallWinery, businesses: [{ ...smallWinery.businesses[0]!, reservations: 10_500 }] }]
  const big = await startSimulator({ now: june, wineries })
  const { reservationDataUrls } = await links(big, '121')
  expect(reservationDataUrls.map((link) => new URL(link).pathname.split('/').at(-1))).toEqual([
    'reservation-1.json',
    'reservation-2.json',
    'reservation-3.json',
  ])
  const files = await Promise.all(
    reservationDataUrls.map(async (link) => (await (await fetch(link)).json()) as unknown[]),
  )
  expect(files.map((rows) => rows.length)).toEqual([5000, 5000, 500])
  await big.close()
})

test('a reservation row has about three thousand bytes', async () => {
  const [text = ''] = await fileTexts(simulator, '121')
  const bytes = Buffer.byteLength(text) / 120
  expect(bytes).toBeGreaterThan(2200)
  expect(bytes).toBeLessThan(3800)
})

test('the same seed and day give the same bytes, another seed gives others', async () => {
  const texts = async (seed: number) => {
    const one = await startSimulator({ now: june, seed, wineries: [smallWinery] })
    one.nextNight(3)
    const read = await fileTexts(one, '121')
    await one.close()
    return read
  }
  expect(await texts(5)).toEqual(await texts(5))
  expect(await texts(5)).not.toEqual(await texts(6))
})
