/** When a brand's nightly pulls begin: at chosen local times in a chosen zone, or as preset. */

import { recordAudit } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Db } from '../database/connect.ts'
import { inWinery } from '../database/tenant-session.ts'
import type { Brand } from './brands.ts'
import { knownTimeZone } from './wineries.ts'

export type Schedule = {
  /** Local, 'HH:MM', sorted. */
  times: string[]
  timeZone: string
}

/** Tock's snapshot of the night is out at about 02:00 there. */
export const presetSchedule: Schedule = { times: ['03:00'], timeZone: 'America/Chicago' }

const timesAtMost = 6

export type BrandSchedule = Schedule & {
  wineryId: string
  brandId: string
  brand: string
  isPreset: boolean
  changedAt: Date | null
  /** null: no nightly pulls. */
  enabledAt: Date | null
}

/** Of a winery's brands, or of all wineries'. */
export async function readSchedules(
  db: Db,
  of: { wineryId?: string; enabledOnly?: boolean },
): Promise<BrandSchedule[]> {
  const rows = await db
    .selectFrom('brands as b')
    .leftJoin('schedules as s', (join) =>
      join.onRef('s.winery_id', '=', 'b.winery_id').onRef('s.brand_id', '=', 'b.brand_id'),
    )
    .select(['b.winery_id', 'b.brand_id', 'b.code', 'b.enabled_at', 's.times', 's.time_zone', 's.changed_at'])
    .$if(of.wineryId !== undefined, (query) => query.where('b.winery_id', '=', of.wineryId ?? ''))
    .$if(of.enabledOnly === true, (query) => query.where('b.enabled_at', 'is not', null))
    .orderBy('b.winery_id')
    .orderBy('b.code')
    .execute()
  return rows.map((row) => {
    const schedule = {
      times: row.times ?? presetSchedule.times,
      timeZone: row.time_zone ?? presetSchedule.timeZone,
    }
    return {
      ...schedule,
      wineryId: row.winery_id,
      brandId: row.brand_id,
      brand: row.code,
      isPreset: isSame(schedule, presetSchedule),
      changedAt: row.changed_at,
      enabledAt: row.enabled_at,
    }
  })
}

/**
 * What is not given stays as it is. Times of today that are over are not made up for.
 * @throws Refusal invalid
 */
export async function setSchedule(
  db: Db,
  brand: Brand,
  change: { times?: string[] | undefined; timeZone?: string | undefined },
  actor: Actor,
): Promise<{ schedule: Schedule; changed: boolean }> {
  const times = change.times && checkedTimes(change.times)
  const timeZone = change.timeZone === undefined ? undefined : knownTimeZone(change.timeZone)
  return inWinery(db, brand.winery_id, async (trx) => {
    const stored = await trx
      .selectFrom('schedules')
      .select(['times', 'time_zone as timeZone'])
      .where('winery_id', '=', brand.winery_id)
      .where('brand_id', '=', brand.brand_id)
      .executeTakeFirst()
    const before: Schedule = stored ?? presetSchedule
    const schedule = { times: times ?? before.times, timeZone: timeZone ?? before.timeZone }
    if (isSame(before, schedule)) return { schedule, changed: false }
    const values = { times: schedule.times, time_zone: schedule.timeZone, changed_at: new Date() }
    await trx
      .insertInto('schedules')
      .values({ winery_id: brand.winery_id, brand_id: brand.brand_id, ...values })
      .onConflict((conflict) => conflict.columns(['winery_id', 'brand_id']).doUpdateSet(values))
      .execute()
    await recordAudit(trx, {
      wineryId: brand.winery_id,
      actor,
      action: 'settings.write',
      subject: brand.code,
      details: { before, after: schedule },
    })
    return { schedule, changed: true }
  })
}

function checkedTimes(given: string[]): string[] {
  const times = given.map((text) => {
    const [, hour = '', minute = ''] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? []
    if (hour === '' || Number(hour) > 23 || Number(minute) > 59) {
      throw new Refusal('invalid', `"${text}" is no time of day.`, 'Give times as HH:MM: 03:00,15:00')
    }
    return `${hour.padStart(2, '0')}:${minute}`
  })
  const distinct = [...new Set(times)].sort()
  if (distinct.length >= 1 && distinct.length <= timesAtMost) return distinct
  throw new Refusal(
    'invalid',
    `A brand is pulled at one to ${timesAtMost} times a day.`,
    'Tock makes a snapshot twice a day; more than two times bring nothing new.',
  )
}

function isSame(one: Schedule, other: Schedule): boolean {
  return one.timeZone === other.timeZone && one.times.join() === other.times.join()
}
