/** Releasing customers for marketing: looked at first, with what it does to campaigns, and taken back. */

import { z } from 'zod'
import { campaignEffectSchema } from '../campaign.ts'
import { dayText, idText, instant, winerySlug } from './parts.ts'

export const releaseParams = z.object({ winery: winerySlug, release: idText })

const kinds = [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('pull'), pullId: idText }),
  z.strictObject({ kind: z.literal('created'), from: dayText.optional(), to: dayText.optional() }),
  z
    .strictObject({ kind: z.literal('segment'), segmentId: idText })
    .describe('Those who would be in it, were they released'),
] as const

/** Who is not released yet, of these. */
export const manyToRelease = z.discriminatedUnion('kind', kinds)
export type ManyToRelease = z.infer<typeof manyToRelease>

export const releasing = z.strictObject({
  whom: z
    .discriminatedUnion('kind', [
      ...kinds,
      z.strictObject({ kind: z.literal('address'), email: z.string().min(3).max(320) }),
    ])
    .describe('Who is not released yet, of these'),
  atMost: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe('In stages: this many, those first who were created first'),
  expected: z.int().optional().describe('How many you were shown: others are not released'),
  dryRun: z.boolean().default(false).describe('Only say how many, and what campaigns would do'),
})

export const releasedSchema = z.object({
  releaseId: idText.nullable().describe('null: nobody was released'),
  released: z.int(),
  mayBeMailed: z.int().describe('Of these'),
  note: z.string(),
  campaigns: z.array(campaignEffectSchema).describe('Of each campaign: who would join by it, or has joined'),
})

export const releaseSchema = z
  .object({
    releaseId: idText,
    releasedAt: instant,
    releasedBy: z.string(),
    whom: z.string(),
    planId: idText.nullable().describe('It was a stage of this release plan'),
    customers: z.int(),
    mayBeMailed: z.int().describe('Of these, when they were released'),
    takenBackAt: instant.nullable(),
    takenBackBy: z.string().nullable(),
  })
  .meta({ id: 'Release' })

export const takenBackSchema = z.object({
  takenBack: z.int(),
  exportedSince: z.int().describe('An export has carried them since: they stay released'),
  plansStopped: z.int().describe('Plans that would have released them again: stopped'),
})
