import { describe, expect, test } from 'vitest'
import { business, rawReservation, readOne, readRows, startsAtMs } from './raw-rows.ts'

describe('the start', () => {
  const startOf = (changes: Record<string, unknown>) => readOne(changes).localStart

  test('is the timestamp, whatever the wall time says', () => {
    expect(startOf({ dateTime: '2020-01-01T20:00' })).toBe('2026-11-20T18:00:00')
    expect(startOf({ dateTime: 'soon' })).toBe('2026-11-20T18:00:00')
    expect(startOf({ serviceDateTimestamp: String(startsAtMs) })).toBe('2026-11-20T18:00:00')
    expect(startOf({ serviceDateTimestamp: 0 })).toBe('1969-12-31T18:00:00')
    expect(startOf({ serviceDateTimestamp: -1 })).toBe('1969-12-31T17:59:59')
  })

  test('is the wall time where there is no timestamp', () => {
    expect(readOne({ serviceDateTimestamp: undefined })).toMatchObject({
      startsAtMs,
      localStart: '2026-11-20T18:00:00',
    })
  })

  test('at a wall time that is skipped is an hour later, at one that happens twice the first', () => {
    const serviceDateTimestamp = undefined
    expect(readOne({ serviceDateTimestamp, dateTime: '2026-03-08T02:30' })).toMatchObject({
      startsAtMs: Date.parse('2026-03-08T03:30:00-05:00'),
      localStart: '2026-03-08T03:30:00',
    })
    expect(readOne({ serviceDateTimestamp, dateTime: '2026-11-01T01:30' })).toMatchObject({
      startsAtMs: Date.parse('2026-11-01T01:30:00-05:00'),
      localStart: '2026-11-01T01:30:00',
    })
  })

  test.each([
    { serviceDateTimestamp: 'soon' },
    { serviceDateTimestamp: '' },
    { serviceDateTimestamp: {} },
    { serviceDateTimestamp: true },
    { serviceDateTimestamp: 1.5 },
    { serviceDateTimestamp: 1e18 },
    { serviceDateTimestamp: Date.parse('-000001-01-01T00:00:00Z') },
    { serviceDateTimestamp: Date.parse('+010000-01-02T00:00:00Z') },
    { serviceDateTimestamp: undefined, dateTime: undefined },
    { serviceDateTimestamp: undefined, dateTime: '18:00' },
    { serviceDateTimestamp: undefined, dateTime: '2026-02-30T18:00' },
    { serviceDateTimestamp: undefined, dateTime: '2026-11-20T24:00' },
    { serviceDateTimestamp: undefined, dateTime: '2026-11-20T18:00Z' },
    { serviceDateTimestamp: undefined, dateTime: '0000-11-20T18:00' },
    { serviceDateTimestamp: undefined, dateTime: 1800 },
    { business: { ...business, timeZone: undefined } },
    { business: { ...business, timeZone: 'America/Nowhere' } },
    { business: { ...business, timeZone: '+02:00' } },
    { business: { ...business, timeZone: '' } },
    { business: { ...business, timeZone: 5 } },
    { business: undefined },
    { business: 'Hilltop' },
  ])('that cannot be read is an exception: %j', (changes) => {
    expect(readRows(rawReservation(changes))).toMatchObject({
      rows: [],
      exceptions: [{ code: 'unreadable_time', tockKey: 'r:413', subject: 'r:413' }],
      inSnapshot: 1,
    })
  })

  test('is in the zone under its usual name', () => {
    const changes = { business: { ...business, timeZone: 'america/chicago' } }
    expect(readOne(changes)).toMatchObject({ timeZone: 'America/Chicago', localStart: '2026-11-20T18:00:00' })
  })
})
