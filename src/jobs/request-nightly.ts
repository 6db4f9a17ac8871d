/** Asks for the nightly pulls whose time has come. */

import { sql } from 'kysely'
import type { Actor } from '../contract/access.ts'
import { readSchedules } from '../crm/schedules.ts'
import { dueSlot, offsetSeconds, slotsAround } from './due.ts'
import { schedulesSince } from './next-turn.ts'
import { addRequests, type NewRequest } from './pull-requests.ts'
import type { Queue } from './queue.ts'

const schedule: Actor = { kind: 'program', id: 'schedule', name: 'nightly schedule' }

// One statement's parameters are counted; and nobody waits long for a row that another tick holds.
const atOnce = 500

/** @returns how many brands are to be pulled now; asking twice for the same instant asks for none */
export async function requestNightly(queue: Queue, now: Date): Promise<number> {
  const { db } = queue.database
  const brands = await readSchedules(db, { enabledOnly: true })
  if (brands.length === 0) return 0
  const lastSlots = await readLastSlots(queue)
  // Most brands share the preset.
  const slotsOf = new Map<string, Date[]>()
  const due = brands.flatMap((brand): NewRequest[] => {
    const key = `${brand.timeZone} ${brand.times.join()}`
    const slots = slotsOf.get(key) ?? slotsAround(brand, now)
    slotsOf.set(key, slots)
    const slot = dueSlot({
      slots,
      offsetSeconds: offsetSeconds(brand.brandId),
      lastSlot: lastSlots.get(brand.brandId) ?? null,
      since: schedulesSince(brand),
      now,
    })
    if (slot === null) return []
    const { wineryId, brandId } = brand
    return [
      {
        wineryId,
        brandId,
        kind: 'nightly',
        slot,
        requestedBy: schedule,
        mustMatchPullId: null,
        requestedAt: now,
      },
    ]
  })
  let asked = 0
  for (let from = 0; from < due.length; from += atOnce) {
    asked += await ask(queue, due.slice(from, from + atOnce), now)
  }
  return asked
}

async function ask(queue: Queue, due: NewRequest[], now: Date): Promise<number> {
  return queue.database.db.transaction().execute(async (trx) => {
    const added = await addRequests(queue, trx, due)
    // What an earlier time of the schedule still waits for comes with this one.
    await sql`
      update ecellar.pull_requests earlier
      set state = case when earlier.attempt > 1 then 'failed' else 'dropped' end, again_at = null, finished_at = ${now}
      from ecellar.pull_requests later
      where later.winery_id = earlier.winery_id and later.brand_id = earlier.brand_id
        and later.request_id = any(${added.map(({ requestId }) => requestId)}::bigint[])
        and earlier.slot < later.slot and earlier.state = 'queued'`.execute(trx)
    return added.length
  })
}

async function readLastSlots(queue: Queue): Promise<Map<string, Date>> {
  const { rows } = await sql<{ brand_id: string; last_slot: Date | null }>`
    select b.brand_id, last.slot as last_slot
    from ecellar.brands b
    cross join lateral (
      select max(r.slot) as slot
      from ecellar.pull_requests r
      where r.winery_id = b.winery_id and r.brand_id = b.brand_id and r.slot is not null
    ) last
    where b.enabled_at is not null`.execute(queue.database.db)
  return new Map(rows.flatMap((row) => (row.last_slot ? [[row.brand_id, row.last_slot] as const] : [])))
}
