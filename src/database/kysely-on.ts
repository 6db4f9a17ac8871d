/** kysely in a session of the driver, inside the transaction that the caller has begun. */

import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Tables } from './rows.ts'
import type { WineryTransaction } from './tenant-session.ts'

export function kyselyOn(client: pg.Client): WineryTransaction {
  // A pool of this one session, which stays the caller's: it is neither released nor ended here.
  const borrowed = Object.assign(Object.create(client), { release: () => {} }) as pg.PoolClient
  borrowed.query = client.query.bind(client) as pg.PoolClient['query']
  const pool = { connect: async () => borrowed, end: async () => {}, options: {} }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as unknown as pg.Pool }) })
  // It begins no transaction of its own: it is one.
  return db.withSchema('ecellar') as unknown as WineryTransaction
}
