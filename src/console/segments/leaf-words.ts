/** One condition in plain words, so that it can follow "Customers": "with no visits", "who may be mailed". */

import type { Counted, CountLeaf, Leaf, Period } from '../../contract/segment.ts'
import { clockText, dayText } from '../shared/day-text.ts'

/** What numbers and codes are called at this winery. */
export type Naming = {
  /** With one brand alone, nobody speaks of brands. */
  hasSeveralBrands: boolean
  brand(code: string): string
  experience(text: string): string
  list(segmentId: string): string
}

export function leafWords(leaf: Leaf, naming: Naming): string {
  switch (leaf.kind) {
    case 'count':
      return countWords(leaf, naming)
    case 'firstVisit':
    case 'lastVisit': {
      const which = leaf.kind === 'firstVisit' ? 'first' : 'last'
      const at = leaf.brands ? ` ${atBrands(leaf.brands, naming)}` : ''
      return `whose ${which} visit${at} was ${periodWords(leaf.in)}`
    }
    case 'customerSource':
    case 'customerType':
    case 'allocationTier':
      if (isNoneAlone(leaf.values))
        return `${leaf.op === 'is' ? 'without' : 'with'} ${leaf.kind === 'allocationTier' ? 'an' : 'a'} ${listWords[leaf.kind]}`
      return `whose ${listWords[leaf.kind]} is ${leaf.op === 'is' ? '' : 'not '}${oneOf(leaf.values, 'none')}`
    case 'createdBy':
      return `who were ${leaf.op === 'is' ? '' : 'not '}created by ${or(leaf.values.map((one) => originWords[one]))}`
    case 'createdIn':
      return `who were created in ${leaf.what} ${leaf.id}`
    case 'created':
      return `who were created ${periodWords(leaf.in)}`
    case 'released':
      return `who were released for marketing ${periodWords(leaf.in)}`
    case 'emailConsent':
      return `whose consent is ${leaf.op === 'is' ? '' : 'not '}${or(leaf.values.map((one) => consentWords[one]))}`
    case 'flag':
      return flagWords[leaf.flag][leaf.is ? 0 : 1]
    case 'text':
      return `whose ${textWords[leaf.field]} ${textOps[leaf.op]} “${leaf.value}”`
    case 'hasText':
      return `${leaf.is ? 'with' : 'without'} ${leaf.field === 'email' ? 'an' : 'a'} ${textWords[leaf.field]}`
    case 'tags': {
      const tags = leaf.values.map((one) => `“${one}”`)
      if (leaf.op === 'all') return `with the ${tags.length === 1 ? 'tag' : 'tags'} ${and(tags)}`
      return `${leaf.op === 'any' ? 'with' : 'without'} the tag ${or(tags)}`
    }
    case 'optedInAt':
      return `who ${leaf.is ? 'opted in' : 'did not opt in'} at ${naming.hasSeveralBrands ? naming.brand(leaf.brand) : 'Tock'}`
    case 'listed':
      return `who are on the list “${naming.list(leaf.segmentId)}”`
  }
}

function countWords(leaf: CountLeaf, naming: Naming): string {
  const { is, n } = leaf.times
  const [one, many] = counted[leaf.of]
  const isNone = n === 0 && is !== 'atLeast'
  const howMany = isNone ? `no ${many}` : `${timesWords[is]} ${n} ${n === 1 ? one : many}`
  const facts = factWords(leaf, naming)
  // A long row of them is read more easily with commas.
  return [`with ${howMany}`, facts.join(facts.length > 3 ? ', ' : ' ')].filter(Boolean).join(' ')
}

function factWords(leaf: CountLeaf, naming: Naming): string[] {
  const { partySize, bookedAhead, timeOfDay } = leaf
  return [
    leaf.brands ? atBrands(leaf.brands, naming) : naming.hasSeveralBrands ? 'at any brand' : '',
    leaf.locations && at('at', 'location', leaf.locations),
    leaf.reservationTypes && at('of', 'type', leaf.reservationTypes),
    leaf.experiences && `of the experience ${or(leaf.experiences.map(naming.experience))}`,
    leaf.statuses && `with the status ${or(leaf.statuses)}`,
    partySize && `for ${rangeWords(partySize, ['person', 'people'])}`,
    leaf.weekdays && `on a ${or(leaf.weekdays.map((day) => weekdayNames[day - 1] ?? ''))}`,
    timeOfDay && `starting between ${clockText(timeOfDay.from)} and ${clockText(timeOfDay.to)}`,
    leaf.notesContain !== undefined && `with “${leaf.notesContain}” in the notes`,
    bookedAhead && `booked ${rangeWords(bookedAhead, ['day', 'days'])} ahead`,
    leaf.in && periodWords(leaf.in),
  ].filter((text): text is string => typeof text === 'string' && text !== '')
}

