/** Decides when a winery's night is over, and has its one mail put out. What stands in it is for notify to say. */

import type { Selectable } from 'kysely'
import { type BrandSchedule, readSchedules } from '../crm/schedules.ts'
import type { PullRequestRow } from '../database/rows.ts'
import { putNightReport } from '../notify/night-report.ts'
import { dueSlot, nextTurn, offsetSeconds, slotsAround } from './due.ts'
import { schedulesSince } from './next-turn.ts'
import { nightOf } from './night.ts'
import type { Queue } from './queue.ts'

/** Older nights are nobody's news any more. */
const lookBackMs = 36 * 3_600_000

/** @returns for how many wineries a night was found to be over */
export async function reportNights(queue: Queue, publicUrl: string | undefined, now: Date): Promise<number> {
  const nights = await openNights(queue, now)
  if (nights.length === 0) return 0
  const schedules = Map.groupBy(
    await readSchedules(queue.database.db, { enabledOnly: true }),
    ({ wineryId }) => wineryId,
  )
  const over = nights.filter(
    (night) =>
      night.requests.every(({ state }) => state !== 'queued' && state !== 'running') &&
      night.requests.some(({ state }) => state !== 'dropped') &&
      !(schedules.get(night.wineryId) ?? []).some((brand) => comesYet(brand, night, now)),
  )
  for (const { wineryId, from } of over) {
    // First the mail, which is put once whoever asks: a program that dies in between asks again.
    const outcome = await putNightReport(queue.database.db, { wineryId, from, to: now, publicUrl })
    await queue.database.db
      .insertInto('night_reports')
      .values({ winery_id: wineryId, night_starts_at: from, decided_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    queue.log.info({ wineryId, night: from, outcome }, 'A night is over')
  }
  return over.length
}

type Request = Pick<Selectable<PullRequestRow>, 'brand_id' | 'slot' | 'state'>
type Night = { wineryId: string; from: Date; to: Date; requests: Request[] }

/** The nights with nightly pulls for which nothing was decided yet. */
async function openNights(queue: Queue, now: Date): Promise<Night[]> {
  const since = new Date(now.getTime() - lookBackMs)
  const { db } = queue.database
  const requests = await db
    .selectFrom('pull_requests')
    .select(['winery_id', 'brand_id', 'slot', 'state'])
    .where('slot', '>=', since)
    .execute()
  const decided = await db
    .selectFrom('night_reports')
    .select(['winery_id', 'night_starts_at'])
    .where('night_starts_at', '>=', new Date(since.getTime() - lookBackMs))
    .execute()
  const isDecided = new Set(decided.map((row) => `${row.winery_id} ${row.night_starts_at.getTime()}`))
  const spans = new Map<number, { from: Date; to: Date }>()
  const nights = new Map<string, Night>()
  for (const { winery_id, slot, ...request } of requests) {
    if (slot === null) continue
    const span = spans.get(slot.getTime()) ?? nightOf(slot)
    spans.set(slot.getTime(), span)
    const key = `${winery_id} ${span.from.getTime()}`
    if (isDecided.has(key)) continue
    const night = nights.get(key) ?? { wineryId: winery_id, ...span, requests: [] }
    night.requests.push({ ...request, slot })
    nights.set(key, night)
  }
  return [...nights.values()]
}

/** Whether a turn of the brand is still to come in this night. */
function comesYet(brand: BrandSchedule, night: Night, now: Date): boolean {
  const asked = night.requests
    .filter(({ brand_id }) => brand_id === brand.brandId)
    .map(({ slot }) => slot?.getTime() ?? 0)
  const turn = {
    slots: slotsAround(brand, night.from).filter((slot) => slot >= night.from && slot < night.to),
    offsetSeconds: offsetSeconds(brand.brandId),
    lastSlot: asked.length > 0 ? new Date(Math.max(...asked)) : null,
    since: schedulesSince(brand),
    now,
  }
  return dueSlot(turn) !== null || nextTurn(turn) !== null
}
