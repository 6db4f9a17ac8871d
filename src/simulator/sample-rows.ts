/** Full rows to order: a test names the fields that matter to it, the rest is as in every other row. */

import { guestRow } from './guest-row.ts'
import { numberOf } from './random.ts'
import { isRow, type RawRow } from './raw-row.ts'
import type { Plan } from './reservation-plan.ts'
import { reservationRow } from './reservation-row.ts'
import type { Business } from './world.ts'

/**
 * A reservation with the given fields in place of the usual ones; with `walkinId` and no `id` a walk-in. `dateTime`
 * follows `serviceDateTimestamp`, the owner follows the diner; a field given as undefined stays away.
 */
export function sampleReservation(business: Business, fields: RawRow): RawRow {
  const { venue, snapshot } = business
  const startsMs = Number(fields.serviceDateTimestamp ?? snapshot.takenMs + 7 * 86_400_000)
  const isWalkIn = fields.id === undefined && fields.walkinId !== undefined
  const number = String(fields.id ?? fields.walkinId)
  const plan: Plan = {
    slot: 1_000_000 + (numberOf(number) % 100_000),
    isWalkIn,
    createdMs: snapshot.takenMs - 30 * 86_400_000,
    updatedMs: snapshot.takenMs - 30 * 86_400_000,
    startsMs,
    experience: 0,
    state: 'EXPECTED',
    isCancelled: false,
    transferredOut: false,
    partySize: 2,
    diner: null,
    owner: null,
    sequence: 0,
    oddity: null,
    note: null,
  }
  const dinerPatron = 'dinerPatron' in fields ? fields.dinerPatron : samplePatron(number)
  const row = { ...reservationRow(venue, plan), dinerPatron, ownerPatron: dinerPatron, ...fields }
  return isWalkIn || fields.id !== undefined ? row : { ...row, id: undefined }
}

/** A guest profile without any consent; `patron` is the field that matters. */
export function sampleGuest(business: Business, fields: RawRow): RawRow {
  const { group, snapshot } = business
  const patron = fields.patron
  const number = String(isRow(patron) ? patron.id : 1)
  const list = {
    people: { ...group.people, edits: new Map() },
    venues: group.businesses.map((one) => one.venue),
    startedMs: snapshot.takenMs,
  }
  const row = guestRow(list, { patron: 1_000_000 + (numberOf(number) % 100_000), archivedVersion: null })
  const noConsent = { optIn: undefined, optInSource: undefined, dateOptedIn: undefined }
  return { ...row, ...noConsent, patron: samplePatron(number), ...fields }
}

function samplePatron(number: string): RawRow {
  return {
    id: 7_000_000 + (numberOf(number) % 1_000_000),
    email: `pat.${number}@example.com`,
    firstName: 'Pat',
    lastName: `Person ${number}`,
  }
}
