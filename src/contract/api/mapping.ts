/** The Tock Experiences List and the seating areas, with their mapping. */

import { z } from 'zod'
import { brandCode, dayText, instant, winerySlug } from './parts.ts'

const tockId = z.string().min(1).max(64)
const name = z.string().trim().min(1).max(200)
const counted = {
  pastReservations: z.int().describe('Reservations before now that get it too'),
  reservations: z.int().describe('All that get it'),
}

const lastSeen = {
  lastSeenAt: instant.nullable().describe('The latest snapshot of Tock that has shown a reservation of it'),
  lastReservationOn: dayText.nullable().describe('The day of its last reservation, past or to come'),
}

export const experienceSchema = z
  .object({
    winery: winerySlug,
    brand: brandCode,
    experienceId: tockId.describe("Tock's id; `walk-in` for walk-ins"),
    name: z.string().nullable(),
    variety: z.string().nullable(),
    reservations: z.int(),
    reservationType: z.string().nullable().describe('null: not mapped'),
    notAVisit: z.boolean(),
    ignored: z.boolean().describe('Off the to-do list; its reservations are kept all the same'),
    firstSeenAt: instant,
    ...lastSeen,
    suggestions: z
      .array(z.string())
      .describe('Reservation types with a similar name, best first; none where it is mapped'),
  })
  .meta({ id: 'Experience' })

export const mappingStates = ['unmapped', 'mapped', 'ignored'] as const

export const dryRun = z
  .boolean()
  .optional()
  .describe('Only say what would happen: the same answer, and nothing is changed')

export const experienceMapping = z.strictObject({
  reservationType: name,
  create: z.boolean().optional().describe('Create the reservation type when the list lacks it'),
  notAVisit: z
    .boolean()
    .optional()
    .describe('Marks the reservation type: virtual tasting, staff, deposit; left out: stays as it is'),
  dryRun,
})

export const mappedExperience = z
  .object({
    ...counted,
    experienceId: tockId,
    experience: z.string().nullable(),
    reservationType: z.string().nullable(),
    notAVisit: z.boolean(),
    sharedWith: z.int().describe('Other experiences with the same reservation type'),
    dryRun: z.boolean(),
  })
  .meta({ id: 'MappedExperience' })

export const ignoring = z.strictObject({ ignored: z.boolean() })
export const ignoredExperience = z.object({
  experienceId: tockId,
  experience: z.string().nullable(),
  ignored: z.boolean(),
})

export const locationSchema = z
  .object({
    winery: winerySlug,
    brand: brandCode,
    seatingAreaId: tockId.nullable().describe("null: the brand's default"),
    seatingArea: z.string().nullable(),
    reservations: z.int(),
    location: z.string().nullable().describe("Its own, else the brand's default; null: not mapped"),
    ownLocation: z.string().nullable().describe("null: it has the brand's default"),
    firstSeenAt: instant.nullable().describe("null for a brand's default"),
    ...lastSeen,
    suggestions: z
      .array(z.string())
      .describe('Locations with a similar name, best first; none where it has its own'),
  })
  .meta({ id: 'Location' })

export const locationMapping = z.strictObject({
  location: name,
  create: z.boolean().optional().describe('Create the location when the list lacks it'),
  dryRun,
})

export const mappedLocation = z
  .object({
    ...counted,
    seatingAreaId: tockId.nullable(),
    seatingArea: z.string().nullable(),
    location: z.string().nullable(),
    dryRun: z.boolean(),
  })
  .meta({ id: 'MappedLocation' })

export const experienceParams = z.object({ winery: winerySlug, brand: brandCode, experience: tockId })
export const seatingAreaParams = z.object({ winery: winerySlug, brand: brandCode, seatingArea: tockId })
