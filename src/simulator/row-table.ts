/**
 * The rows of one kind that a business has: generated ones, made only when asked for, and on top of them what a
 * test put in, replaced or took out.
 */

import type { RawRow } from './raw-row.ts'

export type GeneratedRows = {
  count(): number
  row(slot: number): RawRow
  /** As cheap as can be: a key is looked for by trying them all. */
  key(slot: number): string | null
}

export type RowTable = {
  /** Slots, those of removed rows included. */
  length(): number
  /** null where the row was removed. */
  row(slot: number): RawRow | null
  rows(): Generator<RawRow>
  add(row: RawRow): void
  /** The first row of that key; throws where there is none. */
  replace(key: string, change: (row: RawRow) => RawRow): void
  remove(key: string): void
  /** Takes out everything, later generated rows too. */
  clear(): void
}

export function rowTable(generated: GeneratedRows, keyOf: (row: RawRow) => string | null): RowTable {
  const overrides = new Map<number, RawRow | null>()
  let own: (RawRow | null)[] = []
  let isCleared = false
  const generatedCount = () => (isCleared ? 0 : generated.count())

  function row(slot: number): RawRow | null {
    const count = generatedCount()
    if (slot >= count) return own[slot - count] ?? null
    const override = overrides.get(slot)
    return override === undefined ? generated.row(slot) : override
  }

  function put(slot: number, replaced: RawRow | null) {
    const count = generatedCount()
    if (slot >= count) own[slot - count] = replaced
    else overrides.set(slot, replaced)
  }

  function find(key: string): { slot: number; found: RawRow } {
    for (let slot = 0; slot < table.length(); slot++) {
      const isOwn = slot >= generatedCount() || overrides.has(slot)
      const found = isOwn || generated.key(slot) === key ? row(slot) : null
      if (found && keyOf(found) === key) return { slot, found }
    }
    throw new Error(`The simulator has no row ${key}.`)
  }

  const table: RowTable = {
    length: () => generatedCount() + own.length,
    row,
    *rows() {
      for (let slot = 0; slot < table.length(); slot++) {
        const one = row(slot)
        if (one) yield one
      }
    },
    add: (added) => own.push(added),
    replace(key, change) {
      const { slot, found } = find(key)
      put(slot, change(found))
    },
    remove: (key) => put(find(key).slot, null),
    clear() {
      isCleared = true
      own = []
      overrides.clear()
    },
  }
  return table
}
