/**
 * What is being built and not saved, kept for this tab alone: a reload does not lose it. Not in the address, where names
 * and addresses that somebody asks about would be kept by the browser and by every log on the way.
 */

import type { ConditionGroup } from './definition-query.ts'

const key = (winery: string, of: string) => `segment-draft ${winery} ${of}`

export function readDraft(winery: string, of: string): ConditionGroup | null {
  try {
    const text = sessionStorage.getItem(key(winery, of))
    return text === null ? null : (JSON.parse(text) as ConditionGroup)
  } catch {
    return null
  }
}

/** `null` forgets it. */
export function keepDraft(winery: string, of: string, query: ConditionGroup | null): void {
  try {
    if (query === null) sessionStorage.removeItem(key(winery, of))
    else sessionStorage.setItem(key(winery, of), JSON.stringify(query))
  } catch {
    // A browser that keeps nothing: leaving asks all the same.
  }
}
