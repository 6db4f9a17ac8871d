/**
 * Marks the fields of answers that are a guest's own. Who may not see guests in full gets them masked, by this mark
 * and in one place (`api/mask-guests.ts`), whichever route answers.
 */

import { z } from 'zod'

/** How a field is masked: `email` → `a…@e…`, `name` → `A…`, `text` → left out (null). */
export type GuestField = 'email' | 'name' | 'text'

export const guestFields = z.registry<{ mask: GuestField }>()

export const guestEmail = () => marked('email', 'Masked (`a…@e…`) for those who may not see guests in full')
export const guestName = () => marked('name', 'Shortened for those who may not see guests in full')
export const guestText = () => marked('text', 'Left out (null) for those who may not see guests in full')

function marked(mask: GuestField, description: string) {
  return z.string().nullable().describe(description).register(guestFields, { mask })
}
