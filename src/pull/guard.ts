/** Rule 8: what a pull may not do without a person. */

import type { Sweep } from './apply/apply-snapshot.ts'

const fewReservations = 20
const fewCustomers = 200
const customersPercent = 10

/** @returns why the pull has to wait for approval, in a sentence; null when it need not */
export function whyWait(sweep: Sweep, guardPercent: number): string | null {
  const reasons: string[] = []
  for (const [when, share] of [
    ['upcoming', sweep.upcoming],
    ['past', sweep.past],
  ] as const) {
    if (share.lost > fewReservations && share.lost * 100 > share.stored * guardPercent) {
      const percent = Math.round((share.lost * 100) / share.stored)
      reasons.push(
        `${share.lost} of ${share.stored} ${when} reservations (${percent} %, more than ${guardPercent} %) would be cancelled or marked as no longer in Tock`,
      )
    }
  }
  if (sweep.created > Math.max(fewCustomers, (sweep.customersBefore * customersPercent) / 100)) {
    reasons.push(
      `${sweep.created} customers would be created, beside ${sweep.customersBefore} there are (more than ${fewCustomers} and more than ${customersPercent} %)`,
    )
  }
  return reasons.length > 0 ? `${reasons.join('; ')}.` : null
}
