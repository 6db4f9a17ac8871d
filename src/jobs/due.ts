/**
 * What is due: a pure function of schedule, zone, last run and instant, so that a test can ask it for any night. A time
 * of a schedule (a *slot*) is known by its instant: where the clocks go back, a local time that comes twice is the
 * first of the two; where they go forward, one that does not come is the one an hour later.
 */

export type Schedule = {
  /** Local, 'HH:MM'. */
  times: readonly string[]
  timeZone: string
}

/** Somebody who was away over a slot makes up for it within these hours; after that the next one will do. */
const catchUpHours = 12

const spreadSeconds = 15 * 60

/** All slots whose instants lie from the day before to two days after `now`, in order, each once. */
export function slotsAround(schedule: Schedule, now: Date): Date[] {
  const today = now.toTemporalInstant().toZonedDateTimeISO(schedule.timeZone).toPlainDate()
  const instants = new Set<number>()
  for (const days of [-1, 0, 1, 2]) {
    for (const time of schedule.times) {
      const local = today.add({ days }).toPlainDateTime(Temporal.PlainTime.from(time))
      instants.add(
        local.toZonedDateTime(schedule.timeZone, { disambiguation: 'compatible' }).epochMilliseconds,
      )
    }
  }
  return [...instants].sort((a, b) => a - b).map((ms) => new Date(ms))
}

export type Turn = {
  /** Of the brand's schedule, around `now`. */
  slots: readonly Date[]
  /** How long after each slot this brand's turn is. */
  offsetSeconds: number
  /** The last slot that it was pulled for. */
  lastSlot: Date | null
  /** When it was enabled, or its schedule changed: slots before it are nobody's. */
  since: Date
  now: Date
}

/** @returns the slot that the brand is to be pulled for now; of several that were missed the last */
export function dueSlot({ slots, offsetSeconds, lastSlot, since, now }: Turn): Date | null {
  const lateMs = (slot: Date) => now.getTime() - slot.getTime() - offsetSeconds * 1000
  return (
    slots.findLast(
      (slot) =>
        slot >= since &&
        (lastSlot === null || slot > lastSlot) &&
        lateMs(slot) >= 0 &&
        lateMs(slot) < catchUpHours * 3_600_000,
    ) ?? null
  )
}

/** @returns when the brand will be pulled next, once what is due is done */
export function nextTurn({ slots, offsetSeconds, lastSlot, since, now }: Turn): Date | null {
  const next = slots.find(
    (slot) =>
      slot >= since &&
      (lastSlot === null || slot > lastSlot) &&
      slot.getTime() + offsetSeconds * 1000 > now.getTime(),
  )
  return next ? new Date(next.getTime() + offsetSeconds * 1000) : null
}

/**
 * The brands of thousands of wineries begin over a quarter of an hour, each always at its own second. Their numbers
 * follow one another: multiplied by 2³² over the golden ratio they lie apart as evenly as can be.
 */
export function offsetSeconds(brandId: string): number {
  return Number(((BigInt(brandId) * 2_654_435_769n) % 2n ** 32n) % BigInt(spreadSeconds))
}
