/** The audit: who did what when. */

import { z } from 'zod'
import { idText, instant } from './parts.ts'

export const auditFilters = {
  actor: z.string().max(200).optional().describe('Part of a name, or an id'),
  action: z.string().max(100).optional().describe('The whole word; `users.` finds all that begin with it'),
  subject: z.string().max(200).optional(),
  from: instant.optional(),
  before: instant.optional(),
}

export const auditSchema = z
  .object({
    auditId: idText,
    winery: z.string().nullable().describe("null: the installation's, or of a winery that is gone"),
    at: instant,
    actor: z.object({
      kind: z.enum(['user', 'api-key', 'command line', 'program']),
      id: z.string(),
      name: z.string(),
    }),
    action: z.string(),
    subject: z.string().nullable(),
    details: z.looseObject({}),
  })
  .meta({ id: 'AuditRecord' })
