/**
 * What somebody types into a search box, as patterns for the database: every word has to be found, however it is
 * capitalised and with or without its accents ("muller" finds Müller, and so does "MÜLLER").
 *
 * The patterns carry the accents, not the rows: no extension is needed (`unaccent` and `pg_trgm` are not everywhere,
 * and row-level security keeps their operators from an index anyway), it works in every locale of a server, and pulls
 * write no column or index for it.
 */

import { emailKey } from '../contract/email-address.ts'

export type SearchWord = {
  /** For PostgreSQL's `~`. */
  pattern: string
  /** As it was typed: for numbers, which are compared whole. */
  text: string
  /** Where the word is a whole e-mail address. */
  emailKey: string | null
}

/** More words than these are left out: nobody types them. */
const mostWords = 8

export function searchWords(text: string): SearchWord[] {
  return text
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, mostWords)
    .map((word) => ({ pattern: patternOf(word), text: word, emailKey: emailKey(word) }))
}

const marks = /\p{Mn}/gu
const anyMarks = '[\u0300-\u036f]*'

function patternOf(word: string): string {
  const bare = word
    .normalize('NFD')
    .replace(marks, '')
    .toLowerCase()
    .replace(/[øłđı]/g, bareLetter)
  return [...bare].map(letterPattern).join('')
}

function letterPattern(letter: string): string {
  const own = new Set([letter, letter.toLowerCase(), letter.toUpperCase()])
  const forms = [...own].filter((form) => [...form].length === 1).join('') + (accented.get(letter) ?? '')
  // Stored names may be decomposed: a letter, then its accents.
  if (/\p{L}/u.test(letter)) return `[${forms}]${anyMarks}`
  return /[\p{N} ]/u.test(letter) ? letter : `\\${letter}`
}

const bareLetters: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ı: 'i' }
const bareLetter = (letter: string) => bareLetters[letter] ?? letter

/** Latin letters with accents, by the letter that they are without. */
const accented = accentedLetters()

function accentedLetters(): Map<string, string> {
  const forms = new Map([
    ['o', 'øØ'],
    ['l', 'łŁ'],
    ['d', 'đĐ'],
    ['i', 'ıİ'],
  ])
  // Latin-1, Latin Extended-A and -B, Latin Extended Additional.
  for (const [from, to] of [
    [0xc0, 0x24f],
    [0x1e00, 0x1eff],
  ] as const) {
    for (let code = from; code <= to; code++) {
      const letter = String.fromCodePoint(code)
      const base = letter.normalize('NFD').replace(marks, '').toLowerCase()
      if (/^[a-z]$/.test(base)) forms.set(base, (forms.get(base) ?? '') + letter)
    }
  }
  return forms
}
