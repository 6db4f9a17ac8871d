/** How tests build exact situations: everything here waits for `publish`, as Tock's edits wait for its next export. */

import type { FileKind, RowOrder } from './delivery.ts'
import type { RawRow } from './raw-row.ts'
import { sampleGuest, sampleReservation } from './sample-rows.ts'
import type { Business, World } from './world.ts'

export type Editor = {
  /** Full rows of this business to add, with the given fields in place of the usual ones (see `sample-rows.ts`). */
  reservation(fields: RawRow): RawRow
  guest(fields: RawRow): RawRow
  /** Takes out every row, generated ones too. */
  clear(): void
  addReservation(row: RawRow): void
  /** By its prefixed key, `r:413` or `w:9001`; the change gets the row as it is by then. */
  replaceReservation(key: string, change: (row: RawRow) => RawRow): void
  removeReservation(key: string): void
  addGuest(row: RawRow): void
  /** By patron id; the first profile of that patron. */
  replaceGuest(patronId: string, change: (row: RawRow) => RawRow): void
  removeGuest(patronId: string): void
  setRowsPerFile(rows: number): void
  setOrder(order: RowOrder): void
  /** Exactly these files of this kind, whatever stands in them; null goes back to the rows. */
  setFiles(kind: FileKind, files: readonly (readonly unknown[])[] | null): void
  /**
   * A new snapshot with all of the above: twelve hours after the one before, unless told. `takenAt` is the newest
   * file's Last-Modified, the others lie up to `spreadSeconds` (20) before it.
   */
  publish(when?: { takenAt?: Date; spreadSeconds?: number }): void
  /** How storage answers; these hold at once. */
  setETag(on: boolean): void
  setLastModifiedWith304(on: boolean): void
  setGzip(on: boolean): void
}

export function editorOf(world: World, business: Business): Editor {
  const { reservations, guests } = business.rows
  const { delivery, pendingEdits } = business
  const later = (edit: () => void) => void pendingEdits.push(edit)
  return {
    reservation: (fields) => sampleReservation(business, fields),
    guest: (fields) => sampleGuest(business, fields),
    clear: () =>
      later(() => {
        reservations.clear()
        guests.clear()
      }),
    addReservation: (row) => later(() => reservations.add(row)),
    replaceReservation: (key, change) => later(() => reservations.replace(key, change)),
    removeReservation: (key) => later(() => reservations.remove(key)),
    addGuest: (row) => later(() => guests.add(row)),
    replaceGuest: (patronId, change) => later(() => guests.replace(patronId, change)),
    removeGuest: (patronId) => later(() => guests.remove(patronId)),
    setRowsPerFile: (rows) =>
      later(() => {
        delivery.rowsPerFile = rows
      }),
    setOrder: (order) =>
      later(() => {
        delivery.order = order
      }),
    setFiles: (kind, files) =>
      later(() => {
        if (files) delivery.exactFiles[kind] = files
        else delete delivery.exactFiles[kind]
      }),
    publish({ takenAt, spreadSeconds = 20 } = {}) {
      const takenMs = takenAt?.getTime() ?? business.snapshot.takenMs + 43_200_000
      publishSnapshot(world, business, { takenMs, spreadSeconds })
    },
    setETag(on) {
      delivery.sendsETag = on
    },
    setLastModifiedWith304(on) {
      delivery.sendsLastModifiedWith304 = on
    },
    setGzip(on) {
      delivery.gzips = on
    },
  }
}

/** Makes pending edits visible in files of a new date. The present never lies before the newest snapshot. */
export function publishSnapshot(
  world: World,
  business: Business,
  { takenMs, spreadSeconds }: { takenMs: number; spreadSeconds: number },
): void {
  for (const edit of business.pendingEdits.splice(0)) edit()
  business.snapshot = { number: business.snapshot.number + 1, takenMs, spreadSeconds }
  world.nowMs = Math.max(world.nowMs, takenMs)
}
