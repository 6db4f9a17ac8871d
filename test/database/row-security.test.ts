import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../database-for-tests.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

it('every table with rows of wineries shows a winery its own alone, also one that a later migration adds', async () => {
  const { rows } = await sql<{ table: string; secured: boolean; rule: string | null }>`
    select c.relname as table, c.relrowsecurity as secured, p.qual as rule
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'ecellar'
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'winery_id' and not a.attisdropped
    left join pg_policies p on p.schemaname = 'ecellar' and p.tablename = c.relname and p.policyname = 'tenant'
    where c.relkind = 'r'
    order by c.relname`.execute(database.db)
  expect(rows.length).toBeGreaterThan(25)
  // A login of an analyst names its winery; nobody steps down to read it.
  const open = rows.filter((row) => row.table !== 'analyst_logins' && !(row.secured && row.rule !== null))
  expect(open).toEqual([])
  const rules = new Set(rows.flatMap((row) => (row.rule === null ? [] : [row.rule])))
  expect([...rules]).toEqual([
    "(winery_id = (NULLIF(current_setting('app.winery'::text, true), ''::text))::bigint)",
  ])
})
