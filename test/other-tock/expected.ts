import type { Row } from './wire.ts'
import { instantOf, wallTime } from './zone.ts'

export interface ExpectedPatron {
  id: string | null
  email: string | null
  firstName: string | null
  lastName: string | null
}

export interface ExpectedReservation {
  key: string
  start: string | null
  localTime: string | null
  timeZone: string | null
  partyName: string | null
  partySize: number | null
  notes: string[]
  noteTypes: (string | null)[]
  experience: { id: string; name: string | null; variety: string | null } | null
  partyState: string | null
  cancelled: boolean
  transferred: boolean
  toGo: boolean
  seatingArea: { id: string; name: string | null; isOutdoors: boolean | null } | null
  /** `dinerPatron`, with the address from the owner's copy if that is the same patron; null without a diner. */
  diner: ExpectedPatron | null
  /** `ownerPatron`, told apart from the diner's. */
  owner: ExpectedPatron | null
  sequenceId: string | null
  created: string | null
  updated: string | null
}

export interface ExpectedGuest extends ExpectedPatron {
  id: string
  optIn: boolean | null
  optInSource: string | null
  dateOptedIn: string | null
  consent: 'yes' | 'no' | 'nothing said'
}

export interface Expected {
  /** Every row that has a key, in the order of the rows; to-go orders among them. */
  reservations: ExpectedReservation[]
  toGo: string[]
  /** Rows with neither id nor walkinId. */
  withoutKey: number
  withoutStart: string[]
  /** Current profiles, in the order of the rows. */
  guests: ExpectedGuest[]
  guestRows: { all: number; current: number; archived: number; withoutEmail: number; withoutPatron: number }
}

type Held = Record<string, unknown>

const held = (value: unknown): Held | undefined =>
  typeof value === 'object' && value !== null ? (value as Held) : undefined
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const digits = (value: unknown): string | null =>
  value === undefined || value === null ? null : String(value)
const truth = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)
const instant = (value: unknown): string | null =>
  value === undefined ? null : new Date(Number(value)).toISOString()

/** What a correct importer makes of these rows, read straight from the facts. */
export function expectedOf(reservations: Row[], guests: Row[]): Expected {
  const read = reservations.map((row) => readReservation(row as Held))
  const kept = read.filter((one) => one !== null)
  const profiles = guests as Held[]
  const current = profiles.filter((row) => row.isArchived !== true && row.nextGuestProfileId === undefined)
  const people = current.map(readGuest).filter((one) => one !== null)
  return {
    reservations: kept,
    toGo: kept.filter((one) => one.toGo).map((one) => one.key),
    withoutKey: read.length - kept.length,
    withoutStart: kept.filter((one) => one.start === null).map((one) => one.key),
    guests: people,
    guestRows: {
      all: profiles.length,
      current: people.length,
      archived: profiles.length - current.length,
      withoutEmail: people.filter((one) => one.email === null).length,
      withoutPatron: current.length - people.length,
    },
  }
}

function keyOf(row: Held): string | null {
  if (row.id !== undefined) return `r:${row.id}`
  return row.walkinId === undefined ? null : `w:${row.walkinId}`
}

function readReservation(row: Held): ExpectedReservation | null {
  const key = keyOf(row)
  if (key === null) return null
  const timeZone = text(held(row.business)?.timeZone)
  const start = startOf(row, timeZone)
  const experience = held(row.experience)
  const seating = held(row.seatingOption)
  const notes = ((row.note as Held[] | undefined) ?? []).filter((note) => text(note.text))
  const owner = patronOf(row.ownerPatron)
  const diner = patronOf(row.dinerPatron)
  if (diner && owner && diner.id === owner.id) diner.email ??= owner.email
  const variety = text(experience?.variety)
  return {
    key,
    start: start === null ? null : new Date(start).toISOString(),
    localTime: start === null || timeZone === null ? null : wallTime(start, timeZone),
    timeZone,
    partyName: nameOf(diner) ?? nameOf(owner),
    partySize: typeof row.partySize === 'number' ? row.partySize : null,
    notes: notes.map((note) => String(note.text)),
    noteTypes: notes.map((note) => text(note.noteType)),
    experience: experience ? { id: digits(experience.id) ?? '', name: text(experience.name), variety } : null,
    partyState: text(row.partyState),
    cancelled: row.isCancelled === true || row.partyState === 'CANCELLED',
    transferred: row.transferredOut === true,
    toGo: variety === 'PICKUP' || variety === 'DELIVERY',
    seatingArea: seating
      ? { id: digits(seating.id) ?? '', name: text(seating.name), isOutdoors: truth(seating.isOutdoors) }
      : null,
    diner,
    owner,
    sequenceId: digits(row.sequenceId),
    created: instant(row.createdTimestamp),
    updated: instant(row.lastUpdatedTimestamp),
  }
}

/** The timestamp says it; without one, a whole local time in the zone of the business does. */
function startOf(row: Held, timeZone: string | null): number | null {
  if (row.serviceDateTimestamp !== undefined) return Number(row.serviceDateTimestamp)
  const wall = text(row.dateTime)
  if (!wall || !timeZone || !/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall)) return null
  return instantOf(wall, timeZone)
}

function patronOf(value: unknown): ExpectedPatron | null {
  const patron = held(value)
  if (!patron) return null
  return {
    id: digits(patron.id),
    email: text(patron.email),
    firstName: text(patron.firstName),
    lastName: text(patron.lastName),
  }
}

function nameOf(patron: ExpectedPatron | null): string | null {
  const parts = [patron?.firstName, patron?.lastName].filter((part) => part)
  return parts.length > 0 ? parts.join(' ') : null
}

function readGuest(row: Held): ExpectedGuest | null {
  const patron = patronOf(row.patron)
  if (!patron?.id) return null
  const optIn = truth(row.optIn)
  const optInSource = text(row.optInSource)
  const consent = consentOf(optIn, optInSource)
  return { ...patron, id: patron.id, optIn, optInSource, dateOptedIn: text(row.dateOptedIn), consent }
}

function consentOf(optIn: boolean | null, source: string | null): ExpectedGuest['consent'] {
  if (source === 'OPTED_OUT') return 'no'
  const chosen = source === 'PURCHASE' || source === 'WAITLIST' || source === 'NEWSLETTER'
  return optIn === true && chosen ? 'yes' : 'nothing said'
}
