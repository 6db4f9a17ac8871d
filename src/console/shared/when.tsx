/** Days and times for people. A time in a zone that is not the reader's says which zone. */

import { Text } from '@mantine/core'
import { clockText, dayText } from './day-text.ts'

const readersZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** A moment: in the zone of the winery or business where one is given, else in the reader's. */
export function When({ at, zone }: { at: Date | string | null; zone?: string | null }) {
  if (at === null) return <>—</>
  const date = typeof at === 'string' ? new Date(at) : at
  const full = momentText(date, zone ?? readersZone, { dateStyle: 'full', timeStyle: 'long' })
  return (
    <time dateTime={date.toISOString()} title={full}>
      {whenText(date, zone)}
    </time>
  )
}

/** The day of a moment, where the hour says nothing. */
export function DayOf({ at, zone }: { at: Date; zone: string }) {
  const full = momentText(at, zone, { dateStyle: 'full', timeStyle: 'long' })
  return (
    <time dateTime={at.toISOString()} title={full} style={{ whiteSpace: 'nowrap' }}>
      {momentText(at, zone, { dateStyle: 'medium' })}
    </time>
  )
}

export function whenText(at: Date, zone?: string | null): string {
  const shown = zone ?? readersZone
  const foreign = sameClock(at, shown, readersZone) ? {} : ({ timeZoneName: 'short' } as const)
  return momentText(at, shown, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    ...foreign,
  })
}

/** How long ago, to tell how old something is: "3 days". */
export function ageText(since: Date | string, now = new Date()): string {
  const minutes = Math.max(0, (now.getTime() - new Date(since).getTime()) / 60_000)
  const [count, unit] =
    minutes < 60
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [minutes / 60, 'hour']
        : [minutes / (24 * 60), 'day']
  const whole = Math.floor(count)
  if (whole === 0) return 'less than a minute'
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`
}

/** A local wall time (`2026-11-24T18:30`) as it stands at the business; the zone is named where it is not the reader's. */
export function LocalTime({
  local,
  zone,
  at,
}: {
  local: string
  zone: string | null
  at?: Date | string | null
}) {
  const [day = '', time = ''] = local.split(/[T ]/)
  return (
    <Text span inherit style={{ whiteSpace: 'nowrap' }}>
      {dayText(day)} {clockText(time)}
      {zone !== null && zoneNote(zone, at ?? `${day}T${time || '12:00'}Z`)}
    </Text>
  )
}

/** The zone of a clock that is not the reader's, to be written behind its time; else nothing. */
export function zoneNote(zone: string, at: Date | string): string {
  const date = new Date(at)
  return sameClock(date, zone, readersZone) ? '' : ` ${zoneText(zone, date.toISOString().slice(0, 10))}`
}

function zoneText(zone: string, day: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'short' }).formatToParts(
    new Date(`${day}T12:00:00Z`),
  )
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone
}

/** Two zones whose clocks show the same then: the reader need not be told. */
function sameClock(at: Date, one: string, other: string): boolean {
  const clock = (timeZone: string) =>
    new Intl.DateTimeFormat('en-US', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at)
  return one === other || clock(one) === clock(other)
}

function momentText(at: Date, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { timeZone, ...options }).format(at)
}
