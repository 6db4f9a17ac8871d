/** Pulls of the past, pulls that were asked for, and what they changed. */

import { z } from 'zod'
import { guestOutcomes, pullDetailsSchema } from '../pull-details.ts'
import { pullKinds, pullReportSchema, pullStatuses } from '../pull-report.ts'
import { pullProgressSchema, pullRequestSchema } from '../pull-request.ts'
import { guestChange } from './guest-data.ts'
import { brandCode, idText, instant, winerySlug } from './parts.ts'

export const pullSchema = pullReportSchema
  .extend({ startedAt: instant, finishedAt: instant })
  .meta({ id: 'Pull', description: 'A pull of the past with its report' })

export const pullFilters = {
  brand: brandCode.optional(),
  kind: z.enum(pullKinds).optional(),
  status: z.enum(pullStatuses).optional(),
}

export const pullParams = z.object({ winery: winerySlug, pull: idText })
export const requestParams = z.object({ winery: winerySlug, request: idText })

export const detailsSchema = z
  .object({ details: pullDetailsSchema.nullable() })
  .meta({ id: 'PullDetails', description: 'Files, what the guard looked at, what a preview found' })

export const peopleQuery = z.strictObject({
  outcome: z.enum(guestOutcomes).optional().describe('Only those of whom this becomes'),
})

export const pullChangeSchema = guestChange({
  changeId: idText,
  entity: z.enum(['reservation', 'customer']),
  tockKey: z.string().nullable().describe('Of a reservation: `r:413`, or `w:9001` for a walk-in'),
  id: idText.describe('Of the reservation or the customer'),
  field: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
}).meta({ id: 'PullChange' })

export const askedPull = pullRequestSchema.meta({
  id: 'PullRequest',
  description: 'A pull that was asked for: it waits, runs in a worker, or is over',
})

export const progressSchema = pullProgressSchema.meta({ id: 'PullProgress' })

export const confirmationSchema = z
  .object({
    winery: winerySlug,
    brand: brandCode,
    pullId: idText.describe("The preview's"),
    confirmedAt: instant,
    confirmedBy: z.string(),
    voidBecause: z
      .enum(['newer preview', 'settings changed', 'another business'])
      .nullable()
      .describe('Why it no longer holds: the preview has to be looked at and confirmed anew; null: it holds'),
  })
  .meta({ id: 'PreviewConfirmation' })
