/** Customers as lists and cards show them. */

import { z } from 'zod'
import { pullKinds } from '../pull-report.ts'
import { emailConsents } from '../vocabulary.ts'
import { guestChange, guestEmail, guestName, guestText } from './guest-data.ts'
import { pageOf, pageQuery } from './paging.ts'
import { brandCode, dayText, flag, idText, instant, winerySlug } from './parts.ts'

export const customerParams = z.object({ winery: winerySlug, customer: idText })

export const customerSorts = [
  '-createdAt',
  'createdAt',
  'name',
  '-name',
  'email',
  '-email',
  '-releasedAt',
  'releasedAt',
] as const

const createdBy = z.enum(['tock', 'import', 'staff'])

export const customersQuery = pageQuery.extend({
  text: z
    .string()
    .max(200)
    .optional()
    .describe('Words in name, e-mail address and numbers; case and accents do not matter'),
  released: flag.optional(),
  createdBy: createdBy.optional(),
  createdInPull: idText.optional(),
  createdInImport: idText.optional(),
  consent: z.enum(emailConsents).optional(),
  mayMail: flag.optional(),
  active: flag.optional(),
  brand: brandCode.optional().describe('Who has a reservation there'),
  createdFrom: dayText.optional(),
  createdTo: dayText.optional(),
  releasedFrom: dayText.optional(),
  releasedTo: dayText.optional(),
  sort: z.enum(customerSorts).default('-createdAt'),
})

const visits = {
  visits: z.int().describe('Days at a brand'),
  visitsAttended: z.int().describe('Seen to come; the others are assumed'),
  firstVisitOn: dayText.nullable(),
  lastVisitOn: dayText.nullable(),
  nextVisitOn: dayText.nullable(),
}

const facts = {
  customerId: idText,
  ecellarCustomerId: z.string().nullable(),
  email: guestEmail(),
  firstName: guestName(),
  lastName: guestName(),
  customerSource: z.string().nullable(),
  customerType: z.string().nullable(),
  allocationTier: z.string().nullable(),
  emailConsent: z.enum(emailConsents),
  asksMailAgainAt: instant.nullable().describe('Tock brought a yes after a no: listed, never applied'),
  bounced: z.boolean(),
  active: z.boolean(),
  clubMember: z.boolean(),
  tags: z.array(z.string()),
  releasedAt: instant.nullable().describe('null: not released for marketing'),
  releaseDueAt: instant.nullable(),
  mayMail: z.boolean(),
  createdAt: instant,
  createdBy,
  createdInPull: idText.nullable(),
  createdInImport: idText.nullable(),
  ...visits,
}

export const customerSchema = z.object(facts).meta({ id: 'Customer' })

/** `total` costs more than a page: it comes with the first one alone. */
export const customersPage = pageOf(customerSchema).extend({
  total: z.int().nullable().describe('How many in all; null on later pages'),
})

export const customerCardSchema = z
  .object({
    ...facts,
    samePersonAs: idText
      .nullable()
      .describe('The customer whom a person found to be the same; guests and reservations are there'),
    brandVisits: z.array(z.object({ brand: brandCode, ...visits })),
    origin: z.object({
      createdBy,
      pull: z
        .object({
          pullId: idText,
          brand: brandCode.nullable(),
          kind: z.enum(pullKinds).nullable(),
          finishedAt: instant.nullable(),
        })
        .nullable(),
      import: z.object({ importId: idText, importedAt: instant, importedBy: z.string() }).nullable(),
    }),
    guests: z
      .array(
        z.object({
          businessGroupId: z.string(),
          patronId: z.string().nullable().describe('null: Tock gave an address without a guest'),
          email: guestEmail(),
          firstName: guestName(),
          lastName: guestName(),
          optIn: z.boolean().nullable(),
          optInSource: z.string().nullable(),
          dateOptedIn: z.string().nullable(),
          profileUpdatedAt: instant.nullable(),
        }),
      )
      .describe('The guests of Tock who are this customer'),
    consentChanges: z
      .array(
        z.object({
          changedAt: instant,
          before: z.enum(emailConsents),
          after: z.enum(emailConsents),
          source: createdBy,
          tockWords: z.string().nullable().describe("Tock's own words, where Tock said so"),
          reason: guestText(),
          pullId: idText.nullable(),
        }),
      )
      .describe('The latest first'),
  })
  .meta({ id: 'CustomerCard' })

export const historyChangeSchema = guestChange({
  changeId: idText,
  field: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  changedAt: instant,
  madeBy: z.enum(['pull', 'import', 'staff', 'program']),
  pullId: idText.nullable(),
}).meta({ id: 'HistoryChange' })
