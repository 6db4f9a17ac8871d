/** A period as days of one clock. */

import type { Period } from '../contract/segment.ts'

/** Both included; null: without an end. */
export type Days = { from: Temporal.PlainDate | null; to: Temporal.PlainDate | null }

export function today(now: Date, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate()
}

export function periodDays(period: Period, now: Date, timeZone: string): Days {
  const { from, to } = unbounded(period, now, timeZone)
  return { from: from && clamped(from), to: to && clamped(to) }
}

/** Whether it has a first day. */
export function hasStart(period: Period): boolean {
  return period.kind === 'between' ? period.from !== undefined : period.kind !== 'earlier'
}

/** Where PostgreSQL and Temporal write years alike, with room for a day more on both sides. */
export const earliest = Temporal.PlainDate.from('0100-01-01')
export const latest = Temporal.PlainDate.from('9000-01-01')

function clamped(day: Temporal.PlainDate): Temporal.PlainDate {
  if (Temporal.PlainDate.compare(day, earliest) < 0) return earliest
  return Temporal.PlainDate.compare(day, latest) > 0 ? latest : day
}

function unbounded(period: Period, now: Date, timeZone: string): Days {
  if (period.kind === 'between') {
    return { from: dateOf(period.from), to: dateOf(period.to) }
  }
  const start = today(now, timeZone)
  const span = { [period.unit]: period.n }
  switch (period.kind) {
    case 'last':
      return { from: start.subtract(span), to: start }
    case 'next':
      return { from: start, to: start.add(span) }
    case 'earlier':
      return { from: null, to: start.subtract(span).subtract({ days: 1 }) }
    case 'later':
      return { from: start.add(span).add({ days: 1 }), to: null }
  }
}

function dateOf(text: string | undefined): Temporal.PlainDate | null {
  return text === undefined ? null : Temporal.PlainDate.from(text)
}
