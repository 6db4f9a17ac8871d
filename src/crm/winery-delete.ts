/**
 * Deletes a winery that leaves: every row of it in every table of the database, found in the catalogue, so that a table
 * that comes later is not forgotten. One line of the installation's audit stays: that it was deleted, when, by whom, and
 * how many rows. The hashes of erased people go as well: they only kept people out of this winery.
 */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import { forgetWinery } from '../access/forget-winery.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { brandLockSpace, lockWinery } from '../database/tenant-session.ts'

/** Rows per table, with its schema; tables that had none are left out. */
export type DeletedWinery = { winery: string; rows: Record<string, number> }

/**
 * @param confirm the slug once more
 * @throws Refusal invalid (not confirmed), pull_running
 */
export async function deleteWinery(
  options: { db: Db; winery: { winery_id: Id; slug: string }; actor: Actor },
  confirm: string,
): Promise<DeletedWinery> {
  const { db, winery, actor } = options
  const { winery_id: wineryId, slug } = winery
  if (confirm !== slug) {
    throw new Refusal(
      'invalid',
      'The winery is not deleted: it was not confirmed by its slug.',
      `Export it first. Then confirm with "${slug}". It cannot be undone.`,
    )
  }
  // As the owner: sign-in lies where the roles of a winery cannot reach.
  return db.transaction().execute(async (trx) => {
    await lockWinery(trx, wineryId)
    await holdPulls(trx, wineryId)
    await forgetWinery(trx, wineryId)
    const rows: Record<string, number> = {}
    for (const table of await tablesOfWineries(trx)) {
      const { numAffectedRows } = await sql`
        delete from ${sql.id(table.schema, table.name)} where winery_id = ${wineryId}`.execute(trx)
      if (numAffectedRows) rows[`${table.schema}.${table.name}`] = Number(numAffectedRows)
    }
    await recordAudit(trx, {
      wineryId: null,
      actor,
      action: 'wineries.leave',
      subject: slug,
      details: { rows },
    })
    return { winery: slug, rows }
  })
}

/** A pull that is under way would write its report afterwards; one that waits for the lock finds no brand then. */
async function holdPulls(trx: Db, wineryId: Id): Promise<void> {
  const { rows } = await sql<{ code: string; held: boolean }>`
    select code, pg_try_advisory_xact_lock(${sql.lit(brandLockSpace)}, brand_id::int) as held
    from ecellar.brands where winery_id = ${wineryId}`.execute(trx)
  const running = rows.filter((brand) => !brand.held).map((brand) => brand.code)
  if (running.length === 0) return
  throw new Refusal(
    'pull_running',
    `A pull of ${running.join(', ')} is running.`,
    'Wait until it is done, then delete the winery.',
  )
}

/** All tables with a winery's number, those first that point at others. */
async function tablesOfWineries(trx: Db): Promise<{ schema: string; name: string }[]> {
  const { rows } = await sql<{ schema: string; name: string; id: string; pointsAt: string[] }>`
    select
      n.nspname as schema,
      c.relname as name,
      c.oid::text as id,
      array(
        select k.confrelid::text from pg_constraint k
        where k.contype = 'f' and k.conrelid = c.oid and k.confrelid <> c.oid) as "pointsAt"
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'winery_id' and not a.attisdropped
    where c.relkind in ('r', 'p')
      and not c.relispartition
      and c.relpersistence <> 't'
      and n.nspname not in ('pg_catalog', 'information_schema')
    order by n.nspname, c.relname`.execute(trx)
  const ordered: typeof rows = []
  const left = new Set(rows)
  while (left.size > 0) {
    const free = [...left].filter((table) => ![...left].some((other) => other.pointsAt.includes(table.id)))
    if (free.length === 0) throw new Error('The tables point at one another in a circle.')
    for (const table of free) {
      ordered.push(table)
      left.delete(table)
    }
  }
  return ordered
}
