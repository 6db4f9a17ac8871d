/** Wineries as the API shows and takes them. */

import { z } from 'zod'
import { instant, winerySlug } from './parts.ts'

export const winerySchema = z
  .object({
    winery: winerySlug,
    name: z.string(),
    timeZone: z.string().describe('IANA name').meta({ example: 'America/Los_Angeles' }),
    reservationContact: z.string().nullable().describe('Gets the mail after the pulls'),
    brands: z.int().describe('How many brands it has'),
    createdAt: instant,
  })
  .meta({ id: 'Winery' })

const name = z.string().trim().min(1).max(200)
const timeZone = z.string().max(64)
const reservationContact = z.string().max(320)

export const newWinery = z.strictObject({
  slug: z.string().max(63),
  name,
  timeZone: timeZone.optional(),
  reservationContact: reservationContact.optional(),
})

export const wineryChange = z.strictObject({
  name: name.optional(),
  timeZone: timeZone.optional(),
  reservationContact: reservationContact.nullable().optional(),
})
