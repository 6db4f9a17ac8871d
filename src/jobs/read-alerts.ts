/** The alerts, newest first: what is news now, and what was. */

import { sql } from 'kysely'
import { type Alert, type AlertCode, alertTitles } from '../contract/alert.ts'
import type { Db } from '../database/connect.ts'

export async function readAlerts(
  db: Db,
  of: {
    wineryId?: string
    /** Nothing but these; null: all. */
    brandIds?: string[] | null
    openOnly?: boolean
    /** A number: those before it. */
    before?: string | null
    limit?: number
  },
): Promise<Alert[]> {
  const rows = await db
    .selectFrom('alerts as a')
    .innerJoin('wineries as w', 'w.winery_id', 'a.winery_id')
    .innerJoin('brands as b', (join) =>
      join.onRef('b.winery_id', '=', 'a.winery_id').onRef('b.brand_id', '=', 'a.brand_id'),
    )
    .select([
      'a.alert_id',
      'w.slug as winery',
      'b.code as brand',
      'a.code',
      'a.message',
      'a.next_step',
      'a.raised_at',
      'a.recovered_at',
    ])
    .$if(of.wineryId !== undefined, (query) => query.where('a.winery_id', '=', of.wineryId ?? ''))
    .$if(of.brandIds != null, (query) =>
      query.where('a.brand_id', '=', sql<string>`any(${of.brandIds ?? []})`),
    )
    .$if(of.before != null, (query) => query.where('a.alert_id', '<', of.before ?? ''))
    .$if(of.openOnly === true, (query) => query.where('a.recovered_at', 'is', null))
    .orderBy('a.alert_id', 'desc')
    .limit(of.limit ?? 100)
    .execute()
  return rows.map((row) => ({
    alertId: row.alert_id,
    winery: row.winery,
    brand: row.brand,
    code: row.code satisfies AlertCode,
    title: alertTitles[row.code],
    message: row.message,
    nextStep: row.next_step,
    raisedAt: row.raised_at.toISOString(),
    recoveredAt: row.recovered_at?.toISOString() ?? null,
  }))
}
