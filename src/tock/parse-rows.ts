/** From the bytes of a file to its rows, as Tock wrote them. */

import { UnreadableFile } from './unreadable-file.ts'

export type RawRow = Record<string, unknown>

/** @throws UnreadableFile when the bytes are not one JSON array of objects */
export function parseRows(bytes: Uint8Array): RawRow[] {
  // Strips the byte order mark; bytes that are no UTF-8 become U+FFFD, which costs a letter and not the snapshot.
  const parsed = parseJson(quoteWideIds(new TextDecoder().decode(bytes)))
  if (!Array.isArray(parsed)) throw new UnreadableFile()
  for (const row of parsed) if (!isRawRow(row)) throw new UnreadableFile()
  return parsed
}

export function isRawRow(value: unknown): value is RawRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Ids are 64 bits wide and JavaScript's numbers 53: those long enough to lose digits become strings before they are
 * parsed. Only a key can look like `"id":`, because quotes inside a text are escaped. A reviver that sees the source
 * does the same at several times the cost of the whole file.
 */
const wideId = /("(?:id|walkinId|sequenceId|nextGuestProfileId)"\s*:\s*)(-?[1-9]\d{15,})(?=\s*[,}])/g

function quoteWideIds(text: string): string {
  return text.replace(wideId, '$1"$2"')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own error quotes the text.
    throw new UnreadableFile()
  }
}
