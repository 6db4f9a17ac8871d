/** eCELLAR's status of a reservation (rule 12); either of Tock's two ways of cancelling has been read into `isCancelled`. */

import type { ReservationStatus } from '../contract/vocabulary.ts'

const byPartyState = new Map<string, ReservationStatus>([
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
