/** What conditions of a segment can name: the winery's own lists, for whoever builds one. */

import { z } from 'zod'
import { pullKinds } from '../pull-report.ts'
import { brandCode, idText, instant } from './parts.ts'

const names = z.array(z.string())

export const segmentChoicesSchema = z
  .object({
    customerSources: names,
    customerTypes: names,
    allocationTiers: names,
    locations: names,
    reservationTypes: names,
    experiences: z.array(
      z.object({ experienceId: z.string(), name: z.string().nullable(), brand: brandCode }),
    ),
    tags: names.describe('Those that customers have, the commonest first'),
    lists: z.array(z.object({ segmentId: idText, name: z.string() })).describe('Static segments'),
    pulls: z
      .array(
        z.object({
          pullId: idText,
          brand: brandCode,
          kind: z.enum(pullKinds),
          finishedAt: instant,
          created: z.int().describe('Customers'),
        }),
      )
      .describe('Those that created customers, the latest first'),
    imports: z
      .array(z.object({ importId: idText, importedAt: instant, created: z.int() }))
      .describe('The latest first'),
  })
  .meta({ id: 'SegmentChoices' })

export const customersSegmentsSchema = z.object({
  items: z.array(
    z
      .object({
        segmentId: idText,
        name: z.string(),
        kind: z.enum(['dynamic', 'static']),
        isMember: z
          .boolean()
          .nullable()
          .describe('null: something that it names is gone, or it asks for what you do not see'),
      })
      .meta({ id: 'SegmentOfCustomer' }),
  ),
})
