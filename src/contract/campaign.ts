/** What customers who come in, or are released, do to the audience of a campaign that is scheduled elsewhere. */

import { z } from 'zod'

const count = z.int().nonnegative()

export const campaignEffectSchema = z
  .object({
    segmentId: z.string(),
    segment: z.string(),
    campaign: z.string(),
    campaignAt: z.iso.datetime().nullable(),
    audience: count.describe('Who gets its mail without this: matches and may be mailed'),
    newNow: count.describe('New customers that would get it at once'),
    newOnceReleased: count.describe('New customers that would get it once they are released'),
    existing: count.describe('Existing customers that would join by the imported history'),
    existingMayMail: count.describe('Of these, who may be mailed'),
  })
  .meta({ id: 'CampaignEffect' })
export type CampaignEffect = z.infer<typeof campaignEffectSchema>

/** A sentence per campaign, for whoever decides. */
export function campaignWords(effect: CampaignEffect): string {
  const { campaign, segment, audience, newNow, newOnceReleased, existing, existingMayMail } = effect
  const n = (value: number) => value.toLocaleString('en-US')
  return [
    `Campaign "${campaign}" (segment "${segment}", ${n(audience)} now):`,
    `${n(newNow)} new customers would join at once, ${n(newOnceReleased)} once released;`,
    `${n(existing)} existing customers would join by the imported history, ${n(existingMayMail)} of them may be mailed.`,
  ].join(' ')
}
