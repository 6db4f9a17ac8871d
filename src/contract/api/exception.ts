/** Exceptions: what needs a person, and what a person can decide. */

import { z } from 'zod'
import { decisionKinds } from '../exception-decisions.ts'
import { exceptionCodes } from '../vocabulary.ts'
import { guestEmail, guestText } from './guest-data.ts'
import { brandCode, idText, instant, winerySlug } from './parts.ts'

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
    decision: z.enum(decisionKinds).nullable().describe('What a person decided; null: nobody did'),
    decidedBy: z.string().nullable(),
    done: z.string().nullable().describe('What came of the decision'),
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
  z.strictObject({
    kind: z.literal('customer').describe('The guest is this customer'),
    customerId: idText,
  }),
  z.strictObject({
    kind: z
      .enum(decisionKinds)
      .exclude(['customer'])
      .describe(
        "`close`: it stays as it is · `same person`: the guests move to the customer that stays, the one that a pull made is taken back · `different people` · `shared`: the address is shared by many · `one person`: it is one person's · `take`: the customer takes over the guest's new address · `keep`: it keeps its own",
      ),
  }),
])

export const resolving = z.strictObject({
  decision: decisionSchema,
  why: z
    .string()
    .trim()
    .max(500)
    .default('')
    .describe('The reason, without personal data; needed unless `dryRun`'),
  dryRun: z.boolean().default(false).describe('Only say what would happen'),
})

export const effectSchema = z
  .object({
    guests: z.int().describe('Guests of Tock that get another customer, or none'),
    reservations: z.int(),
    takenBack: z.array(idText).describe('Customers that a pull had made, and that go'),
    keptInactive: z.array(idText).describe('Such that stay, inactive: released, exported or edited before'),
    optedOut: z.array(idText),
    newAddress: z.array(idText).describe('Customers that get another e-mail address'),
  })
  .meta({ id: 'DecisionEffect' })

export const resolvedSchema = z.object({
  exceptionId: idText,
  code: z.enum(exceptionCodes),
  decision: z.enum(decisionKinds),
  done: z.string().describe('What was done, or would be'),
  effect: effectSchema,
  decided: z.boolean().describe('false: it was only asked what would happen'),
})

export const exceptionParams = z.object({ winery: winerySlug, exception: idText })
