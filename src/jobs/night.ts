/**
 * Which night a time of a schedule belongs to: the span in which one snapshot of Tock's is the newest. Tock makes them
 * at about 01:30 and 13:30 US Central, so a winery that pulls twice a day has two "nights".
 */

const zone = 'America/Chicago'
const starts = ['01:30', '13:30'].map((time) => Temporal.PlainTime.from(time))

/** From, and up to but not including. */
export function nightOf(slot: Date): { from: Date; to: Date } {
  const day = slot.toTemporalInstant().toZonedDateTimeISO(zone).toPlainDate()
  const instants = [-1, 0, 1].flatMap((days) =>
    starts.map((time) =>
      day.add({ days }).toPlainDateTime(time).toZonedDateTime(zone, { disambiguation: 'compatible' }),
    ),
  )
  const at = instants.findLastIndex((start) => start.epochMilliseconds <= slot.getTime())
  const dateOf = (index: number) => new Date(instants[index]?.epochMilliseconds ?? Number.NaN)
  return { from: dateOf(at), to: dateOf(at + 1) }
}
