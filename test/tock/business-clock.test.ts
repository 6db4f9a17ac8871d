import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { businessClocks } from '../../src/tock/business-clock.ts'

const zones = [
  'America/Los_Angeles',
  'America/Chicago',
  'America/Phoenix',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Monrovia',
  'Africa/Casablanca',
  'Europe/Dublin',
  'Pacific/Apia',
  'Antarctica/Troll',
  'UTC',
]

function localTimeByTemporal(ms: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDateTime().toString({
    smallestUnit: 'second',
    roundingMode: 'floor',
  })
}

describe.each(zones)('the clock of %s', (zone) => {
  test('shows what Temporal shows, asked in any order', () => {
    const anyTime = fc.integer({
      min: Date.parse('0001-01-03T00:00:00Z'),
      max: Date.parse('9999-12-29T00:00:00Z'),
    })
    const recent = fc.integer({
      min: Date.parse('1960-01-01T00:00:00Z'),
      max: Date.parse('2045-01-01T00:00:00Z'),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(recent, anyTime), { minLength: 1, maxLength: 30 }), (times) => {
        const clock = businessClocks()(zone)
        for (const ms of times) expect(clock?.localTime(ms)).toBe(localTimeByTemporal(ms, zone))
      }),
      { numRuns: 60 },
    )
  })

  test('shows it around every change of the clocks', () => {
    const clock = businessClocks()(zone)
    let time: Temporal.ZonedDateTime | null = Temporal.ZonedDateTime.from(`1900-01-01T00:00[${zone}]`)
    for (let changes = 0; changes < 400; changes += 1) {
      time = time?.getTimeZoneTransition('next') ?? null
      if (!time || time.year > 2040) break
      for (const besides of [-7_200_000, -1, 0, 1, 899_999, 7_200_000]) {
        const ms = time.epochMilliseconds + besides
        expect(clock?.localTime(ms)).toBe(localTimeByTemporal(ms, zone))
      }
    }
  })

  test('finds the instant of what it shows', () => {
    const clock = businessClocks()(zone)
    const minutes = fc.integer({
      min: Date.parse('1975-01-01T00:00:00Z') / 60_000,
      max: Date.parse('2045-01-01T00:00:00Z') / 60_000,
    })
    fc.assert(
      fc.property(minutes, (minute) => {
        const shown = clock?.localTime(minute * 60_000) ?? ''
        const instant = clock?.instant(shown.slice(0, 16)) ?? Number.NaN
        expect(clock?.localTime(instant)).toBe(shown)
        expect(instant).toBeLessThanOrEqual(minute * 60_000)
      }),
    )
  })
})

test('a zone that nobody knows has no clock', () => {
  const clockOf = businessClocks()
  for (const zone of ['', 'Mars/Olympus', '+01:00', '-0800', 'Z\u0000', 5, null, undefined, {}]) {
    expect(clockOf(zone)).toBeNull()
  }
  expect(clockOf('US/Pacific')).toBe(clockOf('US/Pacific'))
})
