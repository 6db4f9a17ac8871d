/** Brands as the API shows and takes them, and what enabling one asks. */

import { z } from 'zod'
import { brandCode, instant, winerySlug } from './parts.ts'

const tockId = z.string().regex(/^\s*\d{1,20}\s*$/)

export const brandSchema = z
  .object({
    winery: winerySlug,
    brand: brandCode,
    name: z.string(),
    businessGroupId: z.string(),
    businessId: z.string(),
    businessName: z.string().nullable().describe('What Tock calls the business, once it was pulled'),
    timeZone: z.string().nullable().describe("The business's zone, once it was pulled"),
    enabledAt: instant.nullable().describe('Since when it is pulled every night; null: it is not'),
    initialPullId: z.string().nullable(),
    lastPullId: z.string().nullable().describe('The last pull that was applied'),
    lastSnapshotAt: instant.nullable().describe("When Tock took that pull's snapshot"),
  })
  .meta({ id: 'Brand' })

export const newBrand = z.strictObject({
  code: brandCode,
  name: z.string().trim().min(1).max(200),
  businessGroupId: tockId,
  businessId: tockId.describe('Belongs to one brand, over all wineries'),
})

export const brandChange = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  businessGroupId: tockId.optional(),
  businessId: tockId
    .optional()
    .describe('Another business makes the next pull an initial one; what was pulled stays as history'),
})

export const nightlyRelease = z
  .string()
  .regex(/^(with-pull|by-hand|after:[1-9]\d{0,3})$/)
  .describe(
    'How customers that nightly pulls create are released: `with-pull`, `by-hand` or `after:N` (days)',
  )

export const nightlySchema = z
  .object({
    winery: winerySlug,
    brand: brandCode,
    enabledAt: instant.nullable().describe('null: no nightly pulls'),
    hadInitialPull: z.boolean(),
    experiencesUnmapped: z.int(),
    locationsUnmapped: z.int(),
    unmapped: z.int().describe('Both together: what enabling has to be told'),
    nightlyRelease,
    customersUnreleased: z.int().describe('Of the winery: not released for marketing yet'),
  })
  .meta({ id: 'Nightly' })

export const enabling = z.strictObject({
  unmapped: z.int().min(0).describe('How many are not mapped, as `GET …/nightly` told: you know of them'),
  nightlyRelease,
})
