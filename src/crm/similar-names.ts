/** Which of a list's names are like one that Tock has: by spelling, and by the words that they share. */

import { nearNames } from './near-names.ts'

const offered = 3
const enough = 0.5
/** Words that say nothing of what is meant. */
const small = new Set(['a', 'an', 'and', 'at', 'by', 'for', 'in', 'of', 'on', 'our', 'the', 'to', 'with'])

/** Best first. */
export function similarNames(name: string, known: readonly string[]): string[] {
  const words = wordsOf(name)
  const sharing = known
    .map((candidate) => ({ candidate, alike: likeness(words, wordsOf(candidate)) }))
    .filter(({ alike }) => alike >= enough)
    .sort((a, b) => b.alike - a.alike || a.candidate.localeCompare(b.candidate))
    .map(({ candidate }) => candidate)
  return [...new Set([...sharing, ...nearNames(name, known)])].slice(0, offered)
}

function wordsOf(name: string): Set<string> {
  const words = name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set(words.filter((word) => !small.has(word)).map((word) => word.replace(/s$/, '')))
}

/** Shared words against all of both: 1 for the same ones (Dice's coefficient). */
function likeness(one: Set<string>, other: Set<string>): number {
  const shared = [...one].filter((word) => other.has(word)).length
  return one.size + other.size === 0 ? 0 : (2 * shared) / (one.size + other.size)
}
