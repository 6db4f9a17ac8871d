/** A definition in plain words: "Customers with at least 2 visits in the last 12 months and who may be mailed." */

import type { Condition, SegmentDefinition } from '../../contract/segment.ts'
import { leafWords, type Naming } from './leaf-words.ts'

export function definitionWords({ where }: SegmentDefinition, naming: Naming): string {
  return `Customers ${words(where, naming, true)}.`
}

/** The same of a group, as the builder offers it and explanations tell it. */
export const groupWords = {
  all: 'All of these hold',
  any: 'At least one of these holds',
  none: 'None of these holds',
  notAll: 'Not all of these hold',
} as const
export type GroupKind = keyof typeof groupWords

function words(condition: Condition, naming: Naming, isOutermost = false): string {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const [first, ...others] = condition.of
      if (first && others.length === 0) return words(first, naming, isOutermost)
      const joined = condition.of
        .map((one) => words(one, naming))
        .join(condition.kind === 'all' ? ' and ' : ' or ')
      return isOutermost ? joined : `(${joined})`
    }
    case 'not':
      return `not among those ${words(condition.of, naming)}`
    default:
      return leafWords(condition, naming)
  }
}
