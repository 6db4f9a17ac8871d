/**
 * Marks the fields of answers that are a guest's own. Who may not see guests in full gets them masked, by this mark
 * and in one place (`api/mask-guests.ts`), whichever route answers.
 */

import { z } from 'zod'

/**
 * How a field is masked: `email` → `a…@e…`, `name` → `A…`, `text` → left out (null). `change`: an object with `field`,
 * `before` and `after`, the latter two left out where the field is a guest's own.
 */
export type GuestField = 'email' | 'name' | 'text' | 'change'

export const guestFields = z.registry<{ mask: GuestField }>()

export const guestEmail = () => marked('email', 'Masked (`a…@e…`) for those who may not see guests in full')
export const guestName = () => marked('name', 'Shortened for those who may not see guests in full')
export const guestText = () => marked('text', 'Left out (null) for those who may not see guests in full')

function marked(mask: GuestField, description: string) {
  return z.string().nullable().describe(description).register(guestFields, { mask })
}

/** One field before and after, of a reservation or customer. */
export function guestChange<
  Shape extends { field: z.ZodType; before: z.ZodType; after: z.ZodType } & z.core.$ZodLooseShape,
>(shape: Shape) {
  return z.object(shape).register(guestFields, { mask: 'change' })
}

/** Fields of the history that tell nothing of who the guest is; all others are masked. */
export const plainHistoryFields: readonly string[] = [
  'status',
  'tock_state',
  'starts_at',
  'local_start',
  'time_zone',
  'party_size',
  'is_cancelled',
  'experience_id',
  'seating_area_id',
  'missing_since',
  'customer_id',
]