export function periodWords(period: Period): string {
  switch (period.kind) {
    case 'last':
      return period.n === 0 ? 'today' : `in the last ${span(period)}`
    case 'next':
      return period.n === 0 ? 'today' : `in the next ${span(period)}`
    case 'earlier':
      return period.n === 0 ? 'before today' : `more than ${period.n} ${unitWord(period)} ago`
    case 'later':
      return period.n === 0 ? 'after today' : `more than ${period.n} ${unitWord(period)} ahead`
    case 'between': {
      const day = (text: string) => dayText(text, { weekday: undefined })
      if (period.from === undefined) return `until ${day(period.to ?? '')}`
      if (period.to === undefined) return `since ${day(period.from)}`
      return `from ${day(period.from)} to ${day(period.to)}`
    }
  }
}

type Span = { n: number; unit: 'days' | 'weeks' | 'months' | 'years' }
/** "the last year", "the last 2 years". */
function span({ n, unit }: Span): string {
  return n === 1 ? unitWord({ n, unit }) : `${n} ${unit}`
}
function unitWord({ n, unit }: Span): string {
  return n === 1 ? unit.slice(0, -1) : unit
}

function rangeWords(
  { min, max }: { min?: number | undefined; max?: number | undefined },
  [one, many]: [string, string],
) {
  const last = max ?? min
  const what = last === 1 ? one : many
  if (min === undefined) return `at most ${max} ${what}`
  if (max === undefined) return `at least ${min} ${what}`
  return min === max ? `${min} ${what}` : `${min} to ${max} ${what}`
}

function atBrands(codes: string[], naming: Naming): string {
  return `at ${or(codes.map(naming.brand))}`
}

function at(word: string, what: string, names: (string | null)[]): string {
  return isNoneAlone(names)
    ? `${word} no mapped ${what}`
    : `${word} the ${what} ${oneOf(names, 'not mapped')}`
}

function isNoneAlone(values: (string | null)[]): boolean {
  return values.length === 1 && values[0] === null
}

function oneOf(values: (string | null)[], none: string): string {
  return or(values.map((one) => one ?? none))
}

function or(texts: readonly string[]): string {
  return listed(texts, 'or')
}

function and(texts: readonly string[]): string {
  return listed(texts, 'and')
}

function listed(texts: readonly string[], word: string): string {
  return texts.length < 2 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} ${word} ${texts.at(-1)}`
}

export const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
export const originWords = { tock: 'a pull from Tock', import: 'an import', staff: 'staff' } as const
export const consentWords = { in: 'opted in', out: 'opted out', unknown: 'not known' } as const

const timesWords = { atLeast: 'at least', atMost: 'at most', exactly: 'exactly' } as const
const counted: Record<Counted, [string, string]> = {
  visits: ['visit', 'visits'],
  attendedVisits: ['visit that was seen to take place', 'visits that were seen to take place'],
  upcoming: ['upcoming reservation', 'upcoming reservations'],
  cancelled: ['cancelled reservation', 'cancelled reservations'],
  noShows: ['no-show', 'no-shows'],
  cancelledOrNoShows: ['cancellation or no-show', 'cancellations or no-shows'],
  reservations: ['reservation of any kind', 'reservations of any kind'],
}
const listWords = {
  customerSource: 'Customer Source',
  customerType: 'Customer Type',
  allocationTier: 'Allocation Tier',
} as const
const flagWords = {
  mayMail: ['who may be mailed', 'who may not be mailed'],
  active: ['who are active', 'who are not active'],
  released: ['who are released for marketing', 'who are not released for marketing'],
  bounced: ['whose mail came back', 'whose mail never came back'],
  clubMember: ['who are club members', 'who are not club members'],
} as const
const textWords = { email: 'e-mail address', firstName: 'first name', lastName: 'last name' } as const
const textOps = {
  is: 'is',
  isNot: 'is not',
  contains: 'contains',
  containsNot: 'does not contain',
  startsWith: 'starts with',
  endsWith: 'ends with',
} as const
