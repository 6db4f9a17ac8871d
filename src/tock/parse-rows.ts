/** From the bytes of a file to its rows, as Tock wrote them, with only the fields that are asked for. */

import { thinRows } from './thin-rows.ts'
import { UnreadableFile } from './unreadable-file.ts'

export type RawRow = Record<string, unknown>

/** Some rows after the other. @throws UnreadableFile when the bytes are not one JSON array of objects */
export function* parseRows(bytes: Uint8Array, fields: ReadonlySet<string>): Generator<RawRow> {
  // Bytes that are no UTF-8 become U+FFFD, which costs a letter and not the snapshot.
  const decoder = new TextDecoder()
  for (const thin of thinRows(bytes, fields)) {
    yield* parse(decoder.decode(thin).replace(wideId, '$1"$2"'))
  }
}

function parse(text: string): RawRow[] {
  try {
    return JSON.parse(text) as RawRow[]
  } catch {
    // The parser's own error quotes the text.
    throw new UnreadableFile()
  }
}

export function isRawRow(value: unknown): value is RawRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Ids are 64 bits wide and JavaScript's numbers 53: those long enough to lose digits are put in quotes before they
 * are parsed. Only a key can look like `"id":`, because quotes inside a text are escaped.
 */
const wideId = /("(?:id|walkinId|sequenceId)"\s*:\s*)([1-9]\d{15,})(?=\s*[,}])/g
