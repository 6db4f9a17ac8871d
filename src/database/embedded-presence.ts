/**
 * The idle connection that each program holds for as long as it uses the embedded server. The server itself knows who
 * is there: a killed program's connection ends with it, so there is no list to keep true.
 */

import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { superuser } from './embedded-cluster.ts'

export const databaseName = 'ecellar_tock'

const presenceName = 'ecellar-tock presence'
// A program closes its connections before it leaves; the server needs a moment to notice the last of them.
const closingMs = 300
// Enough for a machine under load; a server that was stopped in mid-air must not hang a program for ever.
const answerMs = 30_000

export type Presence = { client: pg.Client; socket: Socket }

export function embeddedUrl(port: number, password: string): string {
  // `sslmode`: a PGSSLMODE in somebody's environment is meant for another server.
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${databaseName}?sslmode=disable`
}

/**
 * Connects to the product's database and makes it when it is absent.
 * @returns `undefined` when the server does not answer (it is on its way up or down, or gone)
 * @throws a sentence when it answers with a refusal
 */
export async function openPresence(port: number, password: string): Promise<Presence | undefined> {
  try {
    return await connect(port, password, databaseName)
  } catch (error) {
    const state = refusal(error)
    if (state === undefined) return undefined
    if (state === unknownDatabase) {
      await makeDatabase(port, password)
      return connect(port, password, databaseName)
    }
    throw new Error(explain(state, error))
  }
}

/** Whether anybody else is connected to the server, to whichever database and with whatever program. */
export async function isAnybodyElseThere(presence: Presence): Promise<boolean> {
  const began = performance.now()
  for (;;) {
    const { rows } = await presence.client.query<{ programs: number; clients: number }>(
      `select
        count(*) filter (where application_name = $1)::int as programs,
        count(*)::int as clients
      from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      [presenceName],
    )
    const { programs = 0, clients = 0 } = rows[0] ?? {}
    if (clients === 0) return false
    if (programs > 0 || performance.now() - began > closingMs) return true
    await sleep(5)
  }
}

async function connect(port: number, password: string, database: string): Promise<Presence> {
  const socket = new Socket()
  const client = new pg.Client({
    stream: () => socket,
    host: '127.0.0.1',
    port,
    database,
    user: superuser,
    password,
    ssl: false,
    application_name: presenceName,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
  })
  // A connection that drops is told by 'end' too; without a listener 'error' would end the program.
  client.on('error', () => {})
  await client.connect()
  return { client, socket }
}

async function makeDatabase(port: number, password: string): Promise<void> {
  const { client } = await connect(port, password, 'postgres')
  try {
    await client.query(`create database ${databaseName}`)
  } finally {
    await client.end()
  }
}

const unknownDatabase = '3D000'
const wrongPassword = '28P01'
// The class of "going down, coming up": the server will answer, or be gone, in a moment.
const passing = /^57P0/

/** The server's error code, where it has decided; `undefined` where there was no answer or asking again may help. */
function refusal(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return undefined
  return passing.test(error.code) ? undefined : error.code
}

function explain(state: string, error: unknown): string {
  if (state === wrongPassword) {
    return `The embedded database does not accept the password in "postgres-password" in the data folder. Bring that file back from a backup of the same data folder.`
  }
  return `The embedded database refuses a connection: ${error instanceof Error ? error.message : String(error)}. End programs that use it, then try again.`
}
