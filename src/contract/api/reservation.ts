/** Reservations as the API shows them: what `reporting.reservations` has. */

import { z } from 'zod'
import { reservationStatuses } from '../vocabulary.ts'
import { guestEmail, guestName, guestText } from './guest-data.ts'
import { pageOf, pageQuery } from './paging.ts'
import { brandCode, dayText, flag, idText, instant, winerySlug } from './parts.ts'

export const reservationParams = z.object({
  winery: winerySlug,
  brand: brandCode,
  reservation: z
    .string()
    .regex(/^[rw]:.{1,60}$/)
    .describe('`tockKey`: `r:413`, or `w:9001` for a walk-in'),
})

export const reservationSorts = ['-startsAt', 'startsAt', '-bookedAt', 'bookedAt'] as const

const status = z.enum(reservationStatuses)
const unmapped = 'or `unmapped`'

export const reservationsQuery = pageQuery.extend({
  brand: brandCode.optional(),
  from: dayText.optional().describe('First day, of the business'),
  to: dayText.optional().describe('Last day, of the business'),
  status: z.union([status, z.array(status)]).optional(),
  experience: z.string().max(60).optional().describe("Tock's number of it, or `walk-in`"),
  reservationType: z.string().max(200).optional().describe(`Its name, ${unmapped}`),
  location: z.string().max(200).optional().describe(`Its name, ${unmapped}`),
  seatingArea: z.string().max(60).optional().describe("Tock's number of it, or `none`"),
  customer: idText.optional(),
  visit: flag.optional(),
  missing: flag.optional().describe('No longer in Tock'),
  firstSeenPull: idText.optional(),
  changedInPull: idText.optional(),
  text: z.string().max(200).optional().describe('Words in names, e-mail address, notes; or Tock’s number'),
  sort: z.enum(reservationSorts).default('-startsAt'),
})

export const reservationSchema = z
  .object({
    reservationId: idText,
    brand: brandCode,
    tockKey: z.string().meta({ example: 'r:413' }),
    partyName: guestName(),
    startsAt: instant,
    localStart: z.string().describe('On the business’s clock').meta({ example: '2026-05-31T14:30:00' }),
    timeZone: z.string(),
    experienceId: z.string().nullable(),
    experience: z.string().nullable(),
    reservationType: z.string().nullable().describe('null: not mapped'),
    status,
    tockState: z.string().nullable(),
    isCancelled: z.boolean(),
    partySize: z.int().nullable(),
    notes: guestText(),
    location: z.string().nullable().describe('null: not mapped'),
    seatingArea: z.string().nullable(),
    customerId: idText.nullable(),
    customerEmail: guestEmail(),
    guestEmail: guestEmail(),
    guestFirstName: guestName(),
    guestLastName: guestName(),
    isVisit: z.boolean(),
    tockCreatedAt: instant.nullable(),
    tockUpdatedAt: instant.nullable(),
    firstSeenPull: idText,
    changedInPull: idText,
    missingSince: instant.nullable(),
  })
  .meta({ id: 'Reservation' })

export const reservationsPage = pageOf(reservationSchema).extend({
  total: z.int().nullable().describe('How many in all; null on later pages'),
})

export const daysQuery = z.strictObject({
  brand: brandCode.optional(),
  from: dayText.optional().describe('First day, of the business; left out: two weeks before the last'),
  to: dayText.optional().describe('Last day, a year later at most; left out: today, at the winery'),
})

const tally = z.int()

export const reservationDaySchema = z
  .object({
    brand: brandCode,
    day: dayText,
    reservations: tally.describe('Neither cancelled nor transferred, and still in Tock'),
    guests: tally.describe('Their party sizes'),
    walkIns: tally.describe('Of the reservations'),
    noShows: tally.describe('Of the reservations'),
    cancelled: tally.describe('Cancelled or transferred, apart'),
    missing: tally.describe('No longer in Tock, apart'),
  })
  .meta({ id: 'ReservationDay' })
