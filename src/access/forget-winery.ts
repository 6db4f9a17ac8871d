/** What `access` knows of a winery beside rows with its number: the analyst's login, and answers kept for its users. */

import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'

/** Comes first when a winery is deleted: afterwards nothing says any more which login and which users were its. */
export async function forgetWinery(trx: Db, wineryId: string): Promise<void> {
  await sql`
    delete from ecellar.idempotency_keys
    where principal in (
      select 'user ' || m.user_id from access.memberships m where m.winery_id = ${wineryId}
      union all
      select 'api-key ' || k.id
      from access.memberships m
      join access.api_keys k on k.reference_id = m.user_id
      where m.winery_id = ${wineryId})`.execute(trx)
  const { rows } = await sql<{ role: string; group: string; database: string; exists: boolean }>`
    select l.role_name as role, ecellar.role_name('analyst') as "group", current_database() as database,
      exists (select from pg_roles r where r.rolname = l.role_name) as exists
    from ecellar.analyst_logins l
    where l.winery_id = ${wineryId}`.execute(trx)
  const login = rows[0]
  if (!login?.exists) return
  const role = sql.id(login.role)
  // A session that is under way ends: its login's winery is looked up with every statement, and is gone.
  await sql`revoke ${sql.id(login.group)} from ${role}`.execute(trx)
  await sql`revoke connect on database ${sql.id(login.database)} from ${role}`.execute(trx)
  await sql`drop role ${role}`.execute(trx)
}
