/**
 * Leaves out of a file's bytes, before anything is parsed, every field of a row that may not be kept: two thirds of a
 * reservation are payments, tables and the like. Parsing what is left costs a third, in time and in memory, and what
 * may not be kept never becomes a value at all (rule 1).
 */

import { UnreadableFile } from './unreadable-file.ts'

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/**
 * The same JSON array with only the named fields of each object in it. Looks at the structure alone: what is kept has
 * yet to be parsed, what is left out is only known to be closed.
 * @throws UnreadableFile when the bytes are not one array of objects, whole
 */
export function thinRows(bytes: Uint8Array, fields: ReadonlySet<string>): Uint8Array {
  const wanted = wordsByShape(fields)
  const thin = new Uint8Array(bytes.length + 2)
  // Plain locals, nothing captured: this loop sees every row of the winery.
  let written = 0
  let at = afterBlanks(bytes, afterMark(bytes))
  if (bytes[at] !== openBracket) throw new UnreadableFile()
  thin[written++] = openBracket
  at = afterBlanks(bytes, at + 1)
  let isFirstRow = true
  while (bytes[at] !== closeBracket) {
    if (!isFirstRow) {
      if (bytes[at] !== comma) throw new UnreadableFile()
      thin[written++] = comma
      at = afterBlanks(bytes, at + 1)
    }
    isFirstRow = false
    if (bytes[at] !== openBrace) throw new UnreadableFile()
    thin[written++] = openBrace
    at = afterBlanks(bytes, at + 1)
    let isFirstField = true
    let isFirstKept = true
    while (bytes[at] !== closeBrace) {
      if (!isFirstField) {
        if (bytes[at] !== comma) throw new UnreadableFile()
        at = afterBlanks(bytes, at + 1)
      }
      isFirstField = false
      if (bytes[at] !== quote) throw new UnreadableFile()
      const from = at
      at = afterString(bytes, at)
      const isKept = isOneOf(bytes, from + 1, at - 1, wanted)
      at = afterBlanks(bytes, at)
      if (bytes[at] !== colon) throw new UnreadableFile()
      at = afterValue(bytes, afterBlanks(bytes, at + 1))
      if (isKept) {
        if (!isFirstKept) thin[written++] = comma
        isFirstKept = false
        thin.set(bytes.subarray(from, at), written)
        written += at - from
      }
      at = afterBlanks(bytes, at)
    }
    thin[written++] = closeBrace
    at = afterBlanks(bytes, at + 1)
  }
  thin[written++] = closeBracket
  if (afterBlanks(bytes, at + 1) < bytes.length) throw new UnreadableFile()
  return thin.subarray(0, written)
}

/** Words by length and first letter: most keys are told apart by these alone. */
function wordsByShape(words: ReadonlySet<string>): Uint8Array[][] {
  const byShape: Uint8Array[][] = []
  for (const word of words) {
    const bytes = Buffer.from(word)
    const shape = bytes.length * 256 + (bytes[0] ?? 0)
    byShape[shape] = [...(byShape[shape] ?? []), bytes]
  }
  return byShape
}

function afterMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

function afterBlanks(bytes: Uint8Array, at: number): number {
  let next = at
  while (isBlank(bytes[next])) next += 1
  return next
}

/** A key written with escapes is never taken for another: Tock's are plain words. */
function isOneOf(bytes: Uint8Array, from: number, to: number, words: Uint8Array[][]): boolean {
  const alike = words[(to - from) * 256 + (bytes[from] ?? 0)]
  if (!alike) return false
  for (const word of alike) {
    let index = 1
    while (index < word.length && bytes[from + index] === word[index]) index += 1
    if (index === word.length) return true
  }
  return false
}

/** `at` is an opening quote. */
function afterString(bytes: Uint8Array, at: number): number {
  const { length } = bytes
  let next = at + 1
  while (next < length) {
    const code = bytes[next]
    if (code === quote) return next + 1
    next += code === backslash ? 2 : 1
  }
  throw new UnreadableFile()
}

function afterValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  if (first === quote) return afterString(bytes, at)
  if (first === openBrace || first === openBracket) return afterNested(bytes, at)
  let next = at
  while (next < bytes.length && !endsScalar(bytes[next])) next += 1
  if (next === at) throw new UnreadableFile()
  return next
}

function endsScalar(code: number | undefined): boolean {
  return code === comma || code === closeBrace || code === closeBracket || isBlank(code)
}

function afterNested(bytes: Uint8Array, at: number): number {
  const { length } = bytes
  let depth = 0
  let next = at
  while (next < length) {
    const code = bytes[next]
    if (code === quote) {
      next = afterString(bytes, next)
      continue
    }
    next += 1
    if (code === openBrace || code === openBracket) depth += 1
    else if (code === closeBrace || code === closeBracket) {
      depth -= 1
      if (depth === 0) return next
    }
  }
  throw new UnreadableFile()
}
