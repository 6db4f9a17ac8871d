/** Exports of customers that were made: what left, when, with whom. */

import { z } from 'zod'
import { pageQuery } from './paging.ts'
import { idText, instant } from './parts.ts'

export const pastExportsQuery = pageQuery.extend({ segment: idText.optional().describe('Of this one alone') })

export const pastExportSchema = z
  .object({
    exportId: idText,
    name: z.string(),
    madeAt: instant,
    madeBy: z.string(),
    customers: z.int().describe('How many it carried'),
    format: z.enum(['csv', 'jsonl']).nullable(),
    columns: z.array(z.string()),
    notForMailing: z.boolean().describe('It carried people who may not be mailed, and says so'),
    reason: z.string().nullable().describe('Why such a one was wanted'),
  })
  .meta({ id: 'PastExport' })
