/** One line of a customers' file: from cells to values, or to what is wrong with it. */

import { emailKey } from '../contract/email-address.ts'
import type { ImportColumn } from './customers-import-columns.ts'
import { importInstant } from './customers-import-date.ts'

/** Empty cells are null: they change nothing. */
export type ImportRow = {
  ecellarCustomerId: string | null
  email: string | null
  emailKey: string | null
  firstName: string | null
  lastName: string | null
  customerSource: string | null
  customerType: string | null
  allocationTier: string | null
  active: boolean | null
  wantsEmail: boolean | null
  /** ISO, UTC. */
  createdAt: string | null
  bounced: boolean | null
  clubMember: boolean | null
  tags: string[] | null
}

export type RowReader = (cells: string[]) => { row: ImportRow } | { problem: string }

/** @param options.timeZone the winery's: a date without a time is midnight there */
export function rowReader(options: {
  columns: (ImportColumn | undefined)[]
  timeZone: string
  now: Temporal.Instant
}): RowReader {
  const position = new Map(options.columns.map((column, index) => [column, index]))
  // Few distinct days stand in a file, and working one out is dear.
  const instants = new Map<string, string | null>()
  return (cells) => {
    const problems: string[] = []
    const text = (column: ImportColumn): string | null => {
      const index = position.get(column)
      const cell = index === undefined ? '' : (cells[index] ?? '').trim()
      return cell === '' ? null : cell
    }
    const flag = (column: ImportColumn): boolean | null => {
      const cell = text(column)
      const value = cell === null ? null : flags.get(cell.toLowerCase())
      if (value === undefined) problems.push(`${column} is neither yes nor no`)
      return value ?? null
    }
    const instant = (column: ImportColumn): string | null => {
      const cell = text(column)
      if (cell === null) return null
      let value = instants.get(cell)
      if (value === undefined) {
        value = importInstant(cell, options.timeZone, options.now)
        instants.set(cell, value)
      }
      if (value === null) problems.push(`${column} is no date of the past (YYYY-MM-DD or M/D/YYYY)`)
      return value
    }
    const email = text('email')
    const key = email === null ? null : emailKey(email)
    if (email !== null && key === null) problems.push('email is not an e-mail address')
    const row: ImportRow = {
      ecellarCustomerId: text('customer_id'),
      email,
      emailKey: key,
      firstName: text('first_name'),
      lastName: text('last_name'),
      customerSource: text('customer_source'),
      customerType: text('customer_type'),
      allocationTier: text('allocation_tier'),
      active: flag('active'),
      wantsEmail: flag('wants_email'),
      createdAt: instant('created_on'),
      bounced: flag('bounced'),
      clubMember: flag('club_member'),
      tags: splitTags(text('tags')),
    }
    if (row.ecellarCustomerId === null && email === null)
      problems.push('neither customer_id nor email is filled')
    return problems.length > 0 ? { problem: problems.join('; ') } : { row }
  }
}

const flags = new Map<string, boolean>([
  ...['yes', 'y', 'true', 't', '1', 'on'].map((word) => [word, true] as const),
  ...['no', 'n', 'false', 'f', '0', 'off'].map((word) => [word, false] as const),
])

function splitTags(cell: string | null): string[] | null {
  if (cell === null) return null
  const tags = cell
    .split(/[;|]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
  return tags.length === 0 ? null : [...new Set(tags)]
}
