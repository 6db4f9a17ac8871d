/** A person asks for a pull: it is put into the queue, and a worker runs it. */

import { recordAudit } from '../access/audit.ts'
import type { Action, Actor } from '../contract/access.ts'
import { assertReady, findBrandToPull } from '../pull/prepare.ts'
import { addRequests } from './pull-requests.ts'
import type { Queue } from './queue.ts'

export type AskedPull = {
  winery: string
  brand: string
  kind: 'preview' | 'initial' | 'manual'
  requestedBy: Actor
  /** An initial pull is applied only when its figures are those of this preview, which somebody has confirmed. */
  mustMatchPullId?: string
}

const actions = {
  preview: 'pulls.preview',
  initial: 'pulls.initial',
  manual: 'pulls.start',
} as const satisfies Record<AskedPull['kind'], Action>

/**
 * Records it in the audit as well. The same that waits or runs already is not asked for twice.
 * @returns the request's id
 * @throws Refusal not_found, initial_pull_first, invalid, settings_missing
 */
export async function requestPull(queue: Queue, asked: AskedPull): Promise<string> {
  const { db } = queue.database
  const brand = await findBrandToPull(db, asked.winery, asked.brand)
  assertReady(brand, asked.kind)
  const mustMatchPullId = asked.mustMatchPullId ?? null
  // As the owner: the queue's tables are no tenant's.
  return db.transaction().execute(async (trx) => {
    // Two who ask at the same instant: one after the other.
    await trx
      .selectFrom('brands')
      .select('brand_id')
      .where('winery_id', '=', brand.wineryId)
      .where('brand_id', '=', brand.brandId)
      .forNoKeyUpdate()
      .execute()
    const open = await trx
      .selectFrom('pull_requests')
      .select('request_id')
      .where('winery_id', '=', brand.wineryId)
      .where('brand_id', '=', brand.brandId)
      .where('kind', '=', asked.kind)
      .where('must_match_pull_id', 'is not distinct from', mustMatchPullId)
      .where('state', 'in', ['queued', 'running'])
      .executeTakeFirst()
    if (open) return open.request_id
    const [added] = await addRequests(queue, trx, [
      {
        wineryId: brand.wineryId,
        brandId: brand.brandId,
        kind: asked.kind,
        slot: null,
        requestedBy: asked.requestedBy,
        mustMatchPullId,
        requestedAt: new Date(),
      },
    ])
    if (!added) throw new Error('The pull could not be put into the queue')
    await recordAudit(trx, {
      wineryId: brand.wineryId,
      actor: asked.requestedBy,
      action: actions[asked.kind],
      subject: brand.brand,
      details: {
        request: added.requestId,
        ...(mustMatchPullId === null ? {} : { confirmedPreview: mustMatchPullId }),
      },
    })
    return added.requestId
  })
}
