/**
 * What a definition means, said once more: in memory, over plain rows, customer by customer, without a look at the SQL.
 * Days and clocks are reckoned with Temporal.
 */

import type { Condition, CountLeaf, Period, VisitLeaf } from '../../src/contract/segment.ts'

export type PlainBrand = {
  code: string
  group: string
  zone: string
  defaultLocation: string | null
  snapshotAt: Date | null
}
export type PlainCustomer = {
  id: string
  source: string | null
  type: string | null
  tier: string | null
  createdAt: Date
  createdBy: 'tock' | 'import' | 'staff'
  createdInPull: string | null
  releasedAt: Date | null
  consent: 'in' | 'out' | 'unknown'
  active: boolean
  bounced: boolean
  clubMember: boolean
  email: string | null
  firstName: string | null
  lastName: string | null
  tags: string[]
  /** The business groups where a guest of his opted in. */
  optedInAt: string[]
}
export type PlainReservation = {
  key: string
  customer: string | null
  brand: string
  startsAt: Date
  createdAt: Date | null
  status: string
  partySize: number | null
  notes: string | null
  experience: string | null
  area: string | null
  missing: boolean
  lastShownAt: Date | null
}
export type PlainWinery = {
  zone: string
  policy: 'opted-in' | 'not-opted-out'
  brands: PlainBrand[]
  /** By brand and experience: name, reservation type, whether it does not count as a visit. */
  experiences: { brand: string; id: string; name: string; type: string | null; notAVisit: boolean }[]
  areas: { brand: string; id: string; location: string | null }[]
  customers: PlainCustomer[]
  reservations: PlainReservation[]
  now: Date
}

export function membersOf(winery: PlainWinery, where: Condition): string[] {
  return winery.customers.filter((customer) => isMember(winery, customer, where)).map(({ id }) => id)
}

export function isMember(winery: PlainWinery, customer: PlainCustomer, where: Condition): boolean {
  if (where.kind === 'all') return where.of.every((one) => isMember(winery, customer, one))
  if (where.kind === 'any') return where.of.some((one) => isMember(winery, customer, one))
  if (where.kind === 'not') return !isMember(winery, customer, where.of)
  const own = winery.reservations.filter((one) => one.customer === customer.id)
  const oneOf = (value: string | null, op: 'is' | 'isNot', values: (string | null)[]) =>
    values.includes(value) === (op === 'is')
  switch (where.kind) {
    case 'customerSource':
      return oneOf(customer.source, where.op, where.values)
    case 'customerType':
      return oneOf(customer.type, where.op, where.values)
    case 'allocationTier':
      return oneOf(customer.tier, where.op, where.values)
    case 'created':
      return isOn(customer.createdAt, where.in, winery)
    case 'released':
      return customer.releasedAt !== null && isOn(customer.releasedAt, where.in, winery)
    case 'createdBy':
      return oneOf(customer.createdBy, where.op, where.values)
    case 'createdIn':
      return where.what === 'pull' && customer.createdInPull === where.id
    case 'emailConsent':
      return oneOf(customer.consent, where.op, where.values)
    case 'flag':
      return hasFlag(winery, customer, where.flag) === where.is
    case 'hasText':
      return ((customer[where.field] ?? '') !== '') === where.is
    case 'text': {
      const text = (customer[where.field] ?? '').toLowerCase()
      const value = where.value.toLowerCase()
      if (where.op === 'is') return text === value
      if (where.op === 'isNot') return text !== value
      if (where.op === 'contains') return text.includes(value)
      if (where.op === 'containsNot') return !text.includes(value)
      return where.op === 'startsWith' ? text.startsWith(value) : text.endsWith(value)
    }
    case 'tags': {
      const shared = where.values.filter((tag) => customer.tags.includes(tag))
      if (where.op === 'all') return shared.length === where.values.length
      return where.op === 'any' ? shared.length > 0 : shared.length === 0
    }
    case 'optedInAt': {
      const brand = winery.brands.find((one) => one.code === where.brand)
      return customer.optedInAt.includes(brand?.group ?? '') === where.is
    }
    case 'listed':
      throw new Error('lists are tried elsewhere')
    case 'count':
      return isCount(winery, own, where)
    default:
      return isVisit(winery, own, where)
  }
}

export function mayMail({ policy }: Pick<PlainWinery, 'policy'>, customer: PlainCustomer): boolean {
  if (customer.email === null || customer.bounced || !customer.active || customer.releasedAt === null)
    return false
  if (customer.consent === 'unknown') return policy === 'not-opted-out' && customer.createdBy !== 'tock'
  return customer.consent === 'in'
}

function hasFlag(winery: PlainWinery, customer: PlainCustomer, flag: string): boolean {
  if (flag === 'mayMail') return mayMail(winery, customer)
  if (flag === 'released') return customer.releasedAt !== null
  if (flag === 'active') return customer.active
  return flag === 'bounced' ? customer.bounced : customer.clubMember
}

