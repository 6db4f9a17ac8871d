/** Takes a release for marketing back, as long as nobody has handed the customers out to a campaign. */

import { sql } from 'kysely'
import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { inWinery, lockWinery } from '../database/tenant-session.ts'

export type Release = {
  releaseId: Id
  releasedAt: Date
  releasedBy: string
  /** `all`, `pull 12`, `created 2026-01-01 to 2026-01-31`, `one address`. */
  whom: string
  customers: number
  mayBeMailed: number
  /** It was a stage of this plan. */
  planId: Id | null
  takenBackAt: Date | null
  takenBackBy: string | null
}

/** The latest first. */
export async function listReleases(
  db: Db,
  wineryId: Id,
  page: { after: Id | null; limit: number } = { after: null, limit: 200 },
): Promise<Release[]> {
  return inWinery(db, wineryId, async (trx) => {
    const { rows } = await sql<Release>`
      select release_id as "releaseId", released_at as "releasedAt", released_by as "releasedBy",
        -- by its number in what is stored: whoever renames a segment, or is erased from its name, is not looked for here
        coalesce((
          select 'segment "' || s.name || '"' from ecellar.segments s
          where s.winery_id = releases.winery_id and 'segment ' || s.segment_id = whom
        ), whom) as whom,
        customers,
        may_mail as "mayBeMailed", plan_id as "planId", taken_back_at as "takenBackAt", taken_back_by as "takenBackBy"
      from ecellar.releases
      where winery_id = ${wineryId} and (${page.after}::bigint is null or release_id < ${page.after}::bigint)
      order by release_id desc
      limit ${page.limit}`.execute(trx)
    return rows
  })
}

export type TakenBack = {
  takenBack: number
  /** An export has carried them since: they stay released. */
  exportedSince: number
  /** Plans of so many a day that would have released them again: stopped. */
  plansStopped: number
}

/** @throws Refusal not_found, invalid (taken back before, or all of it exported) */
export async function takeBackRelease(
  options: { db: Db; wineryId: Id; actor: Actor },
  releaseId: string,
): Promise<TakenBack> {
  const { wineryId, actor } = options
  return inWinery(options.db, wineryId, async (trx) => {
    await lockWinery(trx, wineryId)
    const found = await sql<{ taken_back_at: Date | null }>`
      select taken_back_at from ecellar.releases
      where winery_id = ${wineryId} and release_id = ${/^\d{1,18}$/.test(releaseId) ? releaseId : null}`.execute(
      trx,
    )
    const release = found.rows[0]
    if (!release) {
      throw new Refusal('not_found', `This winery has no release ${releaseId}.`, 'See: customers releases')
    }
    if (release.taken_back_at) {
      throw new Refusal(
        'invalid',
        `Release ${releaseId} has been taken back before.`,
        'Nothing is left to do.',
      )
    }
    // Whoever was imported or released anew since has another instant, and is no longer of this release.
    const { rows } = await sql<Omit<TakenBack, 'plansStopped'>>`
      with theirs as (
        select c.customer_id, c.released_at::text as released_at,
          exists (
            select from ecellar.export_customers x
            join ecellar.exports e on e.winery_id = x.winery_id and e.export_id = x.export_id
            where x.winery_id = c.winery_id and x.customer_id = c.customer_id and e.made_at >= r.released_at
          ) as is_exported
        from ecellar.releases r
        join ecellar.customers c on c.winery_id = r.winery_id and c.released_at = r.released_at
        where r.winery_id = ${wineryId} and r.release_id = ${releaseId}
        for update of c
      ),
      changed as (
        update ecellar.customers c set released_at = null
        from theirs t
        where c.winery_id = ${wineryId} and c.customer_id = t.customer_id and not t.is_exported
      ),
      remembered as (
        insert into ecellar.changes (winery_id, entity, entity_id, field, before, after, made_by)
        select ${wineryId}, 'customer', customer_id, 'released_at', released_at, null, 'staff'
        from theirs
        where not is_exported
      )
      select
        count(*) filter (where not is_exported)::int as "takenBack",
        count(*) filter (where is_exported)::int as "exportedSince"
      from theirs`.execute(trx)
    const { takenBack = 0, exportedSince = 0 } = rows[0] ?? {}
    if (takenBack === 0 && exportedSince > 0) {
      throw new Refusal(
        'invalid',
        `An export has carried all ${exportedSince} customers of release ${releaseId}.`,
        'Take them out where the export went. To keep them from further mail, opt them out.',
      )
    }
    await sql`
      update ecellar.releases set taken_back_at = now(), taken_back_by = ${actor.name}
      where winery_id = ${wineryId} and release_id = ${releaseId}`.execute(trx)
    const plans = await sql`
      update ecellar.release_plans
      set ended_at = now(), ended_by = ${actor.name}, ended_because = 'A release was taken back.'
      where winery_id = ${wineryId} and ended_at is null`.execute(trx)
    const plansStopped = Number(plans.numAffectedRows ?? 0n)
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'customers.release',
      subject: `release ${releaseId}`,
      details: { takenBack, exportedSince, ...(plansStopped === 0 ? {} : { plansStopped }) },
    })
    return { takenBack, exportedSince, plansStopped }
  })
}
