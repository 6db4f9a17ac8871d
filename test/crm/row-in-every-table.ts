/** A row of one winery in every table that has a winery's number, made up from the catalogue. */

import { sql } from 'kysely'
import type { Db } from '../../src/database/connect.ts'

type Column = { name: string; type: string; allowed: string | null }

export async function tablesWithWinery(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_schema || '.' || table_name as name
    from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where column_name = 'winery_id' and table_type = 'BASE TABLE'
      and table_schema not in ('pg_catalog', 'information_schema')
    order by 1`.execute(db)
  return rows.map((row) => row.name)
}

export async function countRows(db: Db, wineryId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of await tablesWithWinery(db)) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)} where winery_id = ${wineryId}`.execute(db)
    counts[table] = rows[0]?.count ?? 0
  }
  return counts
}

/** What a check would refuse otherwise. */
const values: Record<string, unknown> = {
  kind: 'preview',
  'ecellar.snapshot_files.kind': 'guests',
  'ecellar.segments.kind': 'static',
  because: 'pull',
  format: 'csv',
  at_time: '03:00',
  status: 'previewed',
  state: 'done',
  'ecellar.outbox.state': 'sent',
  'ecellar.handed_keys.state': 'confirmed',
  code: 'invalid_email',
  list: 'location',
  entity: 'customer',
  created_by: 'import',
  source: 'staff',
  actor_kind: 'program',
  role: 'viewer',
  times: ['03:00'],
  time_zone: 'America/Los_Angeles',
}

export async function fillEveryTable(db: Db, wineryId: string, brandId: string): Promise<void> {
  const counts = await countRows(db, wineryId)
  for (const [table, count] of Object.entries(counts)) {
    if (count > 0) continue
    const columns = await columnsOf(db, table)
    const row = Object.fromEntries(
      columns.map(({ name, type, allowed }) => [
        name,
        name === 'winery_id'
          ? wineryId
          : name === 'brand_id'
            ? brandId
            : (values[`${table}.${name}`] ??
              values[name] ??
              allowed ??
              madeUp(type, `${table}.${name}.${wineryId}`)),
      ]),
    )
    if (columns.some((column) => column.name === 'user_id')) row.user_id = await userFor(db, table, wineryId)
    await sql`
      insert into ${sql.table(table)} (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
      values (${sql.join(Object.values(row))})`.execute(db)
  }
}

async function columnsOf(db: Db, table: string): Promise<Column[]> {
  const [schema, name] = table.split('.')
  const { rows } = await sql<Column>`
    select column_name as name, data_type as type,
      -- the first word of a list that a check allows
      (select substring(pg_get_constraintdef(k.oid) from '\\(' || column_name || ' = ANY \\(ARRAY\\[''([^'']*)''')
      from pg_constraint k
      where k.contype = 'c' and k.conrelid = format('%I.%I', table_schema, table_name)::regclass
        and pg_get_constraintdef(k.oid) like '%(' || column_name || ' = ANY (ARRAY[''%'
      limit 1) as allowed
    from information_schema.columns
    where table_schema = ${schema} and table_name = ${name}
      and (is_nullable = 'NO' and column_default is null and is_identity = 'NO' or column_name = 'winery_id')`.execute(
    db,
  )
  return rows
}

function madeUp(type: string, text: string): unknown {
  if (type === 'text') return text
  if (type === 'boolean') return true
  if (type === 'jsonb') return '{}'
  if (type === 'ARRAY') return []
  if (type.startsWith('timestamp')) return '2026-01-01T00:00:00Z'
  if (/int/.test(type)) return 1
  throw new Error(`Say in row-in-every-table.ts what a ${type} may be`)
}

async function userFor(db: Db, table: string, wineryId: string): Promise<string> {
  const id = `${table} ${wineryId}`
  await sql`
    insert into access.users (id, name, email, email_verified)
    values (${id}, 'Robin Example', ${`${id.replace(' ', '-')}@example.com`}, true)`.execute(db)
  return id
}
