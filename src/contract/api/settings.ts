/** Web Store Settings, shared addresses, and the lists of names behind them. */

import { z } from 'zod'
import { mailPolicies, nightMails } from '../vocabulary.ts'
import { nightlyRelease } from './brand.ts'
import { guestEmail } from './guest-data.ts'
import { brandCode, winerySlug } from './parts.ts'

const defaultsSchema = z.object({
  customerSource: z.string().nullable(),
  customerType: z.string().nullable(),
  allocationTier: z.string().nullable(),
})

export const settingsSchema = z
  .object({
    winery: winerySlug,
    name: z.string(),
    timeZone: z.string(),
    reservationContact: z.string().nullable(),
    nightlyRelease,
    mailPolicy: z.enum(mailPolicies),
    nightMail: z.enum(nightMails).describe('When the reservation contact gets the mail after the pulls'),
    historyDays: z.int().describe('How long changes are remembered'),
    guardPercent: z.int().describe('A pull that takes away more than this waits for approval'),
    guestsWithoutReservation: z.boolean().describe('Whether guests without any reservation become customers'),
    exportNotes: z.boolean().describe('Whether notes, dietary ones among them, may leave in exports'),
    defaults: defaultsSchema.describe("What new customers get: the winery's own"),
    brands: z.array(
      z.object({ brand: brandCode, name: z.string(), own: defaultsSchema, effective: defaultsSchema }),
    ),
  })
  .meta({ id: 'Settings' })

const name = z.string().trim().min(1).max(200)
const defaultsChange = {
  customerSource: name.optional(),
  customerType: name.optional(),
  allocationTier: name.nullable().optional().describe('null takes the tier off'),
  create: z.boolean().optional().describe('Create names that the lists do not have yet'),
}

const asTheWinery = name.nullable().optional().describe("null: as the winery's new customers get it")

export const brandSettingsChange = z.strictObject({
  ...defaultsChange,
  customerSource: asTheWinery,
  customerType: asTheWinery,
  allocationTier: asTheWinery,
})

export const settingsChange = z.strictObject({
  ...defaultsChange,
  nightlyRelease: nightlyRelease.optional(),
  mailPolicy: z.enum(mailPolicies).optional(),
  nightMail: z.enum(nightMails).optional(),
  historyDays: z.int().min(1).max(36_500).optional(),
  guardPercent: z.int().min(1).max(100).optional(),
  guestsWithoutReservation: z.boolean().optional(),
  exportNotes: z.boolean().optional().describe("The winery's admin alone"),
})

export const mailPolicyEffects = z
  .object({ optedIn: z.int(), notOptedOut: z.int() })
  .meta({ id: 'MailPolicyEffects', description: 'How many customers may be mailed under which policy, now' })

export const sharedAddressSchema = z.object({
  address: guestEmail().describe('An address, or a domain (`@winery.example`)'),
})

const addresses = z.array(z.string().min(2).max(320)).max(500).optional()
export const sharedAddressesChange = z.strictObject({ add: addresses, remove: addresses })
export const sharedAddressesChanged = z.object({ added: z.int(), removed: z.int() })

/** As they stand in addresses; `vocabulary.ts` has them in words. */
export const listSlugs = [
  'customer-sources',
  'customer-types',
  'allocation-tiers',
  'locations',
  'reservation-types',
] as const

export const listEntrySchema = z
  .object({
    name: z.string(),
    notAVisit: z.boolean().describe('Of reservation types: reservations of it are no visits'),
  })
  .meta({ id: 'ListEntry' })
