/** Doubtful matches with both sides: what a person looks at before deciding. Decisions go by `…/exceptions/{exception}/resolve`. */

import { z } from 'zod'
import { decisionKinds, doubtfulCodes, exceptionStates } from '../exception-decisions.ts'
import { emailConsents } from '../vocabulary.ts'
import { exceptionSchema } from './exception.ts'
import { guestEmail, guestName, guestText } from './guest-data.ts'
import { pageQuery } from './paging.ts'
import { brandCode, dayText, idText, instant } from './parts.ts'

export const doubtfulQuery = pageQuery.extend({
  brand: brandCode.optional(),
  code: z.enum(doubtfulCodes).optional(),
  state: z.enum(exceptionStates).default('open'),
})

export const matchSideSchema = z
  .object({
    is: z.enum(['guest', 'customer']).describe('A guest of Tock, or a customer of eCELLAR'),
    customerId: idText.nullable().describe('Of a guest: whose it is now'),
    patronId: z.string().nullable().describe("The guest's number in Tock, where it has one"),
    email: guestEmail(),
    firstName: guestName(),
    lastName: guestName(),
    createdBy: z.enum(['tock', 'import', 'staff']).nullable().describe('null: a guest'),
    createdAt: instant.nullable(),
    createdInPull: idText.nullable(),
    releasedAt: instant.nullable(),
    active: z.boolean().nullable(),
    emailConsent: z
      .enum(emailConsents)
      .nullable()
      .describe("A customer's; a guest's own words are consentWords"),
    consentWords: z.string().nullable(),
    customerType: z.string().nullable(),
    reservations: z.int(),
    visits: z.int(),
    lastVisitOn: dayText.nullable(),
    nextVisitOn: dayText.nullable(),
    brands: z.array(brandCode).describe('Where there are reservations'),
    isSeen: z.boolean().describe('false: of other brands than yours, so that nothing is told'),
  })
  .meta({ id: 'MatchSide' })

export const doubtfulMatchSchema = z
  .object({
    ...exceptionSchema.shape,
    code: z.enum(doubtfulCodes),
    partyNames: z.array(guestText()).describe('Of an address that looks shared: who has booked with it'),
    decisions: z.array(z.enum(decisionKinds)).describe('What can be decided'),
    sides: z
      .array(matchSideSchema)
      .describe('The guest first, or the customer that stays if they are the same person'),
  })
  .meta({ id: 'DoubtfulMatch' })
