/** What a pull has to say beside its report: its files, what the guard looked at, what a preview found. Nobody's data. */

import { z } from 'zod'
import { exceptionCodes } from './vocabulary.ts'

/** What becomes of a guest; all but the first two are left out. */
export const guestOutcomes = [
  'created',
  'customer',
  'no_email',
  'invalid_email',
  'shared_address',
  'several_customers',
  'bookers_only',
  'no_reservation',
] as const
export type GuestOutcome = (typeof guestOutcomes)[number]

const count = z.int().nonnegative()
const share = z.object({
  stored: count,
  lost: count.describe('Would be cancelled, or marked as no longer in Tock'),
})

export const previewFindingsSchema = z.object({
  years: z.array(z.object({ year: z.int(), reservations: count, guests: count, cancelled: count })),
  upcoming: count.describe('Reservations that are still to come'),
  guests: z.object(
    Object.fromEntries(guestOutcomes.map((outcome) => [outcome, count])) as Record<
      GuestOutcome,
      typeof count
    >,
  ),
  exceptions: z.array(
    z.object({ code: z.enum(exceptionCodes), count, examples: z.array(z.string()).describe('`r:413` …') }),
  ),
  experiences: z.array(
    z.object({ experienceId: z.string(), name: z.string().nullable(), reservations: count }),
  ),
})
export type PreviewFindings = z.infer<typeof previewFindingsSchema>

export const pullDetailsSchema = z.object({
  files: z.array(
    z.object({
      kind: z.enum(['reservations', 'guests']),
      number: count,
      rows: count,
      unchanged: z.boolean(),
    }),
  ),
  guard: z
    .object({ upcoming: share, past: share, created: count, customersBefore: count })
    .nullable()
    .describe('What would be lost and created; null where nothing had to be compared'),
  preview: previewFindingsSchema.nullable(),
})
export type PullDetails = z.infer<typeof pullDetailsSchema>
