/** The creation dates that spreadsheets and databases write, as instants. */

const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?)?$/i
const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/i

/**
 * @returns ISO in UTC; null for what is no date, lies before 1900 or in the future (a day's grace: "today" begins
 *   earlier elsewhere)
 */
export function importInstant(cell: string, timeZone: string, now: Temporal.Instant): string | null {
  try {
    const instant = read(cell, timeZone)
    if (instant === null) return null
    const isPast = Temporal.Instant.compare(instant, now.add({ hours: 24 })) <= 0
    const isModern = Temporal.Instant.compare(instant, Temporal.Instant.from('1900-01-01T00:00Z')) >= 0
    return isPast && isModern ? instant.toString() : null
  } catch {
    return null // the 31st of February
  }
}

function read(cell: string, timeZone: string): Temporal.Instant | null {
  if (iso.test(cell)) {
    const text = cell.replace(' ', 'T')
    if (/(?:Z|T.*[+-]\d{2}(?::?\d{2})?)$/i.test(text)) return Temporal.Instant.from(text)
    return startOf(text, timeZone)
  }
  const [, month, day, year, hour, minute, second, half] = american.exec(cell) ?? []
  if (month === undefined || day === undefined) return null
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (hour === undefined) return startOf(date, timeZone)
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return null
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  return startOf(`${date}T${String(hours).padStart(2, '0')}:${minute}:${second ?? '00'}`, timeZone)
}

function startOf(text: string, timeZone: string): Temporal.Instant {
  if (!text.includes('T')) return Temporal.PlainDate.from(text).toZonedDateTime(timeZone).toInstant()
  return Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).toInstant()
}
