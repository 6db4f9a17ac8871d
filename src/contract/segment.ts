/**
 * What a segment is: the one definition that the builder edits, the API takes, the command line reads and the SQL is
 * made from. What each condition means exactly: docs/segments.md.
 */

import { z } from 'zod'
import { Refusal } from './errors.ts'
import { emailConsents, reservationStatuses } from './vocabulary.ts'

/** `version` moves on when an older definition would mean something else. */
export const definitionVersion = 1
export const definitionLimits = { depth: 8, conditions: 60, values: 500, text: 200 } as const

const names = z.array(z.string().trim().min(1).max(definitionLimits.text)).min(1).max(definitionLimits.values)
/** Names of a list of the winery; null: none is set. */
const namesOrNone = z
  .array(z.string().trim().min(1).max(definitionLimits.text).nullable())
  .min(1)
  .max(definitionLimits.values)
const day = z.iso.date()
const n = z.int().min(0).max(3650)
const unit = z.enum(['days', 'weeks', 'months', 'years'])

/** Days of the brand's own clock; of the winery's where no brand is named. Both ends are included. */
export const periodSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('last'), n, unit }).describe('From n days (…) ago up to today'),
    z.strictObject({ kind: z.literal('next'), n, unit }).describe('From today up to n days (…) ahead'),
    z.strictObject({ kind: z.literal('earlier'), n, unit }).describe('Before the day n days (…) ago'),
    z.strictObject({ kind: z.literal('later'), n, unit }).describe('After the day n days (…) ahead'),
    z
      .strictObject({ kind: z.literal('between'), from: day.optional(), to: day.optional() })
      .refine(({ from, to }) => from !== undefined || to !== undefined, { error: 'Give from, to or both' }),
  ])
  .meta({ id: 'SegmentPeriod' })
export type Period = z.infer<typeof periodSchema>

const listOp = z.enum(['is', 'isNot'])
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'A time of day reads 17:30' })
const range = (shape: z.ZodInt) =>
  z
    .strictObject({ min: shape.optional(), max: shape.optional() })
    .refine(({ min, max }) => min !== undefined || max !== undefined, { error: 'Give min, max or both' })

/** Which reservations; all that is given must hold. Names are those of the winery's lists; brands are Brand Codes. */
const reservationFacts = {
  brands: names.optional(),
  locations: namesOrNone.optional(),
  reservationTypes: namesOrNone.optional(),
  experiences: names.optional().describe('Tock experiences, by name or by id'),
  statuses: z.array(z.enum(reservationStatuses)).min(1).optional(),
  partySize: range(z.int().min(0).max(100_000)).optional(),
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).optional().describe('1 is Monday'),
  timeOfDay: z
    .strictObject({ from: clock, to: clock })
    .optional()
    .describe('From ≤ start < to; past midnight where from is later than to'),
  notesContain: z.string().trim().min(1).max(definitionLimits.text).optional(),
  bookedAhead: range(z.int().min(0).max(3650)).optional().describe('Days between booking and visit'),
  in: periodSchema.optional(),
}

export const countedThings = [
  'visits',
  'attendedVisits',
  'upcoming',
  'cancelled',
  'noShows',
  'cancelledOrNoShows',
  'reservations',
] as const
export type Counted = (typeof countedThings)[number]
export const flags = ['mayMail', 'active', 'released', 'bounced', 'clubMember'] as const
export const textFields = ['email', 'firstName', 'lastName'] as const

const leaves = [
  z.strictObject({
    kind: z.enum(['customerSource', 'customerType', 'allocationTier']),
    op: listOp,
    values: namesOrNone,
  }),
  z.strictObject({ kind: z.literal('created'), in: periodSchema }),
  z.strictObject({
    kind: z.literal('createdBy'),
    op: listOp,
    values: z.array(z.enum(['tock', 'import', 'staff'])).min(1),
  }),
  z.strictObject({
    kind: z.literal('createdIn'),
    what: z.enum(['pull', 'import']),
    id: z.string().regex(/^\d{1,18}$/, { error: 'An id is a number, as text' }),
  }),
  z.strictObject({ kind: z.literal('released'), in: periodSchema }),
  z.strictObject({
    kind: z.literal('emailConsent'),
    op: listOp,
    values: z.array(z.enum(emailConsents)).min(1),
  }),
  z.strictObject({ kind: z.literal('flag'), flag: z.enum(flags), is: z.boolean() }),
  z.strictObject({
    kind: z.literal('text'),
    field: z.enum(textFields),
    op: z.enum(['is', 'isNot', 'contains', 'containsNot', 'startsWith', 'endsWith']),
    value: z.string().trim().min(1).max(definitionLimits.text),
  }),
  z.strictObject({ kind: z.literal('hasText'), field: z.enum(textFields), is: z.boolean() }),
  z.strictObject({ kind: z.literal('tags'), op: z.enum(['any', 'all', 'none']), values: names }),
  z
    .strictObject({ kind: z.literal('optedInAt'), brand: z.string().trim().min(1).max(100), is: z.boolean() })
    .describe("Whether a guest of this customer opted in at the brand's business group in Tock"),
  z
    .strictObject({
      kind: z.literal('listed'),
      segmentId: z.string().regex(/^\d{1,18}$/, { error: 'An id is a number, as text' }),
    })
    .describe('On the list of a static segment'),
  z.strictObject({
    kind: z.literal('count'),
    of: z.enum(countedThings),
    ...reservationFacts,
    times: z.strictObject({
      is: z.enum(['atLeast', 'atMost', 'exactly']),
      n: z.int().min(0).max(100_000),
    }),
  }),
  z.strictObject({
    kind: z.enum(['firstVisit', 'lastVisit']),
    brands: names.optional(),
    in: periodSchema,
  }),
] as const

