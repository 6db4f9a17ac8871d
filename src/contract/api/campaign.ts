/** Audiences of campaigns that are scheduled elsewhere: which they are, and who waits before them. */

import { z } from 'zod'
import { idText, instant } from './parts.ts'

export const campaignMark = z.strictObject({
  name: z.string().trim().min(1).max(100).describe('The campaign'),
  at: instant.nullable().default(null).describe('When it is sent; null: not known'),
})

export const campaignSchema = z
  .object({
    segmentId: idText,
    segment: z.string(),
    campaign: z.string(),
    campaignAt: instant.nullable(),
    matching: z.int().describe('Customers in the segment, now'),
    audience: z.int().describe('Of these, who may be mailed: who gets its mail'),
    joinOnceReleased: z.int().describe('Who would get it besides, were all released who wait for it'),
    waitingEntries: z
      .int()
      .describe(
        'Who entered by an initial pull, a mapping or a decision: no scheduled export carries them yet',
      ),
  })
  .meta({ id: 'Campaign' })

export const campaignsSchema = z.object({ items: z.array(campaignSchema) })
