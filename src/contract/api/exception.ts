/** Exceptions: what needs a person, and what a person can decide. */

import { z } from 'zod'
import { exceptionCodes } from '../vocabulary.ts'
import { guestEmail, guestText } from './guest-data.ts'
import { brandCode, idText, instant, winerySlug } from './parts.ts'

export const exceptionStates = ['open', 'resolved', 'all'] as const

export const exceptionSchema = z
  .object({
    winery: winerySlug,
    brand: brandCode,
    exceptionId: idText,
    pullId: idText,
    code: z.enum(exceptionCodes),
    tockKey: z
      .string()
      .nullable()
      .describe('A reservation to find the case by: `r:413`, or `w:9001` for a walk-in'),
    address: guestEmail().describe('The address that it is about, where it is about one'),
    message: z.string(),
    firstSeenAt: instant,
    resolvedAt: instant.nullable(),
    closedBecause: guestText().describe('What the person who closed it wrote'),
  })
  .meta({ id: 'Exception' })

export const exceptionGroupSchema = z
  .object({
    brand: brandCode,
    code: z.enum(exceptionCodes),
    open: z.int(),
    oldestFirstSeenAt: instant,
  })
  .meta({ id: 'ExceptionGroup' })

/** Which of them fits which code: `docs/api.md`. */
export const decisionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('close').describe('It stays as it is, and closed') }),
  z.strictObject({
    kind: z.literal('customer').describe('The guest is this customer'),
    customerId: idText,
  }),
  z.strictObject({ kind: z.literal('shared').describe('The address is shared by many') }),
  z.strictObject({ kind: z.literal('one person').describe("The address is one person's") }),
  z.strictObject({ kind: z.literal('take').describe("The customer takes over the guest's new address") }),
])

export const resolving = z.strictObject({
  decision: decisionSchema,
  why: z.string().trim().min(1).max(500).describe('The reason, without personal data'),
})

export const resolvedSchema = z.object({
  exceptionId: idText,
  code: z.enum(exceptionCodes),
  done: z.string().describe('What was done'),
})

export const exceptionParams = z.object({ winery: winerySlug, exception: idText })
