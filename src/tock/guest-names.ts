/** Who comes and under which name (rule 15). */

import { cleanEmail, cleanName } from './clean-text.ts'
import { isRawRow } from './parse-rows.ts'
import { rawId, rawObject } from './read-value.ts'
import { removeCardNumbers } from './remove-card-numbers.ts'

export type Person = {
  patronId: string | null
  email: string | null
  firstName: string | null
  lastName: string | null
}

export type Guest = Person & { partyName: string | null; ownerPatronId: string | null }

/** A patron as Tock tells of it; names that are none are gone. */
export function readPatron(value: unknown): Person {
  const patron = rawObject(value)
  return {
    patronId: rawId(patron.id),
    email: cleanEmail(patron.email),
    ...realNames(cleanName(patron.firstName), cleanName(patron.lastName)),
  }
}

/** The diner is the guest; who booked fills in where it is the same patron, or the only one named. */
export function readGuest(dinerPatron: unknown, ownerPatron: unknown): Guest {
  const owner = readPatron(ownerPatron)
  const diner = isRawRow(dinerPatron) ? readPatron(dinerPatron) : owner
  const isSamePatron = diner.patronId !== null && diner.patronId === owner.patronId
  // A half of one name and a half of the other would be nobody's.
  const isNameless = diner.firstName === null && diner.lastName === null
  const named = isNameless && isSamePatron ? owner : diner
  return {
    patronId: diner.patronId,
    email: diner.email ?? (isSamePatron ? owner.email : null),
    firstName: named.firstName,
    lastName: named.lastName,
    partyName: fullName(diner) ?? fullName(owner),
    ownerPatronId: owner.patronId === diner.patronId ? null : owner.patronId,
  }
}

function fullName({ firstName, lastName }: Person): string | null {
  return firstName !== null && lastName !== null ? `${firstName} ${lastName}` : (firstName ?? lastName)
}

type Names = Pick<Person, 'firstName' | 'lastName'>

function realNames(firstName: string | null, lastName: string | null): Names {
  if (firstName !== null && lastName !== null) {
    const both = `${firstName} ${lastName}`
    // "Walk" "In".
    if (isPlaceholder(both)) return { firstName: null, lastName: null }
    const safe = removeCardNumbers(both)
    // A card number that begins in the first name and ends in the last one.
    if (safe !== both) return { firstName: cleanName(safe), lastName: null }
  }
  return { firstName: realName(firstName), lastName: realName(lastName) }
}

function realName(name: string | null): string | null {
  return name === null || isPlaceholder(name) ? null : name
}

/** "Guest", "Walk-in", "-" and their like stand where a name is unknown. */
const placeholder = /^(?:guest|walk[\s\p{Pd}]*in|unknown|tbd|n\/a|[\s\p{P}]*)$/iu

function isPlaceholder(name: string): boolean {
  return placeholder.test(name)
}
