/** The temporary tables of one pull. They die with the session, so a killed pull leaves nothing behind. */

import type pg from 'pg'

const stages = ['reservations', 'guests', 'files'] as const

/** Makes the empty staging tables; to be called outside a transaction, so that a rollback keeps what was staged. */
export async function createStage(client: pg.Client): Promise<void> {
  const statements = stages.map(
    (stage) => `create temp table stage_${stage} as select * from ecellar.waiting_${stage} with no data;`,
  )
  await client.query(statements.join('\n'))
  await client.query(
    `do $$ begin execute format('grant all on stage_reservations, stage_guests, stage_files to %I', ecellar.role_name('tenant')); end $$`,
  )
}

export async function clearStage(client: pg.Client): Promise<void> {
  await client.query(`truncate ${stages.map((stage) => `stage_${stage}`).join(', ')}`)
}

/** Keeps the staged snapshot for a person's decision (rule 8). */
export async function keepStage(client: pg.Client, wineryId: string, pullId: string): Promise<void> {
  for (const stage of stages) {
    await client.query(`update stage_${stage} set winery_id = $1, pull_id = $2`, [wineryId, pullId])
    await client.query(`insert into ecellar.waiting_${stage} select * from stage_${stage}`)
  }
}

/** Brings a kept snapshot back into the staging tables. @returns whether there was one */
export async function restoreStage(client: pg.Client, wineryId: string, pullId: string): Promise<boolean> {
  let files = 0
  for (const stage of stages) {
    const restored = await client.query(
      `insert into stage_${stage} select * from ecellar.waiting_${stage} where winery_id = $1 and pull_id = $2`,
      [wineryId, pullId],
    )
    if (stage === 'files') files = restored.rowCount ?? 0
  }
  return files > 0
}

export async function dropKeptStage(client: pg.Client, wineryId: string, pullIds: string[]): Promise<void> {
  for (const stage of stages) {
    await client.query(
      `delete from ecellar.waiting_${stage} where winery_id = $1 and pull_id = any($2::bigint[])`,
      [wineryId, pullIds],
    )
  }
}
