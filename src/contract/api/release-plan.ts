/** A release of so many a day, until all are released or somebody stops it. */

import { z } from 'zod'
import { campaignEffectSchema } from '../campaign.ts'
import { idText, instant, winerySlug } from './parts.ts'
import { manyToRelease } from './release.ts'

export const releasePlanParams = z.object({ winery: winerySlug, plan: idText })

const atTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe("Time of day on the winery's clock, `06:00`")

export const releasePlanning = z.strictObject({
  whom: manyToRelease.describe('Who waits now, of these; who comes later is not of the plan'),
  aDay: z.int().min(1).max(1_000_000).describe('Those first who were created first'),
  atTime: atTime.default('06:00'),
  expected: z.int().optional().describe('How many you were shown: others are not planned'),
  dryRun: z.boolean().default(false).describe('Only say how many, and what campaigns would do'),
})

export const releasePlanSchema = z
  .object({
    planId: idText,
    whom: z.string(),
    aDay: z.int(),
    atTime,
    madeAt: instant,
    madeBy: z.string(),
    lastOn: z.iso.date().nullable().describe("The winery's day of its last stage"),
    nextAt: instant.nullable().describe('null: it is over'),
    released: z.int().describe('By its stages so far'),
    waiting: z.int().describe('Who are still to be released by it'),
    endedAt: instant.nullable(),
    endedBy: z.string().nullable(),
    endedBecause: z.string().nullable(),
  })
  .meta({ id: 'ReleasePlan' })

export const releasePlannedSchema = z.object({
  planId: idText.nullable().describe('null: it was only looked at, or there is nobody to release'),
  customers: z.int(),
  mayBeMailed: z.int().describe('Of these'),
  days: z.int().describe('How many days it takes'),
  campaigns: z.array(campaignEffectSchema).describe('What each campaign would do once all are released'),
})

export const releasePlansSchema = z.object({ items: z.array(releasePlanSchema) })
