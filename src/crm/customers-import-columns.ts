/** The first line of a customers' file: which column is which, however they are ordered and written. */

import { Refusal } from '../contract/errors.ts'

export const importColumns = [
  'customer_id',
  'email',
  'first_name',
  'last_name',
  'customer_source',
  'customer_type',
  'allocation_tier',
  'active',
  'wants_email',
  'created_on',
  'bounced',
  'club_member',
  'tags',
] as const
export type ImportColumn = (typeof importColumns)[number]

export type Header = {
  /** Per cell of a row: the column it belongs to, or nothing. */
  columns: (ImportColumn | undefined)[]
  /** As written; they are not imported. */
  unknownColumns: string[]
}

/** Spellings with letters and digits alone, in lower case. */
const spellings: Record<ImportColumn, string[]> = {
  customer_id: ['customerid', 'ecellarcustomerid', 'customernumber', 'customerno', 'custid', 'id'],
  email: ['email', 'emailaddress', 'customeremail', 'mail'],
  first_name: ['firstname', 'givenname', 'fname', 'first'],
  last_name: ['lastname', 'surname', 'familyname', 'lname', 'last'],
  customer_source: ['customersource', 'source'],
  customer_type: ['customertype', 'type'],
  allocation_tier: ['allocationtier', 'tier'],
  active: ['active', 'isactive'],
  wants_email: ['wantsemail', 'wantsemails'],
  created_on: ['createdon', 'createdat', 'datecreated', 'creationdate', 'created'],
  bounced: ['bounced', 'emailbounced', 'isbounced'],
  club_member: ['clubmember', 'isclubmember'],
  tags: ['tags', 'tag'],
}

const columnOf = new Map(importColumns.flatMap((column) => spellings[column].map((text) => [text, column])))

/** @throws Refusal `invalid` without a key column, or when a column stands there twice */
export function readHeader(cells: string[]): Header {
  const columns = cells.map((cell) => columnNamed(cell))
  if (!columns.includes('customer_id') && !columns.includes('email')) {
    // The line is not quoted: in a file without a header it is a person.
    throw new Refusal(
      'invalid',
      'The first line names neither a column customer_id nor a column email.',
      `Give the file a first line with the names of its columns: ${importColumns.join(',')}. One of the first two is needed, the others are up to you.`,
    )
  }
  const twice = columns.find((column, index) => column !== undefined && columns.indexOf(column) !== index)
  if (twice !== undefined) {
    throw new Refusal('invalid', `Two columns of the file are ${twice}.`, 'Remove or rename one of them.')
  }
  const unknownColumns = cells
    .map((cell) => cell.trim())
    .filter((cell, index) => columns[index] === undefined && cell !== '')
  return { columns, unknownColumns }
}

/** @returns nothing for a name that is no column of ours */
export function columnNamed(cell: string): ImportColumn | undefined {
  return columnOf.get(cell.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''))
}
