/**
 * The mail to a winery's reservation contact after its pulls: built from what the pulls left behind, counts alone.
 * Whether it is wanted is the winery's setting.
 */

import { sql } from 'kysely'
import type { MailData } from '../contract/mail.ts'
import type { Db } from '../database/connect.ts'
import { inWinery, type WineryTransaction } from '../database/tenant-session.ts'
import { putMail } from './put-mail.ts'
import { readWaiting } from './what-waits.ts'

export type NightReportOutcome = 'put' | 'put before' | 'not needed' | 'not wanted' | 'nobody to tell'

/** Puts one mail per winery and night, however often it is asked for. The pulls that started in the span are told. */
export async function putNightReport(
  db: Db,
  options: { wineryId: string; from: Date; to: Date; publicUrl: string | undefined },
): Promise<NightReportOutcome> {
  const { wineryId, from, to } = options
  return inWinery(db, wineryId, async (trx) => {
    const winery = await trx
      .selectFrom('wineries')
      .select(['slug', 'name', 'time_zone', 'reservation_contact', 'night_mail', 'nightly_release'])
      .where('winery_id', '=', wineryId)
      .executeTakeFirstOrThrow()
    if (winery.night_mail === 'never') return 'not wanted'
    if (winery.reservation_contact === null) return 'nobody to tell'
    const brands = await readBrands(trx, wineryId, { from, to })
    const waiting = await readWaiting(trx, wineryId, { from, to, nightlyRelease: winery.nightly_release })
    const attention = [...brands.flatMap(brandAttention), ...waiting.sentences]
    const isNeeded = waiting.isNew || brands.some((brand) => brandAttention(brand).length > 0)
    if (winery.night_mail === 'when-needed' && !isNeeded) return 'not needed'
    const data: MailData<'night-report'> = {
      wineryName: winery.name,
      night: localDay(to, winery.time_zone),
      attention: attention.slice(0, 100),
      brands: brands.map(
        ({ code, name, status, snapshotTakenAt, added, changed, missing, customersCreated }) => ({
          code,
          name,
          outcome: status ?? 'none',
          snapshotTakenAt: snapshotTakenAt?.toISOString() ?? null,
          added,
          changed,
          missing,
          customersCreated,
        }),
      ),
      notReleased: waiting.notReleased,
      consoleUrl: options.publicUrl ?? null,
    }
    const id = await putMail(trx, {
      to: winery.reservation_contact,
      template: 'night-report',
      data,
      wineryId,
      oncePer: `night-report ${from.toISOString()}`,
      putAt: to,
    })
    return id === null ? 'put before' : 'put'
  })
}

type NightBrand = {
  code: string
  name: string
  /** Of the last pull in the span. */
  status: 'applied' | 'waiting' | 'rejected' | 'refused' | 'failed' | null
  errorMessage: string | null
  nextStep: string | null
  waitingFor: string | null
  snapshotTakenAt: Date | null
  added: number
  changed: number
  missing: number
  customersCreated: number
}

/** Enabled brands, and others that were pulled by hand. What came is the sum of all that was applied. */
async function readBrands(
  trx: WineryTransaction,
  wineryId: string,
  span: { from: Date; to: Date },
): Promise<NightBrand[]> {
  const { rows } = await sql<NightBrand>`
    with night as (
      select p.*
      from ecellar.pulls p
      where p.winery_id = ${wineryId}
        and p.kind <> 'preview'
        and p.started_at >= ${span.from}
        and p.started_at < ${span.to}
    )
    select
      b.code,
      b.name,
      case last.status when 'superseded' then 'rejected' else last.status end as status,
      last.error_message as "errorMessage",
      last.next_step as "nextStep",
      (
        select w.waiting_for
        from ecellar.pulls w
        where w.winery_id = b.winery_id and w.brand_id = b.brand_id and w.status = 'waiting'
        order by w.pull_id desc
        limit 1
      ) as "waitingFor",
      bb.last_snapshot_at as "snapshotTakenAt",
      coalesce(came.added, 0)::int as added,
      coalesce(came.changed, 0)::int as changed,
      coalesce(came.missing, 0)::int as missing,
      coalesce(came.customers, 0)::int as "customersCreated"
    from ecellar.brands b
    left join ecellar.brand_businesses bb
      on bb.winery_id = b.winery_id and bb.brand_id = b.brand_id and bb.business_id = b.business_id
    left join lateral (
      select n.* from night n where n.brand_id = b.brand_id order by n.started_at desc, n.pull_id desc limit 1
    ) last on true
    left join lateral (
      select
        sum(n.reservations_added) as added,
        sum(n.reservations_changed) as changed,
        sum(n.reservations_missing) as missing,
        sum(n.customers_created) as customers
      from night n
      where n.brand_id = b.brand_id and n.status = 'applied'
    ) came on true
    where b.winery_id = ${wineryId} and (b.enabled_at is not null or last.pull_id is not null)
    order by b.code`.execute(trx)
  return rows
}

function brandAttention(brand: NightBrand): string[] {
  const who = `${brand.name} (${brand.code})`
  const waits =
    brand.waitingFor === null
      ? []
      : [`${who}: a pull waits for approval. ${brand.waitingFor} Look at it, then approve or reject it.`]
  switch (brand.status) {
    case 'refused':
      return [
        ...waits,
        `${who}: ${brand.errorMessage ?? 'the pull was refused.'} ${brand.nextStep ?? ''}`.trim(),
      ]
    case 'failed':
      return [...waits, `${who}: the pull failed by a fault of the program. Support looks after it.`]
    case null:
      return [...waits, `${who}: there was no pull. Support looks after it.`]
    default:
      return waits
  }
}

function localDay(at: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString()
}
