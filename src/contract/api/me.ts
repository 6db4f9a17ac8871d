/** Whoever asks, as the API sees him. */

import { z } from 'zod'
import { actions, roleSchema } from '../access.ts'

export const meSchema = z
  .object({
    kind: z.enum(['user', 'api-key']),
    id: z.string(),
    name: z.string(),
    role: roleSchema,
    winery: z.string().nullable().describe('The slug of its winery; null for the roles of the installation'),
    brands: z.array(z.string()).nullable().describe('Only these brands; null: all of the winery'),
    actions: z.array(z.enum(actions)).describe('What it may do'),
  })
  .meta({ id: 'Me' })

export const meChange = z.strictObject({
  name: z.string().trim().min(1).max(100).describe('The name that others know the user by'),
})
