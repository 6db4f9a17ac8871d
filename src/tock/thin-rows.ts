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
  const wanted = [...fields].map((field) => Buffer.from(field))
  const thin = new Uint8Array(bytes.length + 2)
  let written = 0
  let at = afterMark(bytes)

  const skipBlanks = () => {
    while (isBlank(bytes[at])) at += 1
  }
  const expect = (code: number) => {
    if (bytes[at] !== code) throw new UnreadableFile()
    at += 1
  }
  const keep = (from: number, to: number) => {
    thin.set(bytes.subarray(from, to), written)
    written += to - from
  }

  skipBlanks()
  expect(openBracket)
  thin[written++] = openBracket
  skipBlanks()
  let isFirstRow = true
  while (bytes[at] !== closeBracket) {
    if (!isFirstRow) {
      expect(comma)
      thin[written++] = comma
      skipBlanks()
    }
    isFirstRow = false
    expect(openBrace)
    thin[written++] = openBrace
    skipBlanks()
    let isFirstField = true
    let isFirstKept = true
    while (bytes[at] !== closeBrace) {
      if (!isFirstField) {
        expect(comma)
        skipBlanks()
      }
      isFirstField = false
      const from = at
      if (bytes[at] !== quote) throw new UnreadableFile()
      at = afterString(bytes, at)
      const isWanted = isOneOf(bytes, from + 1, at - 1, wanted)
      skipBlanks()
      expect(colon)
      skipBlanks()
      at = afterValue(bytes, at)
      if (isWanted) {
        if (!isFirstKept) thin[written++] = comma
        isFirstKept = false
        keep(from, at)
      }
      skipBlanks()
    }
    at += 1
    thin[written++] = closeBrace
    skipBlanks()
  }
  at += 1
  thin[written++] = closeBracket
  skipBlanks()
  if (at < bytes.length) throw new UnreadableFile()
  return thin.subarray(0, written)
}

function afterMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** A key written with escapes is never taken for another: Tock's are plain words. */
function isOneOf(bytes: Uint8Array, from: number, to: number, words: Uint8Array[]): boolean {
  for (const word of words) {
    if (word.length !== to - from) continue
    let index = 0
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
