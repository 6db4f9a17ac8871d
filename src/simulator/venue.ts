/** One simulated business: what it offers and where it seats people. */

import { type LocalTime, localTime } from './local-time.ts'
import type { People } from './patrons.ts'
import { numberOf } from './random.ts'
import type { RawRow } from './raw-row.ts'
import type { BusinessSpec } from './winery-spec.ts'

export type Experience = {
  id: number
  name: string
  variety: string
  amountCents: number
  /** How often it is booked, against the others. */
  weight: number
}

export type SeatingArea = { id: number; name: string; isOutdoors: boolean }

export type Renaming = { experienceId: number; name: string; atMs: number }

export type Venue = {
  spec: BusinessSpec
  seed: number
  /** Stands for this business wherever randomness is seeded. */
  number: number
  withCases: boolean
  people: People
  time: LocalTime
  /** The snapshot for which the first rows were made; later nights change rows, never this. */
  startedMs: number
  experiences: Experience[]
  /** The first experiences with how often each is booked; later ones stay out, or the first rows would change. */
  offers: readonly (readonly [weight: number, experience: Experience])[]
  /** The business as every row names it. */
  row: RawRow
  seatingAreas: SeatingArea[]
  renamings: Renaming[]
}

export function makeVenue(
  spec: BusinessSpec,
  people: People,
  given: { seed: number; startedMs: number; withCases: boolean },
): Venue {
  const number = numberOf(spec.businessId)
  const base = (number % 9000) * 1000 + 100_000
  const experiences = offered.map((experience, at) => ({ ...experience, id: base + at }))
  return {
    ...given,
    spec,
    row: businessRow(spec),
    number,
    people,
    time: localTime(spec.timeZone),
    experiences,
    offers: experiences.map((experience) => [experience.weight, experience]),
    seatingAreas: areas.map((area, at) => ({ ...area, id: base + 500 + at })),
    renamings: [],
  }
}

/** One that the business did not offer at the start. */
export function addExperience(venue: Venue, name: string): Experience {
  const id = Math.max(...venue.experiences.map((experience) => experience.id)) + 1
  const experience = { id, name, variety: 'PREPAID', amountCents: 6500, weight: 10 }
  venue.experiences.push(experience)
  return experience
}

/** A row carries the name that its experience had when it was booked or last edited. */
export function experienceName(venue: Venue, experience: Experience, atMs: number): string {
  const renaming = venue.renamings.findLast((one) => one.experienceId === experience.id && one.atMs <= atMs)
  return renaming?.name ?? experience.name
}

function businessRow(spec: BusinessSpec): RawRow {
  return {
    id: Number(spec.businessId),
    name: spec.name,
    domainName: spec.name.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
    locale: spec.locale ?? 'en_US',
    currencyCode: spec.currencyCode ?? 'USD',
    timeZone: spec.timeZone,
  }
}

const offered: Omit<Experience, 'id'>[] = [
  { name: 'Estate Tasting', variety: 'RESERVATION', amountCents: 4500, weight: 40 },
  { name: 'Cave Tour & Barrel Sample', variety: 'PREPAID', amountCents: 9500, weight: 20 },
  { name: 'Library Flight', variety: 'DEPOSIT', amountCents: 12_000, weight: 12 },
  { name: 'Virtual Tasting', variety: 'PREPAID', amountCents: 7000, weight: 6 },
  { name: 'Industry / Staff', variety: 'RESERVATION', amountCents: 0, weight: 5 },
  { name: 'Harvest Supper', variety: 'EVENT', amountCents: 18_500, weight: 5 },
  { name: 'Tableside Pairing', variety: 'TABLESIDE', amountCents: 6000, weight: 4 },
  { name: 'Club Pick-up', variety: 'PICKUP', amountCents: 24_000, weight: 2 },
  { name: 'Local Delivery', variety: 'DELIVERY', amountCents: 15_000, weight: 1 },
]

const areas: Omit<SeatingArea, 'id'>[] = [
  { name: 'Terrace', isOutdoors: true },
  { name: 'Tasting Room', isOutdoors: false },
  { name: 'Barrel Cellar', isOutdoors: false },
]
