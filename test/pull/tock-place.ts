/** A Tock that says exactly what a test wants, and a winery whose brands are its businesses. */

import type { Database } from '../../src/database/connect.ts'
import type { RowOrder } from '../../src/simulator/delivery.ts'
import type { Editor } from '../../src/simulator/editor.ts'
import type { RawRow } from '../../src/simulator/raw-row.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { type TestWinery, wineryForTests } from './winery-for-tests.ts'

export type Snapshot = {
  reservations?: RawRow[]
  guests?: RawRow[]
  takenAt?: Date
  rowsPerFile?: number
  order?: RowOrder
}

export type TockPlace = TestWinery & {
  simulator: Simulator
  businessId(brand: string): string
  businessGroupId: string
  /** All that the brand's next snapshot says; it is published at once. */
  show(brand: string, snapshot: Snapshot): void
  reservation(tockKey: string): Promise<Record<string, unknown>>
  customer(email: string): Promise<Record<string, unknown> | undefined>
  exceptions(): Promise<
    { code: string; tock_key: string | null; resolved_at: Date | null; message: string }[]
  >
  close(): Promise<void>
}

let places = 0

/** Brand `N` lies in Los Angeles, brand `S` in Chicago; both are of one business group. */
export async function tockPlace(database: Database, codes = ['N']): Promise<TockPlace> {
  places += 1
  const businessGroupId = String(100 + places)
  const businessOf = (code: string) => `${1000 + places}${code === 'N' ? 1 : 2}`
  const simulator = await startSimulator({
    now: new Date('2026-06-01T12:00:00Z'),
    wineries: [
      {
        businessGroupId,
        name: 'Test Group',
        guests: 0,
        businesses: codes.map((code) => ({
          businessId: businessOf(code),
          name: `Brand ${code}`,
          timeZone: code === 'N' ? 'America/Los_Angeles' : 'America/Chicago',
          reservations: 0,
        })),
      },
    ],
  })
  const brands = codes.map((code) => ({
    code,
    businessId: businessOf(code),
    businessGroupId,
    apiKey: simulator.businesses[0]?.apiKey ?? '',
  }))
  const winery = await wineryForTests(database, simulator.url, brands)
  // The same fields make the same row, so that a snapshot that says the same has the same bytes.
  const rows = new Map<string, RawRow>()
  const once = (text: string, make: () => RawRow): RawRow => {
    const row = rows.get(text) ?? make()
    rows.set(text, row)
    return row
  }
  return {
    ...winery,
    simulator,
    businessId: businessOf,
    businessGroupId,
    show(brand, { reservations = [], guests = [], takenAt, rowsPerFile = 5000, order = 'as booked' }) {
      const edit = simulator.edit(businessOf(brand))
      edit.clear()
      for (const fields of reservations) {
        edit.addReservation(once(`${brand} ${textOf(fields)}`, () => fullReservation(edit, fields)))
      }
      for (const fields of guests) {
        edit.addGuest(once(`${brand} ${textOf(fields)}`, () => edit.guest({ ...usualGuest, ...fields })))
      }
      edit.setRowsPerFile(rowsPerFile)
      edit.setOrder(order)
      edit.publish(takenAt ? { takenAt } : {})
    },
    async reservation(tockKey) {
      const rows = await winery.rows(
        `select * from reporting.reservations where winery = :winery and tock_key = '${tockKey}'`,
      )
      if (rows.length !== 1) throw new Error(`${rows.length} rows of ${tockKey}`)
      return rows[0] as Record<string, unknown>
    },
    customer: async (email) =>
      (
        await winery.rows(`select * from reporting.customers where winery = :winery and email = '${email}'`)
      )[0],
    exceptions: () =>
      winery.rows(
        'select code, tock_key, resolved_at, message from reporting.exceptions where winery = :winery order by code, tock_key',
      ),
    close: () => simulator.close(),
  }
}

/** The simulator's own start has to be readable; whatever a test wants there stands over it. */
function fullReservation(edit: Editor, fields: RawRow): RawRow {
  const isOwnerGiven = 'ownerPatron' in fields
  const starts = fields.serviceDateTimestamp
  const readable = typeof starts === 'number' ? { serviceDateTimestamp: starts } : usualStart
  const row = { ...edit.reservation({ ...usual, ...fields, ...readable }), ...fields }
  return isOwnerGiven ? row : { ...row, ownerPatron: row.dinerPatron }
}

/** An absent field and one that is to stay away are two. */
const textOf = (fields: RawRow) =>
  JSON.stringify(fields, (_, value: unknown) => (value === undefined ? 'stays away' : value))

/** An hour on 20 June 2026 in Los Angeles: after all snapshots that no test dates. */
export const june20 = (hour: number): number => Date.parse('2026-06-20T07:00:00Z') + hour * 3_600_000

/** What tests may count on when they do not say otherwise: nothing here moves from snapshot to snapshot. */
const usualStart = { serviceDateTimestamp: june20(12) }
const usual: RawRow = {
  createdTimestamp: Date.parse('2026-05-01T12:00:00Z'),
  lastUpdatedTimestamp: Date.parse('2026-05-01T12:00:00Z'),
  sequenceId: 1,
  note: [],
}

const usualGuest: RawRow = { updatedAtTimestamp: Date.parse('2026-05-01T12:00:00Z'), isArchived: false }

export function person(id: number, email: string | null, firstName?: string, lastName?: string): RawRow {
  return { id, ...(email === null ? {} : { email }), firstName, lastName }
}

/** Rule 5. */
export function countsAddUp(report: { reservations: Record<string, number> }): boolean {
  const {
    inSnapshot,
    added = 0,
    changed = 0,
    unchanged = 0,
    excluded = 0,
    stale = 0,
    exceptions = 0,
  } = report.reservations
  return inSnapshot === added + changed + unchanged + excluded + stale + exceptions
}
