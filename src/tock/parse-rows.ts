/** From the bytes of a file to its rows, as Tock wrote them. */

import { UnreadableFile } from './unreadable-file.ts'

export type RawRow = Record<string, unknown>

/** @throws UnreadableFile when the bytes are not one JSON array of objects */
export function parseRows(bytes: Uint8Array): RawRow[] {
  // Strips the byte order mark; bytes that are no UTF-8 become U+FFFD, which costs a letter and not the snapshot.
  const text = new TextDecoder().decode(bytes)
  const rows = rowsOf(parseJson(text))
  // Looking for wide ids in the text costs a third of parsing it, looking at the parsed ones nearly nothing.
  return rows.some(hasRoundedId) ? rowsOf(parseJson(text.replace(wideId, '$1"$2"'))) : rows
}

export function isRawRow(value: unknown): value is RawRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Ids are 64 bits wide and JavaScript's numbers 53: those long enough to lose digits are put in quotes before they
 * are parsed. Only a key can look like `"id":`, because quotes inside a text are escaped.
 */
const wideId = /("(?:id|walkinId|sequenceId)"\s*:\s*)([1-9]\d{15,})(?=\s*[,}])/g
const holdersOfIds = [
  'business',
  'experience',
  'seatingOption',
  'dinerPatron',
  'ownerPatron',
  'patron',
] as const

function hasRoundedId(row: RawRow): boolean {
  if (isRounded(row.id) || isRounded(row.walkinId) || isRounded(row.sequenceId)) return true
  return holdersOfIds.some((name) => {
    const held = row[name]
    return isRawRow(held) && isRounded(held.id)
  })
}

function isRounded(value: unknown): boolean {
  return typeof value === 'number' && value > Number.MAX_SAFE_INTEGER
}

function rowsOf(parsed: unknown): RawRow[] {
  if (!Array.isArray(parsed)) throw new UnreadableFile()
  for (const row of parsed) if (!isRawRow(row)) throw new UnreadableFile()
  return parsed
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own error quotes the text.
    throw new UnreadableFile()
  }
}
