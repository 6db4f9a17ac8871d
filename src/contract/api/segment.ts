/** Segments: asked about, saved, exported. What a definition can say: `contract/segment.ts`. */

import { z } from 'zod'
import { definitionSchema } from '../segment.ts'
import { exportColumns, exportFormats, usualColumns } from '../segment-export.ts'
import { maxPageSize } from './paging.ts'
import { brandCode, idText, instant } from './parts.ts'

const name = z.string().trim().min(1).max(100)
/** Read by `readDefinition`, which says what is wrong and bears any nesting. */
const definition = z
  .record(z.string(), z.unknown())
  .describe('As SegmentDefinition: `{ "version": 1, "where": … }`')

/** Exactly one of the two. */
const which = { segment: name.optional(), definition: definition.optional() }

export const segmentAsked = z.strictObject(which)
export const segmentPageAsked = z.strictObject({
  ...which,
  limit: z.int().min(1).max(maxPageSize).default(20),
  after: idText.optional().describe('The last customer of the page before'),
})
export const segmentExplainAsked = z.strictObject({ ...which, customer: idText })
export const segmentToSave = z.strictObject({
  name,
  kind: z.enum(['dynamic', 'static']).default('dynamic'),
  definition,
  replace: z.boolean().default(false),
})
export const segmentNamed = z.strictObject({ name })
export const segmentRenamed = z.strictObject({ name, newName: name })
export const segmentExportAsked = z.strictObject({
  ...which,
  format: z.enum(exportFormats).default('csv'),
  columns: z.array(z.enum(exportColumns)).min(1).default(usualColumns),
  notForMailing: z.strictObject({ why: z.string().trim().min(1).max(500) }).optional(),
})

const asOf = z.array(z.object({ brand: brandCode, snapshotTakenAt: instant.nullable() }))
export const segmentCountSchema = z
  .object({
    matching: z.int(),
    mayMail: z.int(),
    mayNotMail: z
      .object({
        noAddress: z.int(),
        bounced: z.int(),
        inactive: z.int(),
        optedOut: z.int(),
        notReleased: z.int(),
        notOptedIn: z.int(),
      })
      .describe('Each customer once, under the first reason that applies'),
    asOf,
  })
  .meta({ id: 'SegmentCount' })

export const segmentExplanationSchema = z
  .object({
    customerId: idText,
    isMember: z.boolean(),
    mayMail: z.boolean(),
    obstacle: z.string().nullable(),
    why: z
      .unknown()
      .describe('The tree of the definition: kind, holds, of; or condition, holds, reservations'),
    asOf,
  })
  .meta({ id: 'SegmentExplanation' })

export const savedSegmentSchema = z
  .object({
    segmentId: idText,
    name: z.string(),
    kind: z.enum(['dynamic', 'static']),
    definition: definitionSchema.nullable(),
    createdAt: instant,
    createdBy: z.string(),
    changedAt: instant,
    changedBy: z.string(),
    campaignName: z.string().nullable(),
    campaignAt: instant.nullable(),
    recordedAt: instant,
    matching: z.int().nullable().optional(),
    mayMail: z.int().nullable().optional(),
    lastExportedAt: instant.nullable().optional(),
    schedules: z.int().optional().describe('Exports of it on a schedule'),
  })
  .meta({ id: 'Segment' })

export const segmentsSchema = z.object({
  items: z.array(savedSegmentSchema),
  readyMade: z.array(z.object({ name: z.string(), definition: definitionSchema })),
})
