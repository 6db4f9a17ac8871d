/** The rows of an export as lines of a file. */

import { stringify } from 'csv-stringify/sync'
import type { ExportColumn, ExportFormat } from '../contract/segment-export.ts'

export type ExportRow = Record<string, unknown>

/** What stands above the rows. */
export function exportHead(format: ExportFormat, columns: string[]): string {
  return format === 'csv' ? stringify([columns]) : ''
}

/** Values as they are in JSON Lines; in CSV a cell that a spreadsheet would run as a formula is made harmless. */
export function exportLines(format: ExportFormat, columns: string[], rows: ExportRow[]): string {
  if (format === 'jsonl') {
    return rows
      .map(
        (row) => `${JSON.stringify(Object.fromEntries(columns.map((name) => [name, row[name] ?? null])))}\n`,
      )
      .join('')
  }
  return stringify(
    rows.map((row) => columns.map((name) => cell(row[name]))),
    // A ' in front of what begins with = + - @, a tab or a carriage return, also in their full width.
    { escape_formulas: true },
  )
}

/** The file's columns: a mark on every row, whoever opens it later. */
export function columnsOf(chosen: ExportColumn[], notForMailing: boolean): string[] {
  return [...(notForMailing ? ['mailing'] : []), ...new Set(chosen), 'may_mail']
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  return Array.isArray(value) ? value.join('; ') : String(value)
}
