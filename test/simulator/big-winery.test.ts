import { expect, test } from 'vitest'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { june, links } from './ask-tock.ts'

test('a winery of a million reservations takes no memory until its files are asked for', async () => {
  const before = process.memoryUsage()
  const simulator = await startSimulator({
    now: june,
    wineries: [
      {
        businessGroupId: '1',
        name: 'Big Valley',
        guests: 500_000,
        withoutCases: true,
        businesses: [
          { businessId: '11', name: 'Big Valley', timeZone: 'America/Chicago', reservations: 1_000_000 },
        ],
      },
    ],
  })
  const { reservationDataUrls } = await links(simulator, '11')
  expect(reservationDataUrls).toHaveLength(200)
  for (const at of [0, 99, 199]) {
    const rows = (await (await fetch(reservationDataUrls[at] ?? '')).json()) as unknown[]
    expect(rows).toHaveLength(5000)
  }
  simulator.nextNight()
  expect(simulator.truth('11').lastNight.edits).toHaveLength(10_000)
  const after = process.memoryUsage()
  // A million rows of three kilobytes would be three gigabytes.
  expect(after.rss - before.rss).toBeLessThan(400 * 1024 * 1024)
  await simulator.close()
})

test('a specification that makes no sense is refused in words', async () => {
  const business = { businessId: '11', name: 'B', timeZone: 'UTC', reservations: 5 }
  const winery = { businessGroupId: '1', name: 'W', guests: 50, businesses: [business, business] }
  await expect(startSimulator({ wineries: [winery] })).rejects.toThrow('Business 11 is there twice.')
  await expect(startSimulator({ wineries: [{ ...winery, guests: 0 }] })).rejects.toThrow(
    'W needs at least 10 guests for its reservations.',
  )
})
