/**
 * What is being built and not saved, kept for this tab alone: a reload does not lose it. Not in the address, where names
 * and addresses that somebody asks about would be kept by the browser and by every log on the way.
 */

import { z } from 'zod'
import type { ConditionRule } from './condition-rule.ts'
import { type ConditionGroup, combinators } from './definition-query.ts'

/** As far as the builder goes by it; what stands in a value, `readRule` finds out. */
const node: z.ZodType<ConditionRule | ConditionGroup> = z.lazy(() =>
  z.union([
    z.looseObject({ combinator: z.enum(combinators), rules: z.array(node) }),
    z.looseObject({ field: z.string(), operator: z.string(), value: z.record(z.string(), z.unknown()) }),
  ]),
)
const query = z.looseObject({ combinator: z.enum(combinators), rules: z.array(node) })

const key = (winery: string, of: string) => `segment-draft ${winery} ${of}`

export function readDraft(winery: string, of: string): ConditionGroup | null {
  try {
    const text = sessionStorage.getItem(key(winery, of))
    return text === null ? null : query.parse(JSON.parse(text))
  } catch {
    // Nothing that can be gone on with: of another version, or no storage at all.
    return null
  }
}

/** `null` forgets it. */
export function keepDraft(winery: string, of: string, draft: ConditionGroup | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(key(winery, of))
    else sessionStorage.setItem(key(winery, of), JSON.stringify(draft))
  } catch {
    // A browser that keeps nothing: leaving asks all the same.
  }
}
