/** A moment on the winery's clock, as `datetime-local` fields have it (`2026-06-01T09:00`), and back. */

export function toWineryClock(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`
}

/** Where the clock skips the time, the next that there is; where it has it twice, the first. Not every browser has Temporal. */
export function fromWineryClock(local: string, timeZone: string): string {
  const wanted = Date.parse(`${local}Z`)
  const shownAt = (instant: number) => Date.parse(`${toWineryClock(new Date(instant), timeZone)}Z`)
  // Twice: across a change of the clock the first guess is an hour off.
  const first = wanted - (shownAt(wanted) - wanted)
  return new Date(first - (shownAt(first) - wanted)).toISOString()
}
