/** Taking a pull back: looked at first, then done, and remembered. */

import { z } from 'zod'
import { brandCode, idText, instant } from './parts.ts'

export const undoKinds = ['initial pull', 'customers'] as const

export const undoAsked = z.strictObject({
  what: z
    .enum(undoKinds)
    .describe(
      '`initial pull`: all that it and later pulls of its business brought; `customers`: whom it created',
    ),
  why: z.string().trim().min(1).max(500).describe('Without personal data'),
  dryRun: z.boolean().default(false).describe('Only say what would go, and what would stay'),
})

export const undoneSchema = z
  .object({
    pullId: idText,
    brand: brandCode,
    what: z.enum(undoKinds),
    reservations: z.int(),
    customers: z.int(),
    kept: z
      .object({ matched: z.int(), edited: z.int(), released: z.int(), exported: z.int() })
      .describe('Customers that stay, each under the first reason that applies'),
    undone: z.boolean().describe('false: it was only looked at'),
  })
  .meta({ id: 'Undone' })

export const pastUndoSchema = z
  .object({
    undoId: idText,
    pullId: idText,
    brand: brandCode,
    what: z.enum(undoKinds),
    undoneAt: instant,
    undoneBy: z.string(),
    why: z.string(),
    reservations: z.int(),
    customers: z.int(),
    kept: z.int().describe('Customers that stayed'),
  })
  .meta({ id: 'PastUndo' })
