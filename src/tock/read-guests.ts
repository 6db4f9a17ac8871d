/** One guest profiles file: what may be kept of it (rule 1). */

import { cleanDate, cleanName } from './clean-text.ts'
import { readPatron } from './guest-names.ts'
import type { GuestsFile, KeptGuest } from './kept-rows.ts'
import { parseRows, type RawRow } from './parse-rows.ts'
import { rawTimestamp } from './read-value.ts'

/** The allow-list of rule 1: nothing else of a profile is even parsed. */
const readFields = new Set([
  'patron',
  'isArchived',
  'nextGuestProfileId',
  'optIn',
  'optInSource',
  'dateOptedIn',
  'updatedAtTimestamp',
])

/** @throws UnreadableFile when the bytes are not one JSON array of objects */
export function readGuests(bytes: Uint8Array, take: (row: KeptGuest) => void): GuestsFile {
  const file = { read: 0, archived: 0 }
  for (const raw of parseRows(bytes, readFields)) {
    file.read += 1
    if (isArchived(raw)) file.archived += 1
    else take(readRow(raw))
  }
  return file
}

/** An edit leaves the profile as it was, archived, and makes a new one. */
function isArchived(raw: RawRow): boolean {
  const next = raw.nextGuestProfileId ?? ''
  return raw.isArchived === true || next !== ''
}

/** Names each field that is kept: whatever is not named here is gone, the profile's own changing id first. */
function readRow(raw: RawRow): KeptGuest {
  const { patronId, email, firstName, lastName } = readPatron(raw.patron)
  return {
    patronId,
    email,
    firstName,
    lastName,
    optIn: typeof raw.optIn === 'boolean' ? raw.optIn : null,
    optInSource: cleanName(raw.optInSource),
    dateOptedIn: cleanDate(raw.dateOptedIn),
    updatedAtMs: rawTimestamp(raw.updatedAtTimestamp),
  }
}
