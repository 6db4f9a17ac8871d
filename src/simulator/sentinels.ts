/**
 * What the simulated rows carry and nobody may keep, in forms that can be searched for: tests look for them in the
 * database, the data folder and the logs.
 */

/** Stands inside every text of a field that is never kept. */
export const forbidden = 'FORBIDDEN'

/** Every simulated confirmation code begins with it (Tock's have eight characters, so the whole word does not fit). */
export const forbiddenConfirmation = 'FRBDN'

/** Every simulated phone number holds it; 555-01xx is set aside for fiction. */
export const forbiddenPhone = '555-01'

/** Payment processors' test numbers, typed by somebody into a note. */
export const cardNumbersInNotes = ['4111 1111 1111 1111', '5555-5555-5555-4444', '378282246310005'] as const

/** All of them, as texts to search for; card numbers also without their separators. */
export const neverKept: readonly string[] = [
  forbidden,
  forbiddenConfirmation,
  forbiddenPhone,
  ...cardNumbersInNotes,
  ...cardNumbersInNotes.map((number) => number.replaceAll(/\D/g, '')),
]
