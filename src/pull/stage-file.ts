/**
 * One file of a snapshot, turned into what is loaded: COPY lines and the file's counts. Runs in a thread of its own
 * (stage-thread.ts): reading is what an initial pull spends most of its time on, beside PostgreSQL's own work.
 */

import { emailKey } from '../contract/email-address.ts'
import type { FileKind, KeptGuest, KeptReservation, RowException } from '../tock/kept-rows.ts'
import { readGuests } from '../tock/read-guests.ts'
import { readReservations } from '../tock/read-reservations.ts'
import { copyLine } from './copy-text.ts'
import { type ErasedPeople, isErasedGuest } from './erased-people.ts'

/** Moves on whenever rows are read differently: then every file is read again (rule 9). */
export const readerVersion = 2

export const reservationColumns =
  'file_no, row_no, tock_key, starts_at, local_start, time_zone, party_name, party_size, notes, status, tock_state, is_cancelled, experience_id, experience_name, experience_variety, seating_area_id, seating_area_name, guest_patron_id, guest_email, guest_email_key, guest_first_name, guest_last_name, owner_patron_id, sequence_id, created_at, updated_at'
export const guestColumns =
  'file_no, row_no, patron_id, email, email_key, first_name, last_name, opt_in, opt_in_source, date_opted_in, updated_at'

export type StagedFile = {
  lines: Uint8Array<ArrayBuffer>
  rowsRead: number
  archived: number
  withoutEmail: number
  excluded: number
  keptKeys: string[]
  otherKeys: string[]
  rowExceptions: RowException[]
  businessIds: (string | null)[]
  businessName: string | null
  timeZone: string | null
}

/** @throws UnreadableFile when the bytes are not one JSON array of objects */
export function stageFile(
  kind: FileKind,
  fileNo: number,
  bytes: Uint8Array,
  erased: ErasedPeople,
): StagedFile {
  return kind === 'reservations'
    ? stageReservations(fileNo, bytes, erased)
    : stageGuests(fileNo, bytes, erased)
}

function stageReservations(fileNo: number, bytes: Uint8Array, erased: ErasedPeople): StagedFile {
  const lines = copyLines()
  const keptKeys: string[] = []
  const file = readReservations(bytes, (row) => {
    lines.add(reservationLine(fileNo, keptKeys.length, row, erased))
    keptKeys.push(row.tockKey)
  })
  const otherKeys = [...file.excludedKeys, ...file.exceptions.map((exception) => exception.tockKey)]
  return {
    lines: lines.bytes(),
    rowsRead: file.inSnapshot,
    archived: 0,
    withoutEmail: 0,
    excluded: file.excludedKeys.length,
    keptKeys,
    otherKeys: otherKeys.filter((key) => key !== null),
    rowExceptions: file.exceptions,
    businessIds: file.businessIds,
    businessName: file.businessName,
    timeZone: file.timeZone,
  }
}

function reservationLine(fileNo: number, rowNo: number, row: KeptReservation, erased: ErasedPeople): string {
  const key = row.guestEmail === null ? null : emailKey(row.guestEmail)
  const isErased = isErasedGuest(erased, row.guestPatronId, key)
  const owner = isErasedGuest(erased, row.ownerPatronId, null) ? null : row.ownerPatronId
  // A guest without an id is known by the address alone.
  const patronId = row.guestPatronId ?? (key === null ? null : `@${key}`)
  return copyLine([
    fileNo,
    rowNo,
    row.tockKey,
    timestamp(row.startsAtMs),
    row.localStart,
    row.timeZone,
    // The booker's name may stand in for the guest's, and goes with either of them.
    isErased || owner !== row.ownerPatronId ? null : row.partyName,
    row.partySize,
    isErased ? null : row.notes,
    row.status,
    row.tockState,
    row.isCancelled,
    row.experienceId,
    row.experienceName,
    row.experienceVariety,
    row.seatingAreaId,
    row.seatingAreaName,
    isErased ? null : patronId,
    isErased ? null : row.guestEmail,
    isErased ? null : key,
    isErased ? null : row.guestFirstName,
    isErased ? null : row.guestLastName,
    owner,
    row.sequenceId,
    timestamp(row.createdAtMs),
    timestamp(row.updatedAtMs),
  ])
}

function stageGuests(fileNo: number, bytes: Uint8Array, erased: ErasedPeople): StagedFile {
  const lines = copyLines()
  let rowNo = 0
  let withoutEmail = 0
  const file = readGuests(bytes, (row) => {
    if (row.email === null) withoutEmail += 1
    lines.add(guestLine(fileNo, rowNo, row, erased))
    rowNo += 1
  })
  return {
    lines: lines.bytes(),
    rowsRead: file.read,
    archived: file.archived,
    withoutEmail,
    excluded: 0,
    keptKeys: [],
    otherKeys: [],
    rowExceptions: [],
    businessIds: [],
    businessName: null,
    timeZone: null,
  }
}

/** Empty for somebody who was erased, or whom nothing tells from others. */
function guestLine(fileNo: number, rowNo: number, row: KeptGuest, erased: ErasedPeople): string {
  const key = row.email === null ? null : emailKey(row.email)
  const patronId = row.patronId ?? (key === null ? null : `@${key}`)
  if (patronId === null || isErasedGuest(erased, row.patronId, key)) return ''
  return copyLine([
    fileNo,
    rowNo,
    patronId,
    row.email,
    key,
    row.firstName,
    row.lastName,
    row.optIn,
    row.optInSource,
    row.dateOptedIn,
    timestamp(row.updatedAtMs),
  ])
}

/** Lines as they are loaded, in a buffer of their own, which can be handed from thread to thread. */
function copyLines(): { add(line: string): void; bytes(): Uint8Array<ArrayBuffer> } {
  const encoder = new TextEncoder()
  let bytes = new Uint8Array(1024 * 1024)
  let length = 0
  let text = ''
  const flush = () => {
    // A UTF-16 unit takes three bytes at most.
    if (bytes.length - length < text.length * 3) {
      bytes = new Uint8Array(bytes.buffer.transfer(2 * bytes.length + text.length * 3))
    }
    length += encoder.encodeInto(text, bytes.subarray(length)).written
    text = ''
  }
  return {
    add(line) {
      text += line
      if (text.length > 32 * 1024) flush()
    },
    bytes() {
      flush()
      return bytes.subarray(0, length)
    },
  }
}

function timestamp(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
