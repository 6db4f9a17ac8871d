import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueSlot, nextTurn, offsetSeconds, type Schedule, slotsAround } from '../../src/jobs/due.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const chicago: Schedule = { times: ['03:00'], timeZone: 'America/Chicago' }
const longAgo = new Date('2020-01-01T00:00:00Z')

/** The ticks of a server, and what it asked for at each: as the minute tick does, without a database. */
function runs(
  schedule: Schedule,
  ticks: Date[],
  more: { offset?: number; since?: Date; lastSlot?: Date | null } = {},
): { slot: Date; at: Date }[] {
  let lastSlot = more.lastSlot ?? null
  return ticks.flatMap((now) => {
    const slot = dueSlot({
      slots: slotsAround(schedule, now),
      offsetSeconds: more.offset ?? 0,
      lastSlot,
      since: more.since ?? longAgo,
      now,
    })
    if (!slot) return []
    lastSlot = slot
    return [{ slot, at: now }]
  })
}

const every = (minutes: number, from: string, to: string): Date[] => {
  const ticks: Date[] = []
  for (let ms = Date.parse(from); ms < Date.parse(to); ms += minutes * 60_000) ticks.push(new Date(ms))
  return ticks
}

const localDay = (instant: Date, timeZone: string) =>
  instant.toTemporalInstant().toZonedDateTimeISO(timeZone).toPlainDate().toString()

describe('a brand is pulled', () => {
  it('at 03:00 in Chicago when nothing else is set, in summer and in winter', () => {
    expect(runs(chicago, every(1, '2026-07-01T05:00:00Z', '2026-07-02T05:00:00Z'))).toEqual([
      { slot: new Date('2026-07-01T08:00:00Z'), at: new Date('2026-07-01T08:00:00Z') },
    ])
    expect(runs(chicago, every(1, '2026-12-01T06:00:00Z', '2026-12-02T06:00:00Z'))).toEqual([
      { slot: new Date('2026-12-01T09:00:00Z'), at: new Date('2026-12-01T09:00:00Z') },
    ])
  })

  it('once in the night in which 02:30 does not come, an hour later', () => {
    const schedule = { times: ['02:30'], timeZone: 'America/Chicago' }
    const night = runs(schedule, every(1, '2026-03-08T06:00:00Z', '2026-03-09T05:00:00Z'))
    expect(night.map(({ slot }) => slot.toISOString())).toEqual(['2026-03-08T08:30:00.000Z'])
  })

  it('once in the night in which 01:30 comes twice, the first time', () => {
    const schedule = { times: ['01:30'], timeZone: 'America/Chicago' }
    const night = runs(schedule, every(1, '2026-11-01T05:00:00Z', '2026-11-02T06:00:00Z'))
    expect(night.map(({ slot }) => slot.toISOString())).toEqual(['2026-11-01T06:30:00.000Z'])
  })

  it('at each of its times, in its own zone', () => {
    const schedule = { times: ['03:00', '15:00'], timeZone: 'Europe/Rome' }
    const from = '2026-07-01T00:00:00Z'
    const day = runs(schedule, every(1, from, '2026-07-02T00:00:00Z'), { since: new Date(from) })
    expect(day.map(({ slot }) => slot.toISOString())).toEqual([
      '2026-07-01T01:00:00.000Z',
      '2026-07-01T13:00:00.000Z',
    ])
  })

  it('some minutes after the time, always the same ones', () => {
    const [run] = runs(chicago, every(1, '2026-07-01T05:00:00Z', '2026-07-02T05:00:00Z'), { offset: 425 })
    expect(run).toEqual({ slot: new Date('2026-07-01T08:00:00Z'), at: new Date('2026-07-01T08:08:00Z') })
  })

  it('not for a time before it was enabled or its schedule was changed', () => {
    const ticks = every(1, '2026-07-01T08:30:00Z', '2026-07-02T08:30:00Z')
    expect(runs(chicago, ticks, { since: new Date('2026-07-01T08:01:00Z') })).toHaveLength(1)
    expect(runs(chicago, ticks, { since: new Date('2026-07-01T08:00:00Z') })).toHaveLength(2)
  })

  it('later when the server was away over its time, and once however many times were missed', () => {
    const schedule = { times: ['02:00', '03:00', '04:00'], timeZone: 'America/Chicago' }
    const back = runs(schedule, every(1, '2026-07-01T14:00:00Z', '2026-07-02T06:00:00Z'))
    expect(back).toEqual([{ slot: new Date('2026-07-01T09:00:00Z'), at: new Date('2026-07-01T14:00:00Z') }])
  })

  it('not any more when the server was away for half a day', () => {
    expect(runs(chicago, every(1, '2026-07-01T20:00:00Z', '2026-07-02T07:00:00Z'))).toEqual([])
  })
})

