/** Calendar days and times of day in words: they have no zone. */

/** A calendar day (`2026-11-24`), which has no zone. */
export function dayText(day: string, options: Intl.DateTimeFormatOptions = {}): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: 'UTC',
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    ...options,
  }).format(new Date(`${day}T00:00:00Z`))
}

/** `18:30` as an American clock shows it. */
export function clockText(time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return `${hour % 12 || 12}:${String(minute).padStart(2, '0')} ${hour < 12 ? 'AM' : 'PM'}`
}
