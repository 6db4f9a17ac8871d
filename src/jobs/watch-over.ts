/** Holds what is news now against the alerts that are open: each is told once when it begins and once when it is over. */

import { sql } from 'kysely'
import type { WineryTransaction } from '../database/tenant-session.ts'
import { type AlertChange, type MailTo, mailAlerts } from './alert-mails.ts'
import { readNews } from './news.ts'
import type { Queue } from './queue.ts'

export type Watched = { raised: number; recovered: number; open: number }

/** Rows and mails in one transaction. Asking again at the same instant changes nothing. */
export async function watchOver(queue: Queue, to: MailTo, now: Date): Promise<Watched> {
  const { db } = queue.database
  const news = await readNews(db, now)
  return db.transaction().execute(async (trx) => {
    const holding = JSON.stringify(news)
    const raised = await raise(trx, holding, now)
    const recovered = await recover(trx, holding, now)
    await mailAlerts(trx, to, { raised, recovered, now })
    for (const { alertId, code } of raised) queue.log.warn({ alertId, code }, 'An alert is raised')
    for (const { alertId, code } of recovered) queue.log.info({ alertId, code }, 'An alert is over')
    return { raised: raised.length, recovered: recovered.length, open: news.length }
  })
}

const holds = (holding: string) => sql`
  holds as (
    select * from jsonb_to_recordset(${holding}::jsonb)
      as n (winery_id bigint, brand_id bigint, code text, message text, next_step text)
  )`

/** An open one goes on with the words of now, and is told no second time. */
async function raise(trx: WineryTransaction, holding: string, now: Date): Promise<AlertChange[]> {
  const { rows } = await sql<AlertChange & { isNew: boolean }>`
    with ${holds(holding)},
    put as (
      insert into ecellar.alerts as a (winery_id, brand_id, code, message, next_step, raised_at)
      select winery_id, brand_id, code, message, next_step, ${now} from holds
      on conflict (winery_id, brand_id, code) where recovered_at is null
      do update set message = excluded.message, next_step = excluded.next_step
        where (a.message, a.next_step) is distinct from (excluded.message, excluded.next_step)
      returning a.*, xmax = 0 as is_new
    )
    select ${changeColumns}, put.is_new as "isNew"
    from put
    ${withNames('put')}`.execute(trx)
  return rows.filter(({ isNew }) => isNew)
}

async function recover(trx: WineryTransaction, holding: string, now: Date): Promise<AlertChange[]> {
  const { rows } = await sql<AlertChange>`
    with ${holds(holding)},
    put as (
      update ecellar.alerts a
      set recovered_at = ${now}
      where a.recovered_at is null
        and not exists (
          select from holds h where h.winery_id = a.winery_id and h.brand_id = a.brand_id and h.code = a.code
        )
      returning a.*
    )
    select ${changeColumns}
    from put
    ${withNames('put')}`.execute(trx)
  return rows
}

const changeColumns = sql`
  put.alert_id as "alertId", put.winery_id as "wineryId", put.code, put.message, put.next_step as "nextStep",
  put.raised_at as "raisedAt", w.name as "wineryName", w.reservation_contact as "reservationContact",
  b.code as "brandCode", b.name as "brandName", b.enabled_at is not null as "isEnabled"`

const withNames = (of: string) => sql`
  join ecellar.wineries w on w.winery_id = ${sql.ref(of)}.winery_id
  join ecellar.brands b on b.winery_id = ${sql.ref(of)}.winery_id and b.brand_id = ${sql.ref(of)}.brand_id`
