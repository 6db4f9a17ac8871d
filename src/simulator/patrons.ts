/** The people of a business group. Each is made from its number alone; what later nights changed lies on top. */

import { mailboxName, personName, placeholderNames } from './names.ts'
import { numberOf, pick, type Random, seededRandom, whole } from './random.ts'
import type { RawId, RawRow } from './raw-row.ts'
import { forbidden, forbiddenPhone } from './sentinels.ts'

export type Patron = {
  index: number
  id: RawId
  firstName?: string
  lastName?: string
  email?: string
  phone: string
}

/** What a night changed of a patron; `version` counts the edits. */
export type PatronEdit = {
  version: number
  updatedMs: number
  email?: string
  lastName?: string
  optIn?: boolean
  optInSource?: string
}

export type People = {
  seed: number
  businessGroupId: string
  /** How many there were at the start: roles below are shares of it, so that they do not move. */
  initialCount: number
  count: number
  edits: Map<number, PatronEdit>
}

/** The patron numbers with a part to play in every group. */
export const roles = {
  /** Book for others and never dine. */
  concierges: [0, 1],
  /** A front desk's address under which many parties are booked. */
  frontDesk: 2,
  /** Its address is none. */
  invalidEmail: 3,
  /** Dine, have no address. */
  withoutEmail: 4,
} as const

/** Patrons from this number on (up to `initialCount`) are in the guest list without ever having booked. */
export function firstNeverBooked(people: People): number {
  return Math.max(8, Math.floor(people.initialCount * 0.85))
}

/** Somebody for a table: regulars come more often than others. */
export function anyDiner(people: People, random: Random): number {
  const from = 5
  return from + Math.floor(random() ** 1.5 * (firstNeverBooked(people) - from))
}

/** Who books for guests. */
export function anyConcierge(random: Random): number {
  return pick(random, roles.concierges)
}

/** As it is now, or as it was before its last edit. */
export function patron(people: People, index: number, when: 'now' | 'before' = 'now'): Patron {
  const random = seededRandom(people.seed, numberOf(people.businessGroupId), 11, index)
  const placeholder = index > 20 && index % 101 === 7
  const name = placeholder ? pick(random, placeholderNames) : personName(random)
  const edit = when === 'now' ? people.edits.get(index) : undefined
  const lastName = edit?.lastName ?? name.lastName
  const email = edit?.email ?? emailOf(index, mailboxName(name), random)
  return {
    index,
    id: patronId(people, index),
    ...(name.firstName !== undefined && { firstName: name.firstName }),
    ...(lastName !== undefined && { lastName }),
    ...(email !== undefined && !placeholder && { email }),
    phone: `707-${forbiddenPhone}${String(whole(random, 0, 99)).padStart(2, '0')}`,
  }
}

/**
 * Every fiftieth patron and the two after it have ids beyond 2^53, where a double holds only every other number:
 * whoever rounds them makes one person out of two.
 */
export function patronId(people: People, index: number): RawId {
  const place = index % 50
  if (place >= 40 && place <= 42) return 9_007_199_254_740_992n + BigInt(groupBase(people)) + BigInt(index)
  return groupBase(people) + index * 3
}

/** A patron as rows embed it. */
export function patronRow(who: Patron): RawRow {
  return {
    id: who.id,
    email: who.email,
    firstName: who.firstName,
    lastName: who.lastName,
    phone: who.phone,
    phoneCountryCode: '+1 US',
    zipCode: `${forbidden}-94558`,
    imageUrl: who.index % 6 === 0 ? `https://images.example.com/${forbidden}/${who.index}.jpg` : undefined,
    isoCountryCode: 'US',
    loyaltyProgramCardNumber: who.index % 9 === 0 ? `${forbidden}-LOY-${who.index}` : undefined,
    loyaltyProgramAccountId: who.index % 9 === 0 ? `${forbidden}-ACC-${who.index}` : undefined,
  }
}

function emailOf(index: number, mailbox: string, random: Random): string | undefined {
  if (index === roles.frontDesk) return 'frontdesk@grandhotel.example.com'
  if (index === roles.invalidEmail) return 'no address, call the hotel'
  if (index === roles.withoutEmail || random() < 0.08) return undefined
  if (index === 0 || index === 1) return `concierge${index + 1}@travel.example.com`
  const domain = pick(random, ['example.com', 'mail.example.com', 'post.example.com', 'Example.COM'])
  const tag = index % 23 === 0 ? '+wine' : ''
  const address = `${mailbox}.${index}${tag}@${domain}`
  return index % 17 === 0 ? address.toUpperCase() : address
}

function groupBase(people: People): number {
  return 10_000_000 + (numberOf(people.businessGroupId) % 900) * 10_000_000
}