export type Leaf = z.infer<(typeof leaves)[number]>
export type CountLeaf = Extract<Leaf, { kind: 'count' }>
export type VisitLeaf = Extract<Leaf, { kind: 'firstVisit' | 'lastVisit' }>
/** What is decided by reservations. */
export function isOnReservations(leaf: Leaf): leaf is CountLeaf | VisitLeaf {
  return leaf.kind === 'count' || leaf.kind === 'firstVisit' || leaf.kind === 'lastVisit'
}
/** Names, addresses and notes: not for whoever does not see them in full, who could find them out by asking. */
export function asksForGuests(leaf: Leaf): boolean {
  return leaf.kind === 'text' || (leaf.kind === 'count' && leaf.notesContain !== undefined)
}
export type Condition =
  | { kind: 'all'; of: Condition[] }
  | { kind: 'any'; of: Condition[] }
  | { kind: 'not'; of: Condition }
  | Leaf

const several = z.lazy(() => z.array(conditionSchema).min(1).max(definitionLimits.conditions))

export const conditionSchema: z.ZodType<Condition> = z
  .lazy(() =>
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('all'), of: several }),
      z.strictObject({ kind: z.literal('any'), of: several }),
      z.strictObject({ kind: z.literal('not'), of: conditionSchema }),
      ...leaves,
    ]),
  )
  .meta({ id: 'SegmentCondition' })

export const definitionSchema = z
  .strictObject({ version: z.literal(definitionVersion), where: conditionSchema })
  .superRefine(({ where }, context) => {
    const conditions = leavesOf(where).length
    if (conditions <= definitionLimits.conditions) return
    context.addIssue({
      code: 'custom',
      path: ['where'],
      message: `${conditions} conditions; ${definitionLimits.conditions} are allowed`,
    })
  })
  .meta({ id: 'SegmentDefinition' })
export type SegmentDefinition = z.infer<typeof definitionSchema>

/** @throws Refusal invalid, naming the path of what is wrong */
export function readDefinition(given: unknown): SegmentDefinition {
  // Before anything walks down into it: what is nested a thousand deep would use up the stack.
  if (isDeeper(given, definitionLimits.depth * 2 + 4)) {
    throw refused([`where: nested too deep; ${definitionLimits.depth} levels are allowed`])
  }
  const read = definitionSchema.safeParse(given)
  if (!read.success) throw refused(read.error.issues.map(tellIssue))
  if (depthOf(read.data.where) > definitionLimits.depth) {
    throw refused([`where: nested too deep; ${definitionLimits.depth} levels are allowed`])
  }
  return read.data
}

/** The conditions that say something themselves, in their order. */
export function leavesOf(condition: Condition): Leaf[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(leavesOf)
    case 'not':
      return leavesOf(condition.of)
    default:
      return [condition]
  }
}

function depthOf(condition: Condition): number {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return 1 + Math.max(...condition.of.map(depthOf))
    case 'not':
      return 1 + depthOf(condition.of)
    default:
      return 1
  }
}

function isDeeper(given: unknown, levels: number): boolean {
  let level: unknown[] = [given]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return false
}

function tellIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
  const within = path.replace(/^\./, '')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${within === '' ? '' : `${within}.`}${key}: unknown`).join('; ')
  }
  return `${within === '' ? 'the definition' : within}: ${issue.message}`
}

function refused(wrong: string[]): Refusal {
  const shown = wrong.slice(0, 5).join('; ')
  const more = wrong.length > 5 ? `; and ${wrong.length - 5} more` : ''
  return new Refusal(
    'invalid',
    `This is no definition of a segment. ${shown}${more}.`,
    'docs/segments.md lists what a definition can say.',
  )
}
