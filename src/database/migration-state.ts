/** How the tables stand to this program: whether something is lacking, or another process has gone on to a newer version. */

import { sql } from 'kysely'
import type { Db } from './connect.ts'
import { migrationNames } from './migrate.ts'

export type MigrationState = {
  /** What this program needs and the database lacks. */
  missing: string[]
  /** What a newer version of the program has added. */
  newer: string[]
}

export async function migrationState(db: Db): Promise<MigrationState> {
  const known = await migrationNames()
  const { rows } = await sql<{ name: string }>`
    select name from public.ecellar_tock_migrations order by name`.execute(db)
  const applied = rows.map(({ name }) => name)
  return {
    missing: known.filter((name) => !applied.includes(name)),
    newer: applied.filter((name) => !known.includes(name)),
  }
}
