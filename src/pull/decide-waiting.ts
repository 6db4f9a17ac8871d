/** A person decides on a waiting pull (rule 8): that very snapshot is matched against today's data, or dropped. */

import { sql } from 'kysely'
import { recordAudit, recordAuditInSession } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { PullReport } from '../contract/pull-report.ts'
import type { Database, Db } from '../database/connect.ts'
import { inWinery, lockWinery } from '../database/tenant-session.ts'
import { applySnapshot } from './apply/apply-snapshot.ts'
import { createStage, dropKeptStage, restoreStage } from './apply/stage-tables.ts'
import { findBrandToPull } from './prepare.ts'
import { beginInWinery, pullFacts } from './pull-facts.ts'
import { storeReport } from './pull-row.ts'
import { readReport } from './read-report.ts'
import { supersedeWaiting, withBrandLock } from './run-pull.ts'

/** @throws Refusal not_found, invalid (no longer waiting), pull_running */
export async function approvePull(database: Database, pullId: string, actor: Actor): Promise<PullReport> {
  const { report, wineryId, businessId } = await waitingPull(database.db, pullId)
  const brand = await findBrandToPull(database.db, report.winery, report.brand)
  if (businessId !== brand.businessId) {
    throw new Refusal(
      'invalid',
      `Pull ${pullId} is of business ${businessId}, but the brand is business ${brand.businessId} by now.`,
      'Reject it, then pull again.',
    )
  }
  return withBrandLock(database, brand, async (client) => {
    const startedAt = new Date()
    await createStage(client)
    try {
      // Under the lock: an erasure also erases from what is kept here.
      await beginInWinery(client, wineryId, async () => {
        if (!(await restoreStage(client, wineryId, pullId))) {
          throw new Refusal('invalid', 'The snapshot of this pull is no longer kept.', 'Pull again.')
        }
        await client.query('analyze stage_reservations; analyze stage_guests')
      })
      // Read again under the locks: another pull may have been applied, or another person have decided.
      await waitingPull(database.db, pullId)
      const facts = await pullFacts(client, brand, {
        pullId,
        takenAt: new Date(report.snapshot.takenAt ?? 0),
        isInitial: false,
      })
      const { counts } = await applySnapshot(client, facts)
      const { waitingFor: _, ...kept } = report
      const applied: PullReport = {
        ...kept,
        ...counts,
        status: 'applied',
        // With the reading, as every pull's is.
        durationMs: report.durationMs + Date.now() - startedAt.getTime(),
      }
      await dropKeptStage(client, wineryId, [pullId])
      await supersedeWaiting(client, brand, pullId)
      await storeReport(
        client,
        { wineryId, brandId: brand.brandId, businessId: brand.businessId, startedAt },
        applied,
      )
      await recordAuditInSession(client, {
        wineryId,
        actor,
        action: 'pulls.decide',
        subject: `pull ${pullId}`,
        details: { decision: 'approved', brand: report.brand },
      })
      await client.query('commit')
      return applied
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw error
    }
  })
}

/** @throws Refusal not_found, invalid */
export async function rejectPull(database: Database, pullId: string, actor: Actor): Promise<PullReport> {
  const { report, wineryId } = await waitingPull(database.db, pullId)
  await inWinery(database.db, wineryId, async (trx) => {
    // Somebody may be approving it at this moment.
    await lockWinery(trx, wineryId)
    await waitingPull(trx, pullId)
    for (const stage of ['reservations', 'guests', 'files']) {
      await sql`delete from ${sql.table(`ecellar.waiting_${stage}`)} where winery_id = ${wineryId} and pull_id = ${pullId}`.execute(
        trx,
      )
    }
    await sql`update ecellar.pulls set status = 'rejected' where winery_id = ${wineryId} and pull_id = ${pullId}`.execute(
      trx,
    )
    await recordAudit(trx, {
      wineryId,
      actor,
      action: 'pulls.decide',
      subject: `pull ${pullId}`,
      details: { decision: 'rejected', brand: report.brand },
    })
  })
  return { ...report, status: 'rejected' }
}

async function waitingPull(
  db: Db,
  pullId: string,
): Promise<{ report: PullReport; wineryId: string; businessId: string }> {
  const { report, wineryId, businessId } = await readReport(db, pullId)
  if (report.status !== 'waiting') {
    throw new Refusal(
      'invalid',
      `Pull ${pullId} does not wait for approval: it is ${report.status}.`,
      'Look at the list of pulls for those that wait.',
    )
  }
  return { report, wineryId, businessId }
}
