/**
 * Takes payment-card numbers out of free text (rule 1), with the expiry date and the security code that follow them.
 * Better one table number too many than one card number too few: what a person typed is no evidence of what it is.
 */

import { cardTail } from './card-tail.ts'

const removed = '[card number removed]'
const fewestDigits = 13
const mostDigits = 19

// Spaces, dashes, dots and what cannot be seen. A line break ends a number: lines are different notes.
const between = String.raw`[^\S\n]|[\p{Pd}\p{Cf}\u2212\u00B7\u2022._]|(?!\n)\p{Cc}`
const runOfDigits = new RegExp(String.raw`\d(?:(?:${between})*\d){${fewestDigits - 1},}`, 'gu')
// `4111 1111 1111 1111 12/27`: the month belongs to the date, not to the number before it.
const dayOrMonthAtEnd = /(?<=\D)\d{1,2}$/
const restOfDate = /^\s*[/\uFF0F]\s*\d/

export function removeCardNumbers(text: string): string {
  if (!mayHoldCardNumber(text)) return text
  const view = withPlainDigits(text)
  let kept = ''
  let from = 0
  for (const { start, end } of cardNumbers(view)) {
    if (start < from) continue
    const tail = cardTail(view, end)
    kept += text.slice(from, start) + removed + (view.slice(end, tail).includes('\n') ? '\n' : '')
    from = tail
  }
  return from === 0 ? text : kept + text.slice(from)
}

type Span = { start: number; end: number }

function mayHoldCardNumber(text: string): boolean {
  if (text.length < fewestDigits) return false
  let digits = 0
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    // From U+0660 on there are digits of other scripts among the letters.
    if ((unit >= 0x30 && unit <= 0x39) || unit >= 0x660) digits += 1
  }
  return digits >= fewestDigits
}

/** The same text, index by index, with every script's digits as 0–9. */
function withPlainDigits(text: string): string {
  return text.replaceAll(/(?!\d)\p{Nd}/gu, (digit) => {
    const plain = String(digitValue(digit.codePointAt(0) ?? 0))
    // Digits of two code units keep their width by something that may stand between digits.
    return digit.length === 1 ? plain : `${plain}\u200B`
  })
}

/** Unicode encodes decimal digits in unbroken tens, some of them back to back. */
function digitValue(codePoint: number): number {
  let first = codePoint
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1
  return (codePoint - first) % 10
}

/** In the order of the text, none overlapping another. What is left between them holds no card number. */
function cardNumbers(view: string): Span[] {
  const found: Span[] = []
  for (const match of view.matchAll(runOfDigits)) {
    const rest = view.slice(match.index + match[0].length)
    const run = restOfDate.test(rest) ? match[0].replace(dayOrMonthAtEnd, '') : match[0]
    found.push(...cardNumbersInRun(view, match.index, run))
  }
  return found
}

/**
 * Slides over the run. Where several numbers overlap, the likeliest is taken first: one that stands by itself, then a
 * known brand's, then one followed by a date or a code; else the leftmost.
 */
function cardNumbersInRun(view: string, runStart: number, run: string): Span[] {
  const digits = [...run.matchAll(/\d/g)].map((match) => ({
    at: runStart + match.index,
    value: Number(match[0]),
  }))
  const sums = luhnSums(digits.map((digit) => digit.value))
  const candidates: (Span & { first: number; last: number; likelihood: number })[] = []
  for (let first = 0; first + fewestDigits <= digits.length; first += 1) {
    for (let last = first + fewestDigits - 1; last < digits.length && last - first < mostDigits; last += 1) {
      if (!isLuhnValid(sums, first, last)) continue
      const span = { start: digits[first]!.at, end: digits[last]!.at + 1 }
      candidates.push({ ...span, first, last, likelihood: likelihood(view, span) })
    }
  }
  candidates.sort((a, b) => b.likelihood - a.likelihood || a.first - b.first || b.last - a.last)
  const isTaken = new Uint8Array(digits.length)
  const taken = candidates.filter(({ first, last }) => {
    if (isTaken.subarray(first, last + 1).includes(1)) return false
    isTaken.fill(1, first, last + 1)
    return true
  })
  return taken.sort((a, b) => a.start - b.start)
}

// Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay, Maestro, each with its own lengths.
const brand =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|6(?:011|4|5)\d{12,13}|35\d{14}|62\d{14,17}|(?:5[06-9]|6)\d{11,17})$/

function likelihood(view: string, { start, end }: Span): number {
  const standsAlone = !isDigit(view, start - 1) && !isDigit(view, end)
  const isBrand = brand.test(view.slice(start, end).replaceAll(/\D/g, ''))
  return (standsAlone ? 4 : 0) + (isBrand ? 2 : 0) + (cardTail(view, end) > end ? 1 : 0)
}

function isDigit(view: string, index: number): boolean {
  return /\d/.test(view.charAt(index))
}

type LuhnSums = { even: number[]; odd: number[] }

/** Sums up to each digit, once with those at even places doubled and once with the odd ones: any stretch costs two look-ups. */
function luhnSums(values: number[]): LuhnSums {
  const sums: LuhnSums = { even: [0], odd: [0] }
  for (const [index, value] of values.entries()) {
    const doubled = value > 4 ? value * 2 - 9 : value * 2
    sums.even.push(sums.even[index]! + (index % 2 === 0 ? doubled : value))
    sums.odd.push(sums.odd[index]! + (index % 2 === 1 ? doubled : value))
  }
  return sums
}

/** The last digit stands as it is, every second one before it is doubled. */
function isLuhnValid(sums: LuhnSums, first: number, last: number): boolean {
  const running = last % 2 === 1 ? sums.even : sums.odd
  return (running[last + 1]! - running[first]!) % 10 === 0
}
