/** What a business's export really says, read off the raw rows without any of the product's own code. */

import { isRow, type RawRow, reservationKey } from './raw-row.ts'
import type { Business, NightLog } from './world.ts'

export type TruePatron = {
  id: string
  email: string | null
  firstName: string | null
  lastName: string | null
}

export type TrueReservation = {
  tockKey: string | null
  isWalkIn: boolean
  /** PICKUP and DELIVERY. */
  isOrder: boolean
  startsAtMs: number
  dateTime: string | null
  experienceId: string | null
  experienceName: string | null
  variety: string | null
  state: string | null
  isCancelled: boolean
  transferredOut: boolean
  partySize: number | null
  notes: string[]
  seatingAreaId: string | null
  seatingAreaName: string | null
  owner: TruePatron | null
  diner: TruePatron | null
  sequenceId: string | null
  updatedAtMs: number
}

export type TrueGuest = TruePatron & {
  isArchived: boolean
  optIn: boolean | null
  optInSource: string | null
  updatedAtMs: number
}

export type Truth = {
  takenAt: Date
  /** One after the other: a big winery's do not fit side by side. */
  reservations(): Generator<TrueReservation>
  guests(): Generator<TrueGuest>
  count(): {
    reservations: number
    orders: number
    walkIns: number
    cancelled: number
    upcoming: number
    guests: number
    archivedGuests: number
  }
  /** What the last night changed. */
  lastNight: NightLog
}

export function truthOf(business: Business): Truth {
  const { rows, snapshot, lastNight } = business
  function* reservations() {
    for (const row of rows.reservations.rows()) yield trueReservation(row)
  }
  function* guests() {
    for (const row of rows.guests.rows()) yield trueGuest(row)
  }
  return {
    takenAt: new Date(snapshot.takenMs),
    reservations,
    guests,
    count() {
      const counts = {
        reservations: 0,
        orders: 0,
        walkIns: 0,
        cancelled: 0,
        upcoming: 0,
        guests: 0,
        archivedGuests: 0,
      }
      for (const one of reservations()) {
        counts.reservations++
        if (one.isOrder) counts.orders++
        if (one.isWalkIn) counts.walkIns++
        if (one.isCancelled) counts.cancelled++
        if (one.startsAtMs > snapshot.takenMs) counts.upcoming++
      }
      for (const one of guests()) {
        counts.guests++
        if (one.isArchived) counts.archivedGuests++
      }
      return counts
    },
    lastNight,
  }
}

function trueReservation(row: RawRow): TrueReservation {
  const experience = part(row, 'experience')
  const seating = part(row, 'seatingOption')
  const variety = text(experience?.variety)
  const notes = Array.isArray(row.note) ? row.note : []
  return {
    tockKey: reservationKey(row),
    isWalkIn: row.walkinId !== undefined,
    isOrder: variety === 'PICKUP' || variety === 'DELIVERY',
    startsAtMs: Number(row.serviceDateTimestamp),
    dateTime: text(row.dateTime),
    experienceId: text(experience?.id),
    experienceName: text(experience?.name),
    variety,
    state: text(row.partyState),
    isCancelled: row.isCancelled === true,
    transferredOut: row.transferredOut === true,
    partySize: typeof row.partySize === 'number' ? row.partySize : null,
    notes: notes.filter(isRow).map((note) => String(note.text)),
    seatingAreaId: text(seating?.id),
    seatingAreaName: text(seating?.name),
    owner: truePatron(part(row, 'ownerPatron')),
    diner: truePatron(part(row, 'dinerPatron')),
    sequenceId: text(row.sequenceId),
    updatedAtMs: Number(row.lastUpdatedTimestamp),
  }
}

function trueGuest(row: RawRow): TrueGuest {
  const patron = truePatron(part(row, 'patron'))
  return {
    ...(patron ?? { id: '', email: null, firstName: null, lastName: null }),
    isArchived: row.isArchived === true || row.nextGuestProfileId !== undefined,
    optIn: typeof row.optIn === 'boolean' ? row.optIn : null,
    optInSource: text(row.optInSource),
    updatedAtMs: Number(row.updatedAtTimestamp),
  }
}

function truePatron(row: RawRow | undefined): TruePatron | null {
  if (!row) return null
  return {
    id: String(row.id),
    email: text(row.email),
    firstName: text(row.firstName),
    lastName: text(row.lastName),
  }
}

function part(row: RawRow, field: string): RawRow | undefined {
  const value = row[field]
  return isRow(value) ? value : undefined
}

function text(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value)
}
