/** The wall clock of a business (rule 11): from instants to local time and back. */

import { firstMs, lastMs } from './read-value.ts'

export type BusinessClock = {
  /** The zone's IANA name in its usual spelling. */
  timeZone: string
  /** `YYYY-MM-DDTHH:MM:SS`; `null` outside the years 1 to 9999. */
  localTime(ms: number): string | null
  /**
   * The instant of a wall time `YYYY-MM-DDTHH:MM`; `null` when it is none. One that daylight saving skips is taken as
   * by a clock that had not been changed; of one that happens twice, the first.
   */
  instant(localTime: unknown): number | null
}

/** Clocks by zone name, each made once; `null` where the runtime knows no such zone. */
export function businessClocks(): (zone: unknown) => BusinessClock | null {
  const known = new Map<unknown, BusinessClock | null>()
  return (zone) => {
    const clock = known.get(zone)
    if (clock !== undefined) return clock
    const made = typeof zone === 'string' ? makeClock(zone) : null
    known.set(zone, made)
    return made
  }
}

const wallTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/

/** A stretch of time in which the zone's offset does not change: `fromMs` is in it, `untilMs` is not. */
type Stretch = { fromMs: number; untilMs: number; offsetMs: number }

function makeClock(zone: string): BusinessClock | null {
  const timeZone = zoneName(zone)
  if (timeZone === null) return null
  // Temporal takes about 2 µs for each answer and a file asks 5,000 times, mostly within a few years.
  const stretches: Stretch[] = []
  let current: Stretch | undefined

  function offsetAt(ms: number): number {
    if (current && ms >= current.fromMs && ms < current.untilMs) return current.offsetMs
    current = stretches.find((stretch) => ms >= stretch.fromMs && ms < stretch.untilMs)
    if (!current) {
      current = stretchAt(ms, timeZone ?? zone)
      stretches.push(current)
    }
    return current.offsetMs
  }

  return {
    timeZone,
    localTime(ms) {
      const localMs = ms + offsetAt(ms)
      return localMs >= firstMs && localMs <= lastMs ? new Date(localMs).toISOString().slice(0, 19) : null
    },
    instant(localTime) {
      if (typeof localTime !== 'string' || !wallTime.test(localTime)) return null
      try {
        return Temporal.PlainDateTime.from(localTime).toZonedDateTime(timeZone).epochMilliseconds
      } catch {
        return null
      }
    },
  }
}

function zoneName(zone: string): string | null {
  // Temporal also takes `+02:00` for a zone, which says nothing about daylight saving.
  if (!/^[A-Za-z]/.test(zone)) return null
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId
  } catch {
    return null
  }
}

function stretchAt(ms: number, timeZone: string): Stretch {
  const time = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone)
  // `previous` leaves out a change at the very instant that it is asked about.
  const previous = time.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')
  const next = time.getTimeZoneTransition('next')
  return {
    fromMs: previous?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    untilMs: next?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offsetMs: Math.trunc(time.offsetNanoseconds / 1e6),
  }
}
