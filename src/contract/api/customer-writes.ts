/** What can be done to customers. */

import { z } from 'zod'
import { idText, instant, winerySlug } from './parts.ts'

const address = z.string().min(3).max(320)
const why = z.string().trim().min(1).max(500)

export const reasonGiven = z.strictObject({ why: why.describe('Who asked for it, and how') })

export const optingOut = z.strictObject({
  why: why.describe('Who asked for it, and how'),
  addresses: z.array(z.string().max(1000)).min(1).max(20_000),
})

export const optedOutSchema = z.object({
  addresses: z.int(),
  optedOut: z.int().describe('Customers; several can have one address'),
  alreadyOut: z.int(),
  unknown: z.array(z.object({ line: z.int() })).describe('Addresses that no customer has, by their place'),
  bad: z.array(z.object({ line: z.int(), problem: z.string() })),
})

export const importedSchema = z
  .object({
    importId: idText,
    rows: z.int(),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    takenOver: z.int().describe('A pull had created them: eCELLAR’s from now on'),
    repeated: z.int(),
    erasedSkipped: z.int(),
    bad: z.array(z.object({ line: z.int(), problem: z.string() })).describe('Not imported, by line'),
    remarks: z.array(z.string()),
    unknownColumns: z.array(z.string()),
  })
  .meta({ id: 'ImportResult' })

export const importSchema = z
  .object({
    importId: idText,
    importedAt: instant,
    importedBy: z.string(),
    rows: z.int(),
    created: z.int(),
    updated: z.int(),
    takenOver: z.int(),
    bad: z.int(),
  })
  .meta({ id: 'Import', description: "A file of eCELLAR's customers that was imported" })

const person = { email: address.optional(), customerId: idText.optional() }
const oneOfBoth = (given: { email?: string | undefined; customerId?: string | undefined }) =>
  (given.email === undefined) !== (given.customerId === undefined)
const either = 'Name the person by email or by customerId'

export const personAsked = z.strictObject(person).refine(oneOfBoth, either)
export const erasing = z
  .strictObject({ ...person, confirm: z.literal('erase').describe('It cannot be undone') })
  .refine(oneOfBoth, either)

export const personExportSchema = z
  .object({
    winery: winerySlug,
    madeAt: z.iso.datetime(),
    found: z.boolean(),
    ...Object.fromEntries(
      (
        [
          'customers',
          'guests',
          'reservations',
          'bookedForOthers',
          'changes',
          'consentChanges',
          'exceptions',
          'decisions',
          'sharedAddresses',
          'exports',
          'previewed',
          'segments',
          'segmentMoves',
          'takenBack',
          'mails',
          'waitingReservations',
          'waitingGuests',
        ] as const
      ).map((part) => [part, z.array(z.looseObject({}))]),
    ),
  })
  .meta({ id: 'PersonExport', description: 'Everything that is kept of one person, as it is stored' })

export const erasureReceiptSchema = z
  .object({
    erased: z.literal(true),
    found: z.boolean(),
    customers: z.int(),
    patrons: z.int(),
    reservations: z.int().describe('They stay, without the person'),
    exceptions: z.int(),
    exports: z.array(z.object({ exportId: idText, name: z.string(), madeAt: z.iso.datetime() })),
    previewDownloads: z
      .array(z.object({ pullId: idText, downloadedAt: z.iso.datetime() }))
      .describe('Downloads of whom a preview found, which may carry the person'),
    segments: z.int().describe('In their definition or name stood an address of the person'),
    scheduledFiles: z
      .int()
      .describe('Files of scheduled exports: written anew within minutes, without the person'),
    wholeDatabaseBackupsRemark: z.string(),
  })
  .meta({ id: 'ErasureReceipt', description: 'Without personal data: it is meant to be filed' })
