/** The odd cases that every simulated business has, in the order in which they are strewn among its rows. */

export const caseNames = [
  'walk in without patron',
  'walk in with patron',
  'walk in under a placeholder name',
  'cancelled',
  'cancelled, state says expected',
  'no show',
  'transferred out',
  'transferred in',
  'diner without e-mail',
  'same patron, e-mail on the owner only',
  'booked by a concierge',
  'booked by a concierge for nobody known',
  'a gift',
  'front desk address',
  'front desk address, other party',
  'invalid e-mail',
  'owner only',
  'no patron at all',
  'pickup order',
  'delivery order',
  'unknown state',
  'unknown variety',
  'unknown fields',
  'card number in a note',
  'card number with dashes in a note',
  'card number inside longer digits',
  'note of several lines',
  'note with emoji',
  'note right to left',
  'many notes',
  'unknown note type',
  'day the clocks went forward',
  'day the clocks went back',
  'hour that happened twice, first',
  'hour that happened twice, second',
  'wall time disagrees',
  'virtual tasting',
  'staff',
  'placeholder name',
  'amount as text',
  'awaiting response',
  'partially seated',
  'partially arrived',
  'no party size',
  'no seating area',
  'lone surrogate in a note',
] as const

export type CaseName = (typeof caseNames)[number]

/** Far enough apart to be spread over the years, yet all there in four hundred rows. */
const cycle = 400
const apart = 8

/** The case of a slot, or null for a row like others. */
export function caseAt(slot: number, count: number): CaseName | null {
  const step = caseStep(count)
  const place = slot % (step === 1 ? Math.max(count, caseNames.length) : cycle)
  return place % step === 0 ? (caseNames[place / step] ?? null) : null
}

/** How many slots a case is away from the one before it. */
export function caseStep(count: number): number {
  return count < cycle ? 1 : apart
}