function isCount(winery: PlainWinery, own: PlainReservation[], leaf: CountLeaf): boolean {
  const counted = own.filter((one) => {
    const brand = brandOf(winery, one)
    const start = localStart(brand, one)
    const experience = winery.experiences.find((x) => x.brand === one.brand && x.id === one.experience)
    const area = winery.areas.find((a) => a.brand === one.brand && a.id === one.area)
    const location = area?.location ?? brand.defaultLocation
    if (leaf.brands && !leaf.brands.includes(one.brand)) return false
    if (leaf.locations && !leaf.locations.includes(location)) return false
    if (leaf.reservationTypes && !leaf.reservationTypes.includes(experience?.type ?? null)) return false
    if (
      leaf.experiences &&
      !(experience && leaf.experiences.some((x) => x === experience.id || x === experience.name))
    )
      return false
    if (leaf.statuses && !leaf.statuses.some((status) => status === one.status)) return false
    if (leaf.partySize && !isBetween(one.partySize, leaf.partySize)) return false
    if (leaf.weekdays && !leaf.weekdays.includes(start.dayOfWeek)) return false
    if (leaf.timeOfDay) {
      const { from, to } = leaf.timeOfDay
      const clock = start.toPlainTime().toString({ smallestUnit: 'minute' })
      if (from <= to ? clock < from || clock >= to : clock < from && clock >= to) return false
    }
    if (leaf.notesContain && !(one.notes ?? '').toLowerCase().includes(leaf.notesContain.toLowerCase()))
      return false
    if (leaf.bookedAhead) {
      const booked = one.createdAt && zoned(one.createdAt, brand.zone).toPlainDate()
      const days = booked?.until(start.toPlainDate()).days
      if (!isBetween(days, leaf.bookedAhead)) return false
    }
    if (
      leaf.in &&
      !isInPeriod(start.toPlainDate(), leaf.in, winery, leaf.brands === undefined ? null : brand)
    ) {
      return false
    }
    return isOfKind(winery, one, leaf.of)
  })
  const byDays = leaf.of === 'visits' || leaf.of === 'attendedVisits'
  const times = byDays ? new Set(counted.map((one) => dayAt(winery, one))).size : counted.length
  if (leaf.times.is === 'atLeast') return times >= leaf.times.n
  return leaf.times.is === 'atMost' ? times <= leaf.times.n : times === leaf.times.n
}

/** The first (last) visit lies in the period: some visit does, and none lies before (behind) it. */
function isVisit(winery: PlainWinery, own: PlainReservation[], leaf: VisitLeaf): boolean {
  const places = own
    .filter((one) => isOfKind(winery, one, 'visits') && (leaf.brands?.includes(one.brand) ?? true))
    .map((one) => {
      const brand = brandOf(winery, one)
      const day = localStart(brand, one).toPlainDate()
      const at = leaf.brands === undefined ? null : brand
      if (isInPeriod(day, leaf.in, winery, at)) return 'in'
      const { from } = periodOf(leaf.in, winery, at)
      return from !== null && Temporal.PlainDate.compare(day, from) < 0 ? 'before' : 'behind'
    })
  return places.includes('in') && !places.includes(leaf.kind === 'firstVisit' ? 'before' : 'behind')
}

function isOfKind(winery: PlainWinery, one: PlainReservation, of: CountLeaf['of']): boolean {
  const brand = brandOf(winery, one)
  const experience = winery.experiences.find((x) => x.brand === one.brand && x.id === one.experience)
  const stands = !['Cancelled', 'Transferred', 'No Show'].includes(one.status)
  const shown = one.lastShownAt ?? brand.snapshotAt
  const isPast = shown !== null && one.startsAt < shown
  const counts = !(experience?.notAVisit ?? false)
  switch (of) {
    case 'visits':
      return stands && isPast && counts
    case 'attendedVisits':
      return ['Arrived', 'Seated', 'Completed'].includes(one.status) && isPast && counts
    case 'upcoming':
      return stands && one.startsAt >= winery.now && !one.missing && counts
    case 'cancelled':
      return one.status === 'Cancelled'
    case 'noShows':
      return one.status === 'No Show'
    case 'cancelledOrNoShows':
      return one.status === 'Cancelled' || one.status === 'No Show'
    default:
      return true
  }
}

function isOn(instant: Date, period: Period, winery: PlainWinery): boolean {
  return isInPeriod(zoned(instant, winery.zone).toPlainDate(), period, winery, null)
}

function isInPeriod(
  day: Temporal.PlainDate,
  period: Period,
  winery: PlainWinery,
  at: PlainBrand | null,
): boolean {
  const { from, to } = periodOf(period, winery, at)
  const { compare } = Temporal.PlainDate
  return (from === null || compare(day, from) >= 0) && (to === null || compare(day, to) <= 0)
}

function periodOf(period: Period, winery: PlainWinery, at: PlainBrand | null) {
  const today = zoned(winery.now, at?.zone ?? winery.zone).toPlainDate()
  const none = null as Temporal.PlainDate | null
  if (period.kind === 'between') {
    return {
      from: period.from === undefined ? none : Temporal.PlainDate.from(period.from),
      to: period.to === undefined ? none : Temporal.PlainDate.from(period.to),
    }
  }
  const far = Temporal.Duration.from({ [period.unit]: period.n })
  if (period.kind === 'last') return { from: today.subtract(far), to: today }
  if (period.kind === 'next') return { from: today, to: today.add(far) }
  return period.kind === 'earlier'
    ? { from: none, to: today.subtract(far).subtract({ days: 1 }) }
    : { from: today.add(far).add({ days: 1 }), to: none }
}

function brandOf(winery: PlainWinery, one: PlainReservation): PlainBrand {
  const brand = winery.brands.find(({ code }) => code === one.brand)
  if (!brand) throw new Error('every reservation has a brand')
  return brand
}

export function localStart(brand: PlainBrand, one: PlainReservation): Temporal.PlainDateTime {
  return zoned(one.startsAt, brand.zone).toPlainDateTime()
}

function dayAt(winery: PlainWinery, one: PlainReservation): string {
  return `${one.brand} ${localStart(brandOf(winery, one), one).toPlainDate()}`
}

function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone)
}

function isBetween(
  value: number | null | undefined,
  { min, max }: { min?: number | undefined; max?: number | undefined },
) {
  if (value === null || value === undefined) return false
  return (min === undefined || value >= min) && (max === undefined || value <= max)
}
