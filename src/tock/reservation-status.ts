/** eCELLAR's status of a reservation, from Tock's three fields (rule 12). */

import type { ReservationStatus } from '../contract/vocabulary.ts'

const byPartyState = new Map<string, ReservationStatus>([
  ['CANCELLED', 'Cancelled'],
  ['NO_SHOW', 'No Show'],
  ['EXPECTED', 'Booked'],
  ['AWAITING_RESPONSE', 'Booked'],
  ['ARRIVED', 'Arrived'],
  ['PARTIALLY_ARRIVED', 'Arrived'],
  ['SEATED', 'Seated'],
  ['PARTIALLY_SEATED', 'Seated'],
  ['LEFT', 'Completed'],
  ['FINISHED', 'Completed'],
])

export function reservationStatus(row: {
  isTransferredOut: boolean
  isCancelled: boolean
  tockState: string | null
}): ReservationStatus {
  if (row.isTransferredOut) return 'Transferred'
  if (row.isCancelled) return 'Cancelled'
  if (row.tockState === null) return 'Other'
  return byPartyState.get(row.tockState) ?? (row.tockState.startsWith('CONFIRMED_') ? 'Confirmed' : 'Other')
}
