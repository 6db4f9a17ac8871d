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
export function removeCardNumbers(text: string): string {
  if (!mayHoldCardNumber(text)) return text
  const view = withPlainDigits(text)
  const spans = cardNumbers(view)
  let kept = ''
  let from = 0
  for (const [index, { start, end }] of spans.entries()) {
    const tail = Math.min(cardTail(view, end), spans[index + 1]?.start ?? text.length)
    kept += text.slice(from, start) + removed + (view.slice(end, tail).includes('\n') ? '\n' : '')
    from = isSecondHalf(text, tail) ? tail + 1 : tail
  }
  // What stood between two of them may only now stand by itself.
  return spans.length === 0 ? text : removeCardNumbers(kept + text.slice(from))
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

function isSecondHalf(text: string, index: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text.charAt(index))
}

/** In the order of the text, none overlapping another. */
function cardNumbers(view: string): Span[] {
  const found: Span[] = []
  for (const match of view.matchAll(runOfDigits)) {
    found.push(...cardNumbersInRun(view, match.index, match[0]))
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
      const rank = likelihood(view, span)
      if (rank > 0) candidates.push({ ...span, first, last, likelihood: rank })
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

// Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay, each with its usual length.
const brand =
  /^(?:4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|6(?:011|[45]\d\d)\d{12}|35\d{14}|62\d{14,17})$/

/**
 * 0 for what is none: two of three numbers with 16 digits hold 13 that pass the check by chance, so a part of a number
 * counts only when it is a brand's, or when the whole is too long to be one number.
 */
function likelihood(view: string, { start, end }: Span): number {
  const standsAlone = !isDigit(view, start - 1) && !isDigit(view, end)
  const isBrand = brand.test(view.slice(start, end).replaceAll(/\D/g, ''))
  if (!standsAlone && !isBrand && !isInLongGroup(view, start, end)) return 0
  if (endsInDate(view, end)) return 1
  return 2 + (standsAlone ? 8 : 0) + (isBrand ? 4 : 0) + (cardTail(view, end) > end ? 2 : 0)
}

/** `4111 1111 1111 1111 12/27`: the month rather belongs to the date than to the number before it. */
function endsInDate(view: string, end: number): boolean {
  return /\D\d{1,2}$/.test(view.slice(end - 3, end)) && /^\s*[/\uFF0F]\s*\d/.test(view.slice(end, end + 9))
}

function isInLongGroup(view: string, start: number, end: number): boolean {
  if (!/^\d+$/.test(view.slice(start, end))) return false
  let from = start
  let to = end
  while (to - from <= mostDigits && isDigit(view, from - 1)) from -= 1
  while (to - from <= mostDigits && isDigit(view, to)) to += 1
  return to - from > mostDigits
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
