/** Where a file's rows stand before they are merged: temporary tables of this session, filled by COPY. */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { ImportRow } from './customers-import-row.ts'

/** Call it inside the transaction and as the owner; the tenant role gets to work on both tables. */
export async function makeStaging(client: pg.Client): Promise<void> {
  await client.query(tables)
}

/** Fills `import_rows`. */
export async function stageRows(
  client: pg.Client,
  rows: Iterable<{ line: number; row: ImportRow }>,
): Promise<void> {
  const copy = client.query(
    copyFrom(`copy import_rows (line, ecellar_id, email, email_key, first_name, last_name, customer_source,
      customer_type, allocation_tier, active, wants_email, created_at, bounced, club_member, tags) from stdin`),
  )
  await pipeline(Readable.from(copyLines(rows), { objectMode: true, highWaterMark: 2 }), copy)
  await client.query('analyze import_rows')
}

/** Joins tags into one text; no file has it, no table keeps it. */
const tagSeparator = '\u001f'

const tables = `
create temporary table import_rows (
  line int not null,
  ecellar_id text,
  email text,
  email_key text collate "C",
  first_name text,
  last_name text,
  customer_source text,
  customer_type text,
  allocation_tier text,
  active boolean,
  wants_email boolean,
  created_at timestamptz,
  bounced boolean,
  club_member boolean,
  tags text,
  -- whose row it is: a stored customer, or one that the file brings
  customer_id bigint,
  new_key text,
  problem text
) on commit drop;

-- What each customer of the file will be.
create temporary table import_customers (
  customer_id bigint,
  line int,
  is_new boolean,
  is_taken_over boolean,
  is_changed boolean,
  wants_email boolean,
  brings_address boolean,
  ecellar_customer_id text,
  email text,
  email_key text collate "C",
  first_name text,
  last_name text,
  customer_source_id bigint,
  customer_type_id bigint,
  allocation_tier_id bigint,
  email_consent text,
  consent_source text,
  bounced boolean,
  active boolean,
  club_member boolean,
  tags text[],
  released_at timestamptz,
  created_at timestamptz
) on commit drop;

do $$
begin
  execute format('grant select, insert, update, delete on import_rows, import_customers to %I', ecellar.role_name('tenant'));
end
$$`

function* copyLines(rows: Iterable<{ line: number; row: ImportRow }>): Generator<string> {
  let text = ''
  for (const { line, row } of rows) {
    const cells = [
      line,
      row.ecellarCustomerId,
      row.email,
      row.emailKey,
      row.firstName,
      row.lastName,
      row.customerSource,
      row.customerType,
      row.allocationTier,
      row.active,
      row.wantsEmail,
      row.createdAt,
      row.bounced,
      row.clubMember,
      row.tags === null ? null : row.tags.join(tagSeparator),
    ]
    text += `${cells.map(copyCell).join('\t')}\n`
    if (text.length > 65_536) {
      yield text
      text = ''
    }
  }
  if (text !== '') yield text
}

function copyCell(value: string | number | boolean | null): string {
  if (value === null) return '\\N'
  return typeof value === 'string'
    ? value.replaceAll(/[\\\t\n\r]/g, (mark) => escapes[mark] ?? mark)
    : String(value)
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
