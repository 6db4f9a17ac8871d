/** What both mapping pages have in common: something of Tock's that gets a name of eCELLAR's. */

/** An experience or a seating area. */
export type Mappable = {
  brand: string
  /** null: a brand's default location. */
  id: string | null
  /** As people know it. */
  name: string
  /** The name that it has of its own; null: none. */
  own: string | null
  /** What holds in the end. */
  effective: string | null
  reservations: number
  suggestions: string[]
  state: 'unmapped' | 'mapped' | 'ignored'
  firstSeenAt: Date | null
  lastSeenAt: Date | null
  lastReservationOn: string | null
}

/** What a change applies to, as the API told. */
export type Effect = { reservations: number; pastReservations: number }

/** How it is done over HTTP, and what it is called. */
export type MappingKind = {
  list: 'reservation-types' | 'locations'
  /** "reservation type" */
  target: string
  /** "experience", of Tock */
  one: string
  many: string
  map(
    row: Mappable,
    given: { name: string; create: boolean; notAVisit?: boolean | undefined; dryRun: boolean },
  ): Promise<Effect>
  unmap(row: Mappable, given: { dryRun: boolean }): Promise<Effect>
}

export function keyOf({ brand, id }: Pick<Mappable, 'brand' | 'id'>): string {
  return `${brand}/${id ?? ''}`
}

/** One after the other: they change the same lists. */
export async function forEach(rows: Mappable[], change: (row: Mappable) => Promise<Effect>): Promise<Effect> {
  const sum = { reservations: 0, pastReservations: 0 }
  for (const row of rows) {
    const effect = await change(row)
    sum.reservations += effect.reservations
    sum.pastReservations += effect.pastReservations
  }
  return sum
}

const orders: Record<string, (one: Mappable, other: Mappable) => number> = {
  name: (a, b) => a.name.localeCompare(b.name),
  reservations: (a, b) => a.reservations - b.reservations,
  own: (a, b) => (a.effective ?? '').localeCompare(b.effective ?? ''),
  lastReservationOn: (a, b) => (a.lastReservationOn ?? '').localeCompare(b.lastReservationOn ?? ''),
  firstSeenAt: (a, b) => (a.firstSeenAt?.getTime() ?? 0) - (b.firstSeenAt?.getTime() ?? 0),
}

/** What there is to do first, the most used first; or as the address says. */
export function searched(
  rows: Mappable[],
  search: { q?: string | undefined; state?: string | undefined; sort?: string | undefined },
): Mappable[] {
  const wanted = search.q?.trim().toLowerCase() ?? ''
  const found = rows.filter(
    (row) =>
      (search.state === undefined || row.state === search.state) &&
      `${row.name} ${row.id ?? ''} ${row.effective ?? ''}`.toLowerCase().includes(wanted),
  )
  const isBackwards = search.sort?.startsWith('-') ?? false
  const order = search.sort === undefined ? undefined : orders[search.sort.replace(/^-/, '')]
  if (order) return found.sort((a, b) => (isBackwards ? order(b, a) : order(a, b)))
  const rank = ({ state, id }: Mappable) => (id === null ? -1 : state === 'unmapped' ? 0 : 1)
  return found.sort((a, b) => rank(a) - rank(b) || b.reservations - a.reservations)
}
