/** Rows as Tock writes them, with made-up people, and what is read of them. */

import type { GuestsFile, KeptGuest, KeptReservation, ReservationsFile } from '../../src/tock/kept-rows.ts'
import { readGuests } from '../../src/tock/read-guests.ts'
import { readReservations } from '../../src/tock/read-reservations.ts'

type Fields = Record<string, unknown>

export const business = { id: 707, name: 'Hilltop Cellars', timeZone: 'America/Chicago' }

export const ada = { id: 1069, email: 'ada@example.com', firstName: 'Ada', lastName: 'Example' }
export const bo = { id: 2001, email: 'bo@example.com', firstName: 'Bo', lastName: 'Sample' }

/** 2026-11-20T18:00 in Chicago. */
export const startsAtMs = Date.parse('2026-11-21T00:00:00Z')

export function rawReservation(changes: Fields = {}): Fields {
  return {
    id: 413,
    business,
    dateTime: '2026-11-20T18:00',
    partySize: 2,
    experience: { id: 455, name: 'Tasting menu', amountCents: 1000, variety: 'PREPAID' },
    createdTimestamp: 1_790_000_000_000,
    lastUpdatedTimestamp: 1_790_000_100_000,
    serviceDateTimestamp: startsAtMs,
    transferredOut: false,
    isCancelled: false,
    ownerPatron: ada,
    dinerPatron: ada,
    versionId: 1_790_000_100_793,
    partyState: 'EXPECTED',
    sequenceId: 3,
    note: [],
    ...changes,
  }
}

export function bytesOf(rows: unknown): Uint8Array {
  return new TextEncoder().encode(typeof rows === 'string' ? rows : JSON.stringify(rows))
}

export function readRows(...rows: Fields[]): ReservationsFile & { rows: KeptReservation[] } {
  return readReservationsFile(bytesOf(rows))
}

export function readReservationsFile(bytes: Uint8Array): ReservationsFile & { rows: KeptReservation[] } {
  const rows: KeptReservation[] = []
  const file = readReservations(bytes, (row) => rows.push(row))
  return { ...file, rows }
}

export function readGuestsFile(bytes: Uint8Array): GuestsFile & { rows: KeptGuest[] } {
  const rows: KeptGuest[] = []
  const file = readGuests(bytes, (row) => rows.push(row))
  return { ...file, rows }
}

/** The one row that is kept of a usual reservation with these changes. */
export function readOne(changes: Fields = {}): KeptReservation {
  const file = readRows(rawReservation(changes))
  const [row] = file.rows
  if (!row) throw new Error(`Nothing was kept: ${JSON.stringify(file)}`)
  return row
}
