/**
 * An analyst's login to the database: one per winery, read-only, made once and told again on demand. It sees one
 * winery because the policies go by its name (`ecellar.analyst_logins`), not by anything that it could set.
 */

import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Secrets } from './secrets.ts'
import { analystBinding } from './stored-secrets.ts'

/** @returns the connection string of the winery's analyst, the same at every call */
export async function analystUrl(options: {
  db: Db
  secrets: Secrets
  /** The owner's connection string: its host and database are the analyst's too. */
  ownerUrl: string
  wineryId: string
}): Promise<string> {
  const { role, password } = await findOrMakeLogin(options)
  const url = new URL(options.ownerUrl)
  if (url.hostname === '') {
    // A socket's address (postgres:///name?host=/run) has no place for a user before the host.
    url.searchParams.set('user', role)
    url.searchParams.set('password', password)
    return url.href
  }
  url.username = encodeURIComponent(role)
  url.password = password
  return url.href
}

async function findOrMakeLogin(options: {
  db: Db
  secrets: Secrets
  wineryId: string
}): Promise<{ role: string; password: string }> {
  const { wineryId, secrets } = options
  return options.db.transaction().execute(async (trx) => {
    // Two that ask at the same time get one login.
    await sql`select pg_advisory_xact_lock(hashtext('ecellar analyst logins'))`.execute(trx)
    const stored = await trx
      .selectFrom('analyst_logins')
      .select(['role_name', 'sealed'])
      .where('winery_id', '=', wineryId)
      .executeTakeFirst()
    const role = stored?.role_name ?? (await nameOfRole(trx, `analyst_${wineryId}`))
    const password = stored
      ? await secrets.open(stored.sealed, analystBinding(wineryId))
      : randomBytes(24).toString('base64url')
    if (!stored) {
      const sealed = await secrets.seal(password, analystBinding(wineryId))
      await trx
        .insertInto('analyst_logins')
        .values({ winery_id: wineryId, role_name: role, sealed })
        .execute()
    }
    // A database that was restored elsewhere brings the row and not the role.
    const { rows } = await sql`select from pg_roles where rolname = ${role} and rolcanlogin`.execute(trx)
    if (!stored || rows.length === 0) await makeRole(trx, role, password)
    return { role, password }
  })
}

async function makeRole(trx: Db, role: string, password: string): Promise<void> {
  const { rows } = await sql`select from pg_roles where rolname = ${role}`.execute(trx)
  const name = sql.id(role)
  const group = sql.id(await nameOfRole(trx, 'analyst'))
  const { rows: current } = await sql<{ name: string }>`select current_database() as name`.execute(trx)
  const database = sql.id(current[0]?.name ?? '')
  // The server gets a verifier: a statement that it logs must not tell the password.
  const verifier = sql.lit(scramVerifier(password))
  try {
    if (rows.length === 0) await sql`create role ${name} login inherit password ${verifier}`.execute(trx)
    else await sql`alter role ${name} login inherit password ${verifier}`.execute(trx)
    await sql`grant ${group} to ${name}`.execute(trx)
    await sql`grant connect on database ${database} to ${name}`.execute(trx)
    await sql`alter role ${name} set search_path = reporting`.execute(trx)
    await sql`alter role ${name} set default_transaction_read_only = on`.execute(trx)
    await sql`alter role ${name} set statement_timeout = '5min'`.execute(trx)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '42501') {
      throw new Refusal(
        'invalid',
        'The user of DATABASE_URL may not make logins on this server.',
        `Have the server's administrator run: alter role <that user> createrole`,
      )
    }
    throw error
  }
}

async function nameOfRole(db: Db, suffix: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`select ecellar.role_name(${suffix}) as name`.execute(db)
  return rows[0]?.name ?? ''
}

/** RFC 5803: what PostgreSQL itself would store for this password. */
function scramVerifier(password: string): string {
  const iterations = 4096
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest('base64')
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
