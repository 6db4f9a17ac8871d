/** How every list is paged: a cursor that only the program reads, in an order that stays. */

import { z } from 'zod'

export const maxPageSize = 200

export const pageQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxPageSize)
    .default(50)
    .describe(`How many at most, up to ${maxPageSize}`),
  cursor: z.string().min(1).max(1000).optional().describe('`nextCursor` of the page before'),
})

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('For the next page; null on the last one'),
  })
}
