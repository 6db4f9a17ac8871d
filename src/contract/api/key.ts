/** The Tock key on its way: asked for, handed over by a one-time link, confirmed, revoked. Never the key itself. */

import { z } from 'zod'
import { errorCodes, refusalSchema } from '../errors.ts'
import { brandCode, idText, instant, winerySlug } from './parts.ts'

const tockId = z.string().max(64)
const businessName = z.string().max(500).nullable()

export const connectionSchema = z
  .object({
    winery: winerySlug,
    brand: brandCode,
    businessId: z.string(),
    businessName: businessName.describe('What Tock calls the business; null while it has no reservations'),
    timeZone: z.string().nullable(),
    reservationFiles: z.int(),
    guestFiles: z.int(),
  })
  .meta({ id: 'Connection' })

export const handedKeySchema = z
  .object({
    brand: brandCode,
    brandName: z.string(),
    businessGroupId: z.string(),
    businessId: z.string(),
    state: z
      .enum(['trying', 'tested', 'confirmed', 'failed', 'dropped'])
      .describe(
        '`trying`: Tock does not accept it yet, it is tried again by itself; `tested`: waits to be confirmed',
      ),
    businessName: businessName.describe('What Tock calls the business: is it the right one?'),
    timeZone: z.string().nullable(),
    changesBusiness: z.boolean().describe("Confirming makes the brand's next pull an initial one"),
    diagnosis: z
      .object({ ...refusalSchema.shape, code: z.enum(errorCodes) })
      .nullable()
      .describe('Why Tock does not accept it, in words'),
    triedAt: instant,
    nextTryAt: instant.nullable(),
    tryUntil: instant,
    closedAt: instant.nullable(),
  })
  .meta({ id: 'HandedKey' })

export const keyStatusSchema = z
  .object({
    brand: brandCode,
    name: z.string(),
    storedFor: z
      .enum(['brand', 'winery'])
      .nullable()
      .describe('`brand`: its own key; `winery`: the one for all brands; null: none'),
    storedAt: instant.nullable(),
    linkExpiresAt: instant.nullable().describe('Until when an open link waits for the winery'),
    handedOver: handedKeySchema.nullable().describe('The latest that was handed over'),
  })
  .meta({ id: 'KeyStatus' })

export const askingForKey = z.strictObject({
  brands: z.array(brandCode).min(1).max(500).optional().describe('Left out: all brands of the winery'),
  mailTo: z
    .string()
    .max(320)
    .nullable()
    .optional()
    .describe('Who gets the link by mail; left out: the reservation contact; null: nobody, you hand it on'),
})

export const askedForKey = z
  .object({
    linkId: idText,
    link: z.string().describe('Good for one submission within 72 hours; shown this once'),
    expiresAt: instant,
    mailedTo: z.string().nullable(),
  })
  .meta({ id: 'AskedForKey' })

/** What a person saw and confirms. */
const seen = z
  .array(z.strictObject({ brand: brandCode, businessId: tockId, businessName }))
  .min(1)
  .max(500)

export const keyConfirmation = z.strictObject({ seen })
export const confirmedKeys = z
  .object({
    brands: z.array(brandCode),
    otherBusiness: z
      .array(brandCode)
      .describe(
        'Their next pull is an initial one, and nightly pulls are off until Support enables them again',
      ),
  })
  .meta({ id: 'ConfirmedKeys' })

export const revokedKeys = z
  .object({
    stored: z.int().describe('Stored keys that are gone'),
    onTheirWay: z.int(),
    links: z.int(),
    goesByWinerysKey: z.boolean().describe('The brand goes by the key for all brands from now on'),
  })
  .meta({ id: 'RevokedKeys' })

/** In the body, never in the address: addresses end up in logs. */
const token = z.string().min(20).max(200).describe('What stands behind the # of the link')
const receipt = z.string().min(20).max(200).describe('What submitting answered')

export const handOverLookingUp = z.strictObject({ token })
export const handOverForm = z
  .object({
    winery: winerySlug,
    wineryName: z.string(),
    askedBy: z.string(),
    expiresAt: instant,
    brands: z.array(
      z.object({
        brand: brandCode,
        name: z.string(),
        businessGroupId: z.string(),
        businessId: z.string().describe('As it is stored now, to be checked'),
      }),
    ),
  })
  .meta({ id: 'HandOverForm' })

/** Whatever lands in a field, a key in that of an id as well: what is wrong with it is said in words. */
const pasted = z.string().max(8192)

export const handOverSubmission = z.strictObject({
  token: token.describe(
    'What stands behind the # of the link, or an earlier receipt to correct what was sent',
  ),
  apiKey: pasted,
  businessGroupId: pasted,
  businesses: z.array(z.strictObject({ brand: brandCode, businessId: pasted })).max(500),
  email: z.string().max(320).optional().describe('Whom to tell how the key fares'),
})
export const handOverReceipt = z
  .object({
    receipt: z.string().describe('Opens the state of it for 72 hours; the link is spent'),
    brands: z.array(handedKeySchema),
  })
  .meta({ id: 'HandOverReceipt' })

export const handOverState = z
  .object({ winery: winerySlug, wineryName: z.string(), brands: z.array(handedKeySchema) })
  .meta({ id: 'HandOverState' })
export const handOverReading = z.strictObject({ receipt })
export const handOverConfirmation = z.strictObject({ receipt, seen })
