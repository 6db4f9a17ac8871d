/**
 * Brings the tables up to date: plain SQL files, each applied once, in order, under a lock, by kysely's migrator.
 */

import { readdir, readFile } from 'node:fs/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import pg from 'pg'

const folder = new URL('./migrations/', import.meta.url)
const oldestServer = 150_000

/**
 * @returns the names of the migrations that were applied now
 * @throws a sentence when the server is older than PostgreSQL 15, when the tables are newer than this program,
 *   or when a migration fails (nothing of it stays)
 */
export async function migrate(pool: pg.Pool): Promise<string[]> {
  const names = await migrationNames()
  const { version, applied } = await readState(pool)
  if (version < oldestServer) {
    throw new Error(
      `This server is PostgreSQL ${Math.floor(version / 10_000)}; the integration needs 15 or newer. Upgrade the server or name another in DATABASE_URL.`,
    )
  }
  const unknown = applied.filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    throw new Error(
      `The database was made by a newer version of this program (it has "${unknown.at(-1)}", which this version does not know). Install that version; nothing was changed.`,
    )
  }
  return applied.length === names.length ? [] : applyMissing(pool, names)
}

/** The migrations that this program knows, oldest first. */
export async function migrationNames(): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort()
}

async function readState(pool: pg.Pool): Promise<{ version: number; applied: string[] }> {
  // One round trip in the normal case: every command comes through here.
  const state = await pool.query<{ version: number; made: boolean }>(
    `select current_setting('server_version_num')::int as version, to_regclass('public.ecellar_tock_migrations') is not null as made`,
  )
  const { version = 0, made = false } = state.rows[0] ?? {}
  if (!made) return { version, applied: [] }
  const applied = await pool.query<{ name: string }>(
    'select name from public.ecellar_tock_migrations order by name',
  )
  return { version, applied: applied.rows.map((row) => row.name) }
}

async function applyMissing(pool: pg.Pool, names: string[]): Promise<string[]> {
  const own = new pg.Pool({ ...pool.options, max: 2 })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: own }) })
  try {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => readMigrations(names) },
      migrationTableName: 'ecellar_tock_migrations',
      migrationLockTableName: 'ecellar_tock_migrations_lock',
      migrationTableSchema: 'public',
    })
    const { error, results } = await migrator.migrateToLatest()
    if (error) {
      const failed = results?.find((result) => result.status === 'Error')?.migrationName
      throw new Error(
        `The database could not be brought up to date${failed ? ` (at ${failed})` : ''}: ${error instanceof Error ? error.message : String(error)}. Nothing of it was kept.`,
      )
    }
    return results?.map((result) => result.migrationName) ?? []
  } finally {
    await db.destroy()
  }
}

async function readMigrations(names: string[]): Promise<Record<string, Migration>> {
  const entries = names.map(async (name) => {
    const text = await readFile(new URL(`${name}.sql`, folder), 'utf8')
    return [name, { up: async (db: Kysely<unknown>) => void (await sql.raw(text).execute(db)) }] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}
