/** What an export of a segment may hold: CSV or JSON Lines, with chosen columns. */

import { Refusal } from './errors.ts'

export const exportFormats = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** `may_mail` is on every row. */
export const exportColumns = [
  'customer_id',
  'ecellar_customer_id',
  'email',
  'first_name',
  'last_name',
  'customer_source',
  'customer_type',
  'allocation_tier',
  'email_consent',
  'club_member',
  'tags',
  'created_at',
  'created_by',
  'released_at',
  'visits',
  'first_visit_on',
  'last_visit_on',
  'next_visit_on',
  /** Of the latest reservation; only where the winery's admin allows notes to leave. */
  'notes',
] as const
export type ExportColumn = (typeof exportColumns)[number]

/** `email,visits` as the columns that they are. @throws Refusal invalid */
export function readExportColumns(text: string): ExportColumn[] {
  return text.split(',').map((name) => {
    const found = exportColumns.find((column) => column === name.trim())
    if (found) return found
    throw new Refusal(
      'invalid',
      `There is no column "${name.trim()}".`,
      `Columns: ${exportColumns.join(', ')}`,
    )
  })
}

export const usualColumns: ExportColumn[] = [
  'customer_id',
  'ecellar_customer_id',
  'email',
  'first_name',
  'last_name',
  'customer_type',
  'visits',
  'last_visit_on',
]
