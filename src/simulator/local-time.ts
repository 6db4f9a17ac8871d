/** Wall time at a business, fast enough for a million rows: the zone's offsets are looked up once per half hour. */

const dayMs = 86_400_000

export type LocalTime = {
  zone: string
  /** The instant of a wall time; days are counted from 1970-01-01. */
  instant(day: number, minuteOfDay: number): number
  /** The local day of an instant. */
  day(ms: number): number
  /** `YYYY-MM-DDTHH:MM`, as Tock writes `dateTime`. */
  wall(ms: number): string
}

export function localTime(zone: string): LocalTime {
  const offsets = new Map<number, number>()

  function offset(ms: number): number {
    const bucket = Math.floor(ms / 1_800_000)
    let known = offsets.get(bucket)
    if (known === undefined) {
      known = zoned(bucket * 1_800_000, zone).offsetNanoseconds / 1e6
      offsets.set(bucket, known)
    }
    return known
  }

  return {
    zone,
    instant(day, minuteOfDay) {
      const asUtc = day * dayMs + minuteOfDay * 60_000
      return asUtc - offset(asUtc - offset(asUtc))
    },
    day: (ms) => Math.floor((ms + offset(ms)) / dayMs),
    wall: (ms) => new Date(ms + offset(ms)).toISOString().slice(0, 16),
  }
}

/** The last instant before `ms` at which the zone's clocks went forward or back; null where they never do. */
export function lastClockChange(zone: string, ms: number, direction: 'forward' | 'back'): number | null {
  let at = zoned(ms, zone)
  for (let tries = 0; tries < 4; tries++) {
    const change = at.getTimeZoneTransition('previous')
    if (!change) return null
    const before = change.subtract({ nanoseconds: 1 })
    if (change.offsetNanoseconds > before.offsetNanoseconds === (direction === 'forward')) {
      return change.epochMilliseconds
    }
    at = before
  }
  return null
}

/** Tock publishes at about 01:30 and 13:30 US Central and is done by :57; the last such moment before `ms`. */
export function lastSnapshotTime(ms: number): number {
  const now = zoned(ms, 'America/Chicago')
  const today = [13, 1].map((hour) =>
    now.with({ hour, minute: 57, second: 0, millisecond: 0, microsecond: 0 }),
  )
  const done = today.find((at) => at.epochMilliseconds <= ms)
  return (done ?? now.subtract({ days: 1 }).with({ hour: 13, minute: 57, second: 0, millisecond: 0 }))
    .epochMilliseconds
}

function zoned(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
}
