/** An instant as people of a zone write it, with the zone's name: a mail may be read in another one. */

export function mailTime(instant: string, timeZone: string): string {
  const written = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(instant))
  return written.replaceAll('\u202f', ' ')
}

/** A day without a clock: `Tuesday, June 2`. */
export function mailDay(day: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: 'UTC',
    weekday: 'long',
    month: 'long',
    day: 'numeric',
  }).format(new Date(`${day}T00:00:00Z`))
}
