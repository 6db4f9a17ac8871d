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

/** Few enough that what is made of them is gone before the garbage collector would keep it. */
const rowsAtATime = 250

/**
 * The same rows with only the named fields of each object, as one JSON array after the other. Looks at the structure
 * alone: what is kept has yet to be parsed, what is left out is only known to be closed.
 * @throws UnreadableFile when the bytes are not one array of objects, whole; it may show only after the last array
 */
export function* thinRows(bytes: Uint8Array, fields: ReadonlySet<string>): Generator<Uint8Array> {
  const wanted = wordsByShape(fields)
  let at = afterBlanks(bytes, afterMark(bytes))
  if (bytes[at] !== openBracket) throw new UnreadableFile()
  at = afterBlanks(bytes, at + 1)
  while (bytes[at] !== closeBracket) {
    const some = thinSome(bytes, at, wanted)
    yield some.thin
    at = some.at
    if (bytes[at] === closeBracket) break
    if (bytes[at] !== comma) throw new UnreadableFile()
    at = afterBlanks(bytes, at + 1)
    if (bytes[at] !== openBrace) throw new UnreadableFile()
  }
  if (afterBlanks(bytes, at + 1) < bytes.length) throw new UnreadableFile()
}

/** Thins rows from `at`, where one begins, until there are enough or no comma follows. */
function thinSome(bytes: Uint8Array, from: number, wanted: Uint8Array[][]): { thin: Uint8Array; at: number } {
  // Plain locals, nothing captured: this loop sees every row of the winery.
  let thin = new Uint8Array(256 * 1024)
  let written = 0
  let at = from
  thin[written++] = openBracket
  for (let rows = 0; ; ) {
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
      const key = at
      at = afterString(bytes, at)
      const isKept = isOneOf(bytes, key + 1, at - 1, wanted)
      at = afterBlanks(bytes, at)
      if (bytes[at] !== colon) throw new UnreadableFile()
      at = afterValue(bytes, afterBlanks(bytes, at + 1))
      if (isKept) {
        // Room for this field and what may still have to follow it.
        if (thin.length - written < at - key + 8) thin = moreRoom(thin, at - key)
        if (!isFirstKept) thin[written++] = comma
        isFirstKept = false
        thin.set(bytes.subarray(key, at), written)
        written += at - key
      }
      at = afterBlanks(bytes, at)
    }
    if (thin.length - written < 8) thin = moreRoom(thin, 0)
    thin[written++] = closeBrace
    at = afterBlanks(bytes, at + 1)
    rows += 1
    if (rows === rowsAtATime || bytes[at] !== comma) break
    thin[written++] = comma
    at = afterBlanks(bytes, at + 1)
  }
  thin[written++] = closeBracket
  return { thin: thin.subarray(0, written), at }
}

function moreRoom(thin: Uint8Array<ArrayBuffer>, wanted: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(thin.buffer.transfer(2 * thin.length + wanted))
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
