/**
 * What is kept only for a time: history as long as the winery sets (rule 23), undecided waiting pulls (rule 8) and whom a
 * preview found for a week.
 */

import type pg from 'pg'
import { dropKeptStage } from './apply/stage-tables.ts'

export async function purgeHistory(client: pg.Client, wineryId: string): Promise<void> {
  await client.query(
    `delete from ecellar.changes c
    using ecellar.wineries w
    where w.winery_id = $1 and c.winery_id = $1
      and c.change_id < (
        select coalesce(min(k.change_id), 9223372036854775807) from ecellar.changes k
        where k.winery_id = $1 and k.changed_at >= now() - make_interval(days => w.history_days)
      )
      and c.changed_at < now() - make_interval(days => w.history_days)`,
    [wineryId],
  )
  await client.query(
    `delete from ecellar.preview_people
    where winery_id = $1 and kept_at < now() - interval '7 days'`,
    [wineryId],
  )
  const old = await client.query<{ pull_id: string }>(
    `update ecellar.pulls set status = 'rejected', waiting_for = waiting_for || ' Nobody decided within a week.'
    where winery_id = $1 and status = 'waiting' and finished_at < now() - interval '7 days'
    returning pull_id`,
    [wineryId],
  )
  if (old.rows.length > 0)
    await dropKeptStage(
      client,
      wineryId,
      old.rows.map((row) => row.pull_id),
    )
}
