/** Rows that cannot be stored, told without a guest's data. */

import { createHash } from 'node:crypto'
import type { KeptReservation, RowException } from './kept-rows.ts'

/** Known again by what stays the same while a reservation is edited: its place in the file does not. */
export function rowWithoutId(row: KeptReservation, isStartKnown: boolean): RowException {
  const { startsAtMs, timeZone, createdAtMs, experienceId, guestPatronId, ownerPatronId } = row
  const { partyName, guestEmail } = row
  const facts = [
    startsAtMs,
    timeZone,
    createdAtMs,
    experienceId,
    guestPatronId,
    ownerPatronId,
    partyName,
    guestEmail,
  ]
  const start = isStartKnown ? `start ${row.localStart.slice(0, 16)} ${timeZone}` : 'start unreadable'
  return {
    code: 'row_without_id',
    tockKey: null,
    subject: createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16),
    message: `A reservation row carries neither an id nor a walkinId (${start})`,
  }
}

export function unreadableTime(tockKey: string, isZoneKnown: boolean): RowException {
  const reason = isZoneKnown
    ? 'neither serviceDateTimestamp nor dateTime tells when it starts'
    : 'its business names no time zone that exists'
  return {
    code: 'unreadable_time',
    tockKey,
    subject: tockKey,
    message: `Reservation ${tockKey} cannot be placed in time: ${reason}`,
  }
}
