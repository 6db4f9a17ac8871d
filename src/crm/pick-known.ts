/** One of what pulls have brought, by Tock's id as somebody typed it. */

import { Refusal } from '../contract/errors.ts'
import { didYouMean } from './near-names.ts'

/** @throws Refusal not_found, with the id where the name was typed, else with ids that are near */
export function pickKnown<Known extends { id: string; name: string | null }>(
  known: Known[],
  typed: string,
  words: {
    brand: string
    /** One of them: `experience`. */
    thing: string
    /** Where they are listed, when that is not their own plural. */
    list?: string
    /** The next step where there is none at all. */
    whenNone: string
  },
): Known {
  const { brand, thing, list = `${thing}s`, whenNone } = words
  const wanted = typed.trim()
  const found = known.find(({ id }) => id === wanted)
  if (found) return found
  // People paste the name as often as the id.
  const named = known.find(({ name }) => name?.toLowerCase() === wanted.toLowerCase())
  const hint = named
    ? ` The ${thing} of this name has the id ${named.id}.`
    : didYouMean(
        wanted,
        known.map(({ id }) => id),
      )
  throw new Refusal(
    'not_found',
    `Brand ${brand} has no ${thing} "${typed}".${hint}`,
    known.length === 0 ? whenNone : `Take the id from the list of ${list}.`,
  )
}
