/**
 * Cursors: where a page ended, as the keys of its last row in the order of its list. They are checked when they come
 * back, and of one list alone; rows that come or go meanwhile are neither shown twice nor left out.
 */

import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { Refusal } from '../contract/errors.ts'

export type Page<Item> = { items: Item[]; nextCursor: string | null }

/**
 * A page of `list` (its name, and the filters that it goes by).
 * Away from a route's answer, say which rows: `pageOfList<Row, string>(…)`.
 * @param fetch finds up to `limit` rows after these keys, in the list's order; it is asked for one more than is shown
 * @throws Refusal invalid for a cursor that is not this list's
 */
export async function pageOfList<Row, Keys>(
  query: { limit: number; cursor?: string | undefined },
  list: unknown[],
  keys: { shape: z.ZodType<Keys>; of: (row: NoInfer<Row>) => NoInfer<Keys> },
  fetch: (after: Keys | null, limit: number) => Promise<Row[]>,
): Promise<Page<Row>> {
  const tag = createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 8)
  const after = query.cursor === undefined ? null : readCursor(query.cursor, tag, keys.shape)
  const rows = await fetch(after, query.limit + 1)
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  const more = rows.length > query.limit && last !== undefined
  return { items, nextCursor: more ? writeCursor(tag, keys.of(last)) : null }
}

function writeCursor(tag: string, keys: unknown): string {
  return Buffer.from(JSON.stringify([tag, keys])).toString('base64url')
}

function readCursor<Keys>(cursor: string, tag: string, shape: z.ZodType<Keys>): Keys {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(read) && read.length === 2 && read[0] === tag) {
      const keys = shape.safeParse(read[1])
      if (keys.success) return keys.data
    }
  } catch {
    // no JSON: refused below
  }
  throw new Refusal(
    'invalid',
    'This cursor is not one of this list.',
    'Take nextCursor of the page before, with the same filters; or leave it out to begin anew.',
  )
}
