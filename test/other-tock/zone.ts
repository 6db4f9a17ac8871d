const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  formats.set(timeZone, format)
  return format
}

/** The wall clock of a zone at an instant: `YYYY-MM-DDTHH:MM`. */
export function wallTime(instant: number, timeZone: string): string {
  const parts: Record<string, string> = {}
  for (const { type, value } of formatOf(timeZone).formatToParts(instant)) parts[type] = value
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`
}

const changesFound = new Map<string, number[]>()
const minute = 60_000
const day = 24 * 60 * minute

/** The instant at which a zone's clocks show this; the first of two, and after the gap if they never do. */
export function instantOf(wall: string, timeZone: string): number {
  const asUtc = Date.parse(`${wall}:00Z`)
  const offsetAt = (instant: number): number => Date.parse(`${wallTime(instant, timeZone)}:00Z`) - instant
  const guesses = [asUtc - offsetAt(asUtc - day), asUtc - offsetAt(asUtc + day)].toSorted((a, b) => a - b)
  return guesses.find((guess) => wallTime(guess, timeZone) === wall) ?? asUtc - offsetAt(asUtc - day)
}

/** The first instants after which the clocks of a zone have been put forward or back. */
export function clockChanges(timeZone: string, from: number, to: number): number[] {
  const asked = `${timeZone} ${from} ${to}`
  const known = changesFound.get(asked)
  if (known) return known
  const offsetAt = (instant: number): number => Date.parse(`${wallTime(instant, timeZone)}:00Z`) - instant
  const changes: number[] = []
  for (let start = Math.ceil(from / day) * day; start < to; start += day) {
    const before = offsetAt(start)
    if (before === offsetAt(start + day)) continue
    let at = start
    while (offsetAt(at) === before) at += 30 * minute
    changes.push(at)
  }
  changesFound.set(asked, changes)
  return changes
}
