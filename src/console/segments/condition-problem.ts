/** What is still missing in a condition, or wrong with it, in words that stand at the condition. */

import type { Leaf } from '../../contract/segment.ts'
import { conditionField } from './condition-fields.ts'
import { type ConditionRule, readRule } from './condition-rule.ts'
import { type Choices, same } from './use-choices.ts'

export type Problem = {
  /** Unfinished conditions do not count; with a wrong one nothing can be counted. */
  kind: 'unfinished' | 'wrong'
  words: string
}

/** @param known what the winery has; null as long as nobody knows */
export function problemOf(
  rule: ConditionRule,
  known: (Choices & { brands: string[] }) | null,
): Problem | null {
  const read = readRule(rule)
  if ('missingAt' in read) return { kind: 'unfinished', words: missing(rule, read.missingAt) }
  const words = impossible(read.leaf) ?? (known && notThere(read.leaf, known))
  return words ? { kind: 'wrong', words } : null
}

function missing(rule: ConditionRule, [first, second]: PropertyKey[]): string {
  switch (first) {
    case 'field':
      return 'Choose what this condition is about.'
    case 'times':
      return 'Say how many.'
    case 'in':
      if (second !== undefined) return 'Say how many days, weeks, months or years.'
      return rule.value?.period?.kind === 'between'
        ? 'Give the first day, the last day, or both.'
        : 'Choose when.'
    case 'value':
      return 'Write the text to look for.'
    case 'values':
      return 'Choose at least one.'
    case 'notesContain':
      return 'Write what the notes contain, or take this detail away.'
    case 'partySize':
    case 'bookedAhead':
      return 'Give the least, the most, or both; or take this detail away.'
    case 'timeOfDay':
      return 'Give both times, or take this detail away.'
    case 'brand':
      return 'Choose a brand.'
    case 'segmentId':
      return 'Choose a static segment.'
    case 'id':
      return `Choose ${rule.field === 'createdInPull' ? 'a pull' : 'an import'}.`
    default:
      return first === undefined
        ? 'This condition is not finished.'
        : 'Choose at least one, or take this detail away.'
  }
}

/** What can be said, and is true of nobody. */
function impossible(leaf: Leaf): string | null {
  if ('in' in leaf && leaf.in?.kind === 'between') {
    const { from, to } = leaf.in
    if (from !== undefined && to !== undefined && from > to) return 'The first day is after the last one.'
  }
  if (leaf.kind !== 'count') return null
  for (const range of [leaf.partySize, leaf.bookedAhead]) {
    if (range?.min !== undefined && range.max !== undefined && range.min > range.max) {
      return 'The least is more than the most.'
    }
  }
  return null
}

function notThere(leaf: Leaf, known: Choices & { brands: string[] }): string | null {
  for (const { what, wanted, there } of named(leaf, known)) {
    const gone = wanted.find((one) => !there.some((other) => same(one, other)))
    if (gone !== undefined) return `This winery has no ${what} “${gone}” (any more). Choose another one.`
  }
  return null
}

type Named = { what: string; wanted: string[]; there: string[] }
const texts = (values: readonly (string | null)[] | undefined) => (values ?? []).filter((one) => one !== null)

function named(leaf: Leaf, known: Choices & { brands: string[] }): Named[] {
  switch (leaf.kind) {
    case 'customerSource':
      return [{ what: 'Customer Source', wanted: texts(leaf.values), there: known.customerSources }]
    case 'customerType':
      return [{ what: 'Customer Type', wanted: texts(leaf.values), there: known.customerTypes }]
    case 'allocationTier':
      return [{ what: 'Allocation Tier', wanted: texts(leaf.values), there: known.allocationTiers }]
    case 'optedInAt':
      return [{ what: 'brand', wanted: [leaf.brand], there: known.brands }]
    case 'listed':
      return [
        { what: 'static segment', wanted: [leaf.segmentId], there: known.lists.map((one) => one.segmentId) },
      ]
    case 'firstVisit':
    case 'lastVisit':
      return [{ what: 'brand', wanted: texts(leaf.brands), there: known.brands }]
    case 'count': {
      const experiences = known.experiences.flatMap(({ experienceId, name }) => [experienceId, name ?? ''])
      return [
        { what: 'brand', wanted: texts(leaf.brands), there: known.brands },
        { what: 'location', wanted: texts(leaf.locations), there: known.locations },
        { what: 'reservation type', wanted: texts(leaf.reservationTypes), there: known.reservationTypes },
        { what: 'experience', wanted: texts(leaf.experiences), there: experiences },
      ]
    }
    default:
      return []
  }
}

/** What a condition begins with, so that most of it is right at once. */
export function valueToStartWith(fieldName: string, brands: { brand: string }[]): ConditionRule['value'] {
  switch (conditionField(fieldName)?.shape) {
    case 'count':
      return { times: 1 }
    case 'visit':
    case 'period':
      return { period: { kind: 'last', n: 30, unit: 'days' } }
    case 'optedInAt':
      return brands.length === 1 ? { of: brands[0]?.brand } : {}
    default:
      return {}
  }
}
