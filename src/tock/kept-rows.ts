/**
 * What may leave this room of a Tock row: the allow-list of rule 1 as types. Everything else in a row is gone
 * as soon as it has been parsed.
 */

import type { ReservationStatus } from '../contract/vocabulary.ts'

/** The two kinds of file in a snapshot. */
export type FileKind = 'reservations' | 'guests'

/** One reservation or walk-in. Texts are cleaned (rule 1): no card numbers, no U+0000, no lone surrogates. */
export type KeptReservation = {
  /** `r:413` or, for a walk-in, `w:9001`. Ids are text: Tock's are 64 bits wide. */
  tockKey: string
  /** The start of the visit, epoch milliseconds UTC. */
  startsAtMs: number
  /** IANA zone of the business. */
  timeZone: string
  /** Wall time at the business, `YYYY-MM-DDTHH:MM:SS`. */
  localStart: string
  partyName: string | null
  partySize: number | null
  /** One line per note. */
  notes: string | null
  status: ReservationStatus
  /** Tock's own word (`partyState`). */
  tockState: string | null
  isCancelled: boolean
  /** Tock's experience id, `walk-in` for walk-ins, null where Tock names none. */
  experienceId: string | null
  experienceName: string | null
  experienceVariety: string | null
  seatingAreaId: string | null
  seatingAreaName: string | null
  /** The diner (rule 15). */
  guestPatronId: string | null
  guestEmail: string | null
  guestFirstName: string | null
  guestLastName: string | null
  /** Who booked, only where that is another patron than the guest. */
  ownerPatronId: string | null
  sequenceId: string | null
  createdAtMs: number | null
  updatedAtMs: number | null
}

/** A row that cannot be stored. */
export type RowException = {
  code: 'row_without_id' | 'unreadable_time'
  tockKey: string | null
  /** Tells this exception from others and stays the same from pull to pull; holds no guest's data. */
  subject: string
  /** A sentence for a person; holds no guest's data. */
  message: string
}

/** What a reservations file says beside its kept rows. */
export type ReservationsFile = {
  /** Keys of take-out and delivery orders (null where a row has no id): present, counted, not kept. */
  excludedKeys: (string | null)[]
  exceptions: RowException[]
  /** All rows of the file. */
  inSnapshot: number
  /** Every distinct `business.id` seen, as text, null for rows that name none; more than the brand's own means the wrong business. */
  businessIds: (string | null)[]
  /** What Tock calls the business, and its zone, from the last row that says so. */
  businessName: string | null
  timeZone: string | null
}

/** One current guest profile. */
export type KeptGuest = {
  /** Tock's patron id; null where a profile has none. The profile's own id is never kept. */
  patronId: string | null
  email: string | null
  firstName: string | null
  lastName: string | null
  optIn: boolean | null
  optInSource: string | null
  /** As Tock wrote it: its format is not documented. */
  dateOptedIn: string | null
  updatedAtMs: number | null
}

export type GuestsFile = {
  /** All rows of the file, archived ones too. */
  read: number
  archived: number
}
