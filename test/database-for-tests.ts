/** A database of its own for a test file: empty, with all tables, on the server that `global-setup.ts` names. */

import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../src/database/connect.ts'

export type TestDatabase = Database & { drop(): Promise<void> }

/** Call `drop()` in `afterAll`: it closes the database and removes it with its roles. */
export async function freshDatabase(): Promise<TestDatabase> {
  const { name, url } = await createDatabase()
  // The folder is only for an embedded server, which a URL rules out: nothing is ever made there.
  const database = await openDatabase({ databaseUrl: url, dataDir: join(tmpdir(), 'ecellar-tock-unused') })
  const drop = async () => {
    await database.close()
    await dropDatabase(name)
  }
  return { ...database, drop }
}

/** The same without tables and without a connection, for tests that start the program itself. */
export async function freshDatabaseUrl(): Promise<{ url: string; drop(): Promise<void> }> {
  const { name, url } = await createDatabase()
  return { url, drop: () => dropDatabase(name) }
}

async function createDatabase(): Promise<{ name: string; url: string }> {
  const name = `tock_test_${randomBytes(6).toString('hex')}`
  await onServer((server) => server.query(`create database ${name} template template0`))
  const url = new URL(inject('testServerUrl'))
  url.pathname = `/${name}`
  return { name, url: url.href }
}

async function dropDatabase(name: string): Promise<void> {
  await onServer(async (server) => {
    await server.query(`drop database if exists ${name} with (force)`)
    // Its roles carry its name; they are the server's, so that they outlive it otherwise.
    const roles = await server.query<{ rolname: string }>(
      `select rolname from pg_roles where starts_with(rolname, $1) order by rolname desc`,
      [`${name}_`],
    )
    for (const { rolname } of roles.rows) await server.query(`drop role if exists "${rolname}"`)
  })
}

async function onServer(work: (server: pg.Client) => Promise<unknown>): Promise<void> {
  const server = new pg.Client({ connectionString: inject('testServerUrl') })
  await server.connect()
  try {
    await work(server)
  } finally {
    await server.end()
  }
}
