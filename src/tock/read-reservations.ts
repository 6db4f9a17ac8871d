/** One reservations file: what may be kept of it (rule 1), and what has to be said about the rest. */

import { walkInExperience } from '../contract/vocabulary.ts'
import { type BusinessClock, businessClocks } from './business-clock.ts'
import { cleanName, cleanNotes } from './clean-text.ts'
import { readGuest } from './guest-names.ts'
import type { KeptReservation, ReservationsFile, RowException } from './kept-rows.ts'
import { isRawRow, parseRows, type RawRow } from './parse-rows.ts'
import { rawId, rawInteger, rawObject, rawSequence, rawTimestamp } from './read-value.ts'
import { reservationStatus } from './reservation-status.ts'
import { rowWithoutId, unreadableTime } from './row-exception.ts'

/** The allow-list of rule 1: nothing else of a row is even parsed. */
const readFields = new Set([
  'id',
  'walkinId',
  'business',
  'serviceDateTimestamp',
  'dateTime',
  'partySize',
  'note',
  'partyState',
  'isCancelled',
  'transferredOut',
  'experience',
  'seatingOption',
  'dinerPatron',
  'ownerPatron',
  'sequenceId',
  'createdTimestamp',
  'lastUpdatedTimestamp',
])

/** @throws UnreadableFile when the bytes are not one JSON array of objects */
export function readReservations(bytes: Uint8Array, take: (row: KeptReservation) => void): ReservationsFile {
  let inSnapshot = 0
  const clockOf = businessClocks()
  const excludedKeys: (string | null)[] = []
  const exceptions: RowException[] = []
  const businessIds = new Set<string | null>()
  let businessName: string | null = null
  let timeZone: string | null = null

  for (const raw of parseRows(bytes, readFields)) {
    inSnapshot += 1
    const business = rawObject(raw.business)
    businessIds.add(rawId(business.id))
    const clock = clockOf(business.timeZone)
    businessName = cleanName(business.name) ?? businessName
    timeZone = clock?.timeZone ?? timeZone

    const tockKey = readKey(raw)
    if (isOrder(raw)) excludedKeys.push(tockKey)
    else {
      const start = readStart(raw, clock)
      const kept = readRow(raw, tockKey ?? '', start)
      if (tockKey === null) exceptions.push(rowWithoutId(kept, start !== null))
      else if (start === null) exceptions.push(unreadableTime(tockKey, clock !== null))
      else take(kept)
    }
  }
  return {
    excludedKeys,
    exceptions,
    inSnapshot,
    businessIds: [...businessIds],
    businessName,
    timeZone,
  }
}

/** Reservations and walk-ins are numbered apart. */
function readKey(raw: RawRow): string | null {
  const id = rawId(raw.id)
  if (id !== null) return `r:${id}`
  const walkInId = rawId(raw.walkinId)
  return walkInId === null ? null : `w:${walkInId}`
}

function isOrder(raw: RawRow): boolean {
  const { variety } = rawObject(raw.experience)
  return typeof variety === 'string' && /^\s*(?:PICKUP|DELIVERY)\s*$/i.test(variety)
}

type Start = Pick<KeptReservation, 'startsAtMs' | 'timeZone' | 'localStart'>

/** The timestamp is what counts; the wall time serves only where there is none (rule 11). */
function readStart(raw: RawRow, clock: BusinessClock | null): Start | null {
  if (!clock) return null
  const stamp = raw.serviceDateTimestamp ?? null
  const startsAtMs = stamp === null ? clock.instant(raw.dateTime) : rawTimestamp(stamp)
  const localStart = startsAtMs === null ? null : clock.localTime(startsAtMs)
  if (startsAtMs === null || localStart === null) return null
  return { startsAtMs, localStart, timeZone: clock.timeZone }
}

/** Names each field that is kept: whatever is not named here is gone. */
function readRow(raw: RawRow, tockKey: string, start: Start | null): KeptReservation {
  const guest = readGuest(raw.dinerPatron, raw.ownerPatron)
  const experience = rawObject(raw.experience)
  const experienceId = rawId(experience.id)
  const isWalkIn = experienceId === null && tockKey.startsWith('w:')
  const seating = rawObject(raw.seatingOption)
  const tockState = cleanName(raw.partyState)
  const isCancelled = raw.isCancelled === true || tockState === 'CANCELLED'
  const isTransferredOut = raw.transferredOut === true
  const partySize = rawInteger(raw.partySize)
  return {
    tockKey,
    startsAtMs: start?.startsAtMs ?? 0,
    timeZone: start?.timeZone ?? '',
    localStart: start?.localStart ?? '',
    partyName: guest.partyName,
    partySize: partySize !== null && partySize >= 0 && partySize < 2 ** 31 ? partySize : null,
    notes: cleanNotes(noteTexts(raw.note)),
    status: reservationStatus({ isTransferredOut, isCancelled, tockState }),
    tockState,
    isCancelled,
    experienceId: isWalkIn ? walkInExperience : experienceId,
    experienceName: isWalkIn ? 'Walk-in' : cleanName(experience.name),
    experienceVariety: cleanName(experience.variety),
    seatingAreaId: rawId(seating.id),
    seatingAreaName: cleanName(seating.name),
    guestPatronId: guest.patronId,
    guestEmail: guest.email,
    guestFirstName: guest.firstName,
    guestLastName: guest.lastName,
    ownerPatronId: guest.ownerPatronId,
    sequenceId: rawSequence(raw.sequenceId),
    createdAtMs: rawTimestamp(raw.createdTimestamp),
    updatedAtMs: rawTimestamp(raw.lastUpdatedTimestamp),
  }
}

function noteTexts(notes: unknown): string[] {
  if (!Array.isArray(notes)) return []
  const texts: string[] = []
  for (const note of notes) if (isRawRow(note) && typeof note.text === 'string') texts.push(note.text)
  return texts
}
