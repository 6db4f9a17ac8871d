/** *Nothing came* is news: the kinds of it, raised and recovered once per change of state. */

import { z } from 'zod'

export const alertCodes = [
  'nothing_came',
  'pulls_fail',
  'zero_rows',
  'much_smaller',
  'suspiciously_fast',
  'old_exceptions',
] as const
export type AlertCode = (typeof alertCodes)[number]

/** For the subject of a mail and the head of a list. */
export const alertTitles = {
  nothing_came: 'No good pull for 30 hours',
  pulls_fail: 'Pulls fail',
  zero_rows: 'A pull brought no reservations',
  much_smaller: 'A pull brought far fewer reservations',
  suspiciously_fast: 'A pull was suspiciously fast',
  old_exceptions: 'Exceptions wait for over a week',
} as const satisfies Record<AlertCode, string>

export const alertSchema = z.object({
  alertId: z.string(),
  winery: z.string(),
  brand: z.string(),
  code: z.enum(alertCodes),
  title: z.string(),
  message: z.string(),
  nextStep: z.string(),
  raisedAt: z.iso.datetime(),
  /** null: it still is so. */
  recoveredAt: z.iso.datetime().nullable(),
})
export type Alert = z.infer<typeof alertSchema>
