/** A row as it stands in an export file, and how Tock writes it down. */

/**
 * 64-bit ids beyond 2^53 are bigints here and plain numbers on the wire. Values are `unknown` because tests put
 * anything into a row.
 */
export type RawRow = Record<string, unknown>

export type RawId = number | bigint

declare global {
  interface JSON {
    /** Text that `stringify` writes as it is (V8 has it, TypeScript's library does not know it yet). */
    rawJSON(text: string): unknown
  }
}

/** JSON as on the wire: every digit of an id, no quotes around it. `undefined` fields stay away, like unset ones at Tock. */
export function wireText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    // Few rows hold a bigint; the replacer, which costs ten times as much, runs for those alone.
    if (!(error instanceof TypeError)) throw error
    return JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'bigint' ? JSON.rawJSON(part.toString()) : part,
    )
  }
}

export function isRow(value: unknown): value is RawRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The prefixed key of a reservation row, or null where it has none. */
export function reservationKey(row: unknown): string | null {
  if (!isRow(row)) return null
  if (row.id !== undefined) return `r:${String(row.id)}`
  return row.walkinId === undefined ? null : `w:${String(row.walkinId)}`
}

/** The patron id of a guest profile as text, or null where it has none. */
export function guestKey(row: unknown): string | null {
  const patron = isRow(row) ? row.patron : undefined
  return isRow(patron) && patron.id !== undefined ? String(patron.id) : null
}
