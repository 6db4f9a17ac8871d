/**
 * What every kept text goes through (rule 1): no U+0000 and no lone surrogates, which PostgreSQL cannot hold; no
 * white space around it; no payment-card number in it; no more of it than a person would type.
 */

import { removeCardNumbers } from './remove-card-numbers.ts'

/** Far beyond any name; keeps rows and index entries small whatever a file holds. */
const longestName = 200
/** Longer than any valid address (320 characters), so that cutting never turns an invalid one into a valid one. */
const longestEmail = 400
const longestNotes = 20_000

/** A name or another short text; numbers are taken for the text that they were. `null` when nothing is left. */
export function cleanName(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' ? cut(removeCardNumbers(oneLine(text)).trim(), longestName) : null
}

/** An address is no free text: card numbers are looked for only where it is none. */
export function cleanEmail(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = storable(value)
  const isAddress = /^[^\s@]+@[^\s@]+$/.test(text)
  return cut(isAddress ? text : removeCardNumbers(text).trim(), longestEmail)
}

/** A date as Tock wrote it. Its digits are nobody's card: thirteen of them are a time in milliseconds. */
export function cleanDate(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' ? cut(storable(text), longestName) : null
}

/** One line per note, in their order, blank ones left out. A card's date may stand in the note after its number. */
export function cleanNotes(texts: string[]): string | null {
  const joined = lines(texts).join('\n')
  const safe = removeCardNumbers(joined)
  return cut(safe === joined ? joined : lines(safe.split('\n')).join('\n'), longestNotes)
}

function lines(texts: string[]): string[] {
  return texts.map(oneLine).filter((line) => line !== '')
}

function oneLine(text: string): string {
  return storable(text).replaceAll(/[\n\r\v\f\u0085\u2028\u2029]\s*/g, ' ')
}

function storable(text: string): string {
  const withoutNul = text.includes('\0') ? text.replaceAll('\0', '') : text
  return (withoutNul.isWellFormed() ? withoutNul : withoutNul.replaceAll(/\p{Surrogate}/gu, '')).trim()
}

function cut(text: string, longest: number): string | null {
  if (text.length <= longest) return text === '' ? null : text
  // Half of a pair may be left at the end.
  return text
    .slice(0, longest)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()
}
