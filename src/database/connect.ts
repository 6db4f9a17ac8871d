/** The one way to the database: a server by its URL, or the embedded one of the data folder. */

import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { migrate } from './migrate.ts'
import type { Tables } from './rows.ts'

export type Db = Kysely<Tables>

export type Database = {
  db: Db
  /** Connection string of the owner: a secret. */
  url: string
  embedded: boolean
  /** A connection of its own, for work that needs a session: bulk loading, locks. The caller ends it. */
  session(): Promise<pg.Client>
  close(): Promise<void>
}

/**
 * Opens the database and brings its tables up to date.
 * @throws a sentence when the server cannot be reached, is older than 15, or has tables newer than this program.
 */
export async function openDatabase(options: {
  databaseUrl?: string | undefined
  dataDir: string
  /** What the embedded server has to say; never with personal data. */
  note?: (line: string) => void
  /** How many at most, sessions aside: what waits for a winery's lock holds one meanwhile. */
  connections?: number
}): Promise<Database> {
  const embedded =
    options.databaseUrl === undefined
      ? await (await import('./embedded-server.ts')).joinEmbeddedServer({
          dataDir: options.dataDir,
          ...(options.note ? { log: options.note } : {}),
        })
      : undefined
  const url = options.databaseUrl ?? embedded?.url ?? ''
  const { pool, db, end } = openPool(url, options.connections ?? 4)
  const close = async () => {
    await end()
    await embedded?.leave()
  }
  try {
    await migrate(pool)
  } catch (error) {
    await close()
    throw error
  }
  return { db, url, embedded: embedded !== undefined, session: () => openSession(url), close }
}

/**
 * The same database over connections of its own, on which nobody waits for a lock for longer: then the statement fails
 * (55P03), and its transaction with it. It is closed before `database`.
 */
export function withLockPatience(
  database: Database,
  options: { patienceMs: number; connections: number },
): Database {
  const { url, embedded } = database
  const { db, end } = openPool(url, options.connections, options.patienceMs)
  return { db, url, embedded, session: () => openSession(url, options.patienceMs), close: end }
}

function openPool(url: string, connections: number, lockPatienceMs?: number) {
  const pool = new pg.Pool({
    ...connection(url, lockPatienceMs),
    max: connections,
    idleTimeoutMillis: 10_000,
  })
  // A connection that drops while idle is replaced by the pool; without a listener it would end the program.
  pool.on('error', () => {})
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema('ecellar')
  const end = async () => {
    await db.destroy()
    // kysely ends the pool only when it has used it.
    if (!pool.ending) await pool.end()
  }
  return { pool, db, end }
}

function connection(url: string, lockPatienceMs?: number): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'ecellar-tock',
    ...(lockPatienceMs === undefined ? {} : { lock_timeout: lockPatienceMs }),
  }
}

async function openSession(url: string, lockPatienceMs?: number): Promise<pg.Client> {
  const client = new pg.Client(connection(url, lockPatienceMs))
  client.on('error', () => {})
  await client.connect()
  // A killed program must not keep its locks while its last statement runs on (rule 3).
  await client.query("set client_connection_check_interval = '1s'")
  return client
}
