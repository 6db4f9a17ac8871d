/** When a brand will be pulled next by its schedule, for whoever wants to know. */

import type { BrandSchedule } from '../crm/schedules.ts'
import { nextTurn, offsetSeconds, slotsAround } from './due.ts'

/** @returns null when its nightly pulls are off */
export function nextTurnOf(brand: BrandSchedule, now: Date): Date | null {
  if (brand.enabledAt === null) return null
  return nextTurn({
    slots: slotsAround(brand, now),
    offsetSeconds: offsetSeconds(brand.brandId),
    lastSlot: null,
    since: schedulesSince(brand),
    now,
  })
}

/** Times before it are nobody's. */
export function schedulesSince({
  enabledAt,
  changedAt,
}: Pick<BrandSchedule, 'enabledAt' | 'changedAt'>): Date {
  return new Date(Math.max(enabledAt?.getTime() ?? 0, changedAt?.getTime() ?? 0))
}
