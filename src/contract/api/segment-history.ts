/** A segment over time: who entered and left it and why, its size, and the entries that wait for a person. */

import { z } from 'zod'
import { moveReasons } from '../segment-move.ts'
import { guestEmail, guestName } from './guest-data.ts'
import { pageQuery } from './paging.ts'
import { flag, idText, instant, winerySlug } from './parts.ts'

export const segmentParams = z.object({ winery: winerySlug, segment: idText })

export const segmentHistoryQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(400).default(1).describe('How far back `moves` looks'),
})

export const segmentHistorySchema = z
  .object({
    segmentId: idText,
    recordedAt: instant.describe('After the last pull, or in the last night'),
    since: instant,
    moves: z
      .array(z.object({ entered: z.boolean(), because: z.enum(moveReasons), customers: z.int() }))
      .describe('How many moves since then, by direction and reason'),
    waitingEntries: z.int().describe('Customers who wait for a confirmation'),
    sizes: z
      .array(z.object({ recordedAt: instant, matching: z.int(), mayMail: z.int() }))
      .describe('Of the last 400 days, the oldest first'),
  })
  .meta({ id: 'SegmentHistory' })

export const segmentMovesQuery = pageQuery.extend({
  entered: flag.optional(),
  waiting: flag.optional().describe('`true`: only entries that wait for a confirmation'),
  because: z.enum(moveReasons).optional(),
})

export const segmentMoveSchema = z
  .object({
    moveId: idText,
    entered: z.boolean().describe('false: left'),
    because: z.enum(moveReasons),
    movedAt: instant,
    isWaiting: z.boolean().describe('No scheduled export carries the customer before a person confirms it'),
    customerId: idText,
    email: guestEmail(),
    firstName: guestName(),
    lastName: guestName(),
    mayMail: z.boolean(),
  })
  .meta({ id: 'SegmentMove' })

export const entriesToConfirm = z.strictObject({
  upTo: idText.describe('The latest `moveId` that was looked at: who entered later goes on waiting'),
})
export const entriesConfirmed = z.object({ confirmed: z.int().describe('Customers') })
