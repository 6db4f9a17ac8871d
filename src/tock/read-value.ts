/** How single values stand on the wire: some fields are numbers in one row and strings in the next. */

import { isRawRow, type RawRow } from './parse-rows.ts'

/** What four digits of a year can tell. */
export const firstMs = Date.parse('0001-01-01T00:00:00.000Z')
export const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/** What a field holds that should be an object; one without fields where it is none. */
export function rawObject(value: unknown): RawRow {
  return isRawRow(value) ? value : nothing
}

/** An id as text, every digit kept (0 is an id). `null` for what is none. */
export function rawId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null
  return typeof value === 'string' && /^\d{1,30}$/.test(value) ? value : null
}

/** Epoch milliseconds, within the years 1 to 9999. */
export function rawTimestamp(value: unknown): number | null {
  const ms = rawInteger(value)
  return ms !== null && ms >= firstMs && ms <= lastMs ? ms : null
}

export function rawInteger(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(number) && typeof number === 'number' ? number : null
}

/** A count that may pass 2^53: signed 64 bits, as the database holds it. */
export function rawSequence(value: unknown): string | null {
  const id = rawId(value)
  return id !== null && (id.length < 19 || BigInt(id) < 2n ** 63n) ? id : null
}

const nothing: RawRow = {}
