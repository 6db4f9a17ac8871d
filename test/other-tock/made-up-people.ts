import { readFileSync } from 'node:fs'
import type { Dice } from './dice.ts'

export interface Person {
  id: number | bigint
  email?: string
  firstName?: string
  lastName?: string
  phone?: string
}

interface Names {
  first: string[]
  last: string[]
  special: [string, string][]
}

const names: Names = JSON.parse(readFileSync(new URL('./made-up-names.json', import.meta.url), 'utf8'))

/** Neighbours beyond 2^53, which a plain number cannot tell apart, and the largest there can be. */
const longIds = [9007199254740992n, 9007199254740993n, 9007199254740995n, 18446744073709551615n]

/** The names that there are to try come first, so that few people already show them. */
export function makeUpPeople(dice: Dice, count: number): Person[] {
  const people: Person[] = []
  for (let place = 0; place < count; place += 1) {
    const [firstName, lastName] = names.special[place] ?? [dice.pick(names.first), dice.pick(names.last)]
    const person: Person = { id: longIds[place] ?? 100_000 + place * 3 }
    const later = place >= names.special.length
    const lot = later ? dice.below(100) : 50
    if (lot !== 0 && lot !== 1) person.firstName = firstName
    if (lot !== 0 && (lot < 2 || lot > 4)) person.lastName = lastName
    if (!dice.chance(0.12)) person.email = addressFor(firstName, place, dice)
    if (dice.chance(0.6)) person.phone = `555-01${String(place % 100).padStart(2, '0')}`
    people.push(person)
  }
  const [first, second] = people.slice(-2)
  if (count > names.special.length + 10 && first && second) {
    // Two people of one name, who are not one person.
    second.firstName = first.firstName = 'Alex'
    second.lastName = first.lastName = 'Namesake'
  }
  return people
}

function addressFor(firstName: string, place: number, dice: Dice): string {
  const plain = firstName.normalize('NFKD').replace(/[^A-Za-z]/g, '')
  const name = plain === '' ? 'guest' : plain.slice(0, 20)
  const lower = dice.chance(0.1) ? name : name.toLowerCase()
  const joint = dice.pick(['.', '.', '.', '_', '+', "'", '-'])
  return `${lower}${joint}${place}@example.com`
}

/** The person as the exports write a patron. */
export function asPatron(person: Person, leftOut: readonly (keyof Person)[] = []): Person {
  const patron: Person = { ...person }
  for (const field of leftOut) if (field !== 'id') delete patron[field]
  return patron
}