describe('for any zone, times, night and server', () => {
  const zones = [
    'America/Chicago',
    'America/Los_Angeles',
    'America/New_York',
    'America/St_Johns',
    'America/Sao_Paulo',
    'Europe/Rome',
    'Europe/Lisbon',
    'Africa/Cairo',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Adelaide',
    // Its clocks move by half an hour.
    'Australia/Lord_Howe',
    'Pacific/Auckland',
    'Pacific/Apia',
    'UTC',
  ]
  const time = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => {
    const two = (value: number) => String(value).padStart(2, '0')
    return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  })
  const schedules = fc.record({
    times: fc.uniqueArray(time, { minLength: 1, maxLength: 4 }).map((times) => times.sort()),
    timeZone: fc.constantFrom(...zones),
  })
  // Around the changes of both hemispheres, and anywhere else.
  const starts = fc.oneof(
    fc.constantFrom(
      '2026-03-06',
      '2026-03-27',
      '2026-04-03',
      '2026-04-22',
      '2026-09-25',
      '2026-10-02',
      '2026-10-23',
      '2026-10-30',
    ),
    fc
      .integer({ min: 0, max: 3650 })
      .map((day) => localDay(new Date(Date.UTC(2024, 0, 1) + day * dayMs), 'UTC')),
  )
  const nights = 4
  const clocks = new Map<string, Intl.DateTimeFormat>()

  it('a brand is pulled exactly once per local day and time, whenever ticks come, late ones and double ones too', () => {
    fc.assert(
      fc.property(
        schedules,
        starts,
        fc.integer({ min: 0, max: 899 }),
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 30, maxLength: 60 }),
        (schedule, start, offset, pauses) => {
          const first = Date.parse(`${start}T00:00:00Z`)
          const ticks: Date[] = []
          // No pause is longer than from one slot to the next, after which only the later one would be made up for.
          const longest = shortestGapMinutes(schedule)
          for (let ms = first, turn = 0; ms < first + nights * dayMs; turn++) {
            ticks.push(new Date(ms), new Date(ms + 1))
            ms += Math.max(1, Math.min(pauses[turn % pauses.length] ?? 0, longest)) * 60_000
          }
          const asked = runs(schedule, ticks, { offset, since: new Date(first) })
          const wanted = wantedSlots(schedule, first, (ticks.at(-1)?.getTime() ?? 0) - offset * 1000)
          expect(asked.map(({ slot }) => slot.getTime())).toEqual(wanted)
          for (const { slot, at } of asked)
            expect(at.getTime()).toBeGreaterThanOrEqual(slot.getTime() + offset * 1000)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('a server that comes back asks for the last slot that it missed, once, and only within twelve hours', () => {
    fc.assert(
      fc.property(schedules, starts, fc.integer({ min: 0, max: 60 * 60 }), (schedule, start, awayMinutes) => {
        const left = Date.parse(`${start}T00:00:00Z`)
        const back = left + awayMinutes * 60_000
        const before = wantedSlots(schedule, left - 2 * dayMs, left).at(-1)
        const lastSlot = before === undefined ? null : new Date(before)
        const missed = wantedSlots(schedule, left + 1, back).filter((slot) => slot > back - 12 * hourMs)
        const asked = runs(schedule, [new Date(back), new Date(back), new Date(back + 1)], { lastSlot })
        const last = missed.at(-1)
        // A slot may begin in the millisecond after the return.
        const expected = last === undefined ? [] : [last]
        expect(asked.map(({ slot }) => slot.getTime()).slice(0, 1)).toEqual(expected.slice(0, 1))
        expect(asked.length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 120 },
    )
  })

  it('the next turn that is told is the one that comes', () => {
    fc.assert(
      fc.property(schedules, starts, fc.integer({ min: 0, max: 899 }), (schedule, start, offset) => {
        const now = new Date(`${start}T00:00:00Z`)
        const turn = { slots: slotsAround(schedule, now), offsetSeconds: offset, since: now, now }
        const next = nextTurn({ ...turn, lastSlot: null })
        if (!next) throw new Error('no next turn')
        const just = (ms: number) => runs(schedule, [new Date(next.getTime() + ms)], { offset, since: now })
        expect(just(-1)).toEqual([])
        expect(just(0)).toHaveLength(1)
      }),
      { numRuns: 100 },
    )
  })

  /** Every local day and time as an instant, worked out by looking at clocks: minute for minute, as people would. */
  function wantedSlots(schedule: Schedule, fromMs: number, toMs: number): number[] {
    const slots = new Set<number>()
    for (const time of schedule.times) {
      // A time that the clocks jump over is the one later by as much as they jump.
      for (let day = -2; day <= nights + 4; day++) {
        const date = localDay(new Date(fromMs + day * dayMs), schedule.timeZone)
        const wall = `${date}T${time}`
        const guess = Date.parse(`${wall}:00Z`)
        const offsets = [-36, 36].map((hours) => zoneOffsetMs(schedule.timeZone, guess + hours * hourMs))
        const [before = 0, after = 0] = offsets
        const matches = [...new Set(offsets)]
          .map((offset) => guess - offset)
          .filter((ms) => guess - ms === zoneOffsetMs(schedule.timeZone, ms))
        slots.add(matches.length > 0 ? Math.min(...matches) : guess - Math.min(before, after))
      }
    }
    return [...slots].filter((ms) => ms >= fromMs && ms <= toMs).sort((a, b) => a - b)
  }

  /** How far the clocks on the wall are ahead of UTC. */
  function zoneOffsetMs(timeZone: string, ms: number): number {
    const clock =
      clocks.get(timeZone) ??
      new Intl.DateTimeFormat('en-CA', {
        timeZone,
        hourCycle: 'h23',
        dateStyle: 'short',
        timeStyle: 'medium',
      })
    clocks.set(timeZone, clock)
    const parts = clock.format(ms).replace(', ', 'T')
    return Date.parse(`${parts}Z`) - Math.floor(ms / 1000) * 1000
  }

  function shortestGapMinutes({ times, timeZone }: Schedule): number {
    const slots = slotsAround({ times, timeZone }, new Date('2026-06-10T00:00:00Z')).map((slot) =>
      slot.getTime(),
    )
    const gaps = slots.slice(1).map((slot, at) => slot - (slots[at] ?? 0))
    // A change of the clocks may bring two slots nearer to each other by an hour.
    return Math.max(1, Math.min(...gaps) / 60_000 - 61)
  }
})

describe('the brands', () => {
  it('begin spread evenly over a quarter of an hour, whatever their numbers', () => {
    for (const first of [1, 977, 1_000_000_007]) {
      const minutes = Array<number>(15).fill(0)
      for (let brand = first; brand < first + 3000; brand++) {
        const seconds = offsetSeconds(String(brand))
        const minute = Math.floor(seconds / 60)
        minutes[minute] = (minutes[minute] ?? 0) + 1
      }
      for (const count of minutes) expect(count).toBeGreaterThan(170)
      for (const count of minutes) expect(count).toBeLessThan(230)
    }
  })
})
