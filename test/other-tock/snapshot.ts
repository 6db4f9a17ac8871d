import { md5, type Row, type Writing, writeJson } from './wire.ts'

export interface SnapshotRows {
  reservations: Row[]
  guests: Row[]
  takenAt: Date
}

export interface SnapshotOptions {
  rowsPerFile: number
  trailingEmptyFiles: boolean
}

export interface ExportFile {
  name: string
  rows: Row[]
  modifiedAt: Date
}

export interface Snapshot {
  takenAt: Date
  reservationFiles: ExportFile[]
  guestFiles: ExportFile[]
  bodies: Map<string, Buffer>
}

export const mostRowsPerFile = 5000

/** All the rows of one business, cut into files. No rows at all make no file at all. */
export function takeSnapshot(rows: SnapshotRows, options: SnapshotOptions): Snapshot {
  const cut = (kind: string, all: Row[]): ExportFile[] => {
    const files: ExportFile[] = []
    const add = (part: Row[]): void => {
      const name = `${kind}-${files.length + 1}.json`
      files.push({ name, rows: part, modifiedAt: writtenAt(name, rows.takenAt) })
    }
    for (let from = 0; from < all.length; from += options.rowsPerFile)
      add(all.slice(from, from + options.rowsPerFile))
    if (options.trailingEmptyFiles) add([])
    return files
  }
  return {
    takenAt: rows.takenAt,
    reservationFiles: cut('reservation', rows.reservations),
    guestFiles: cut('guest-profile', rows.guests),
    bodies: new Map(),
  }
}

/** Within seconds of each other and not in the order of the names. */
function writtenAt(name: string, takenAt: Date): Date {
  const seconds = Number.parseInt(md5(name).slice(0, 6), 16) % 12
  return new Date(Math.floor(takenAt.getTime() / 1000) * 1000 + seconds * 1000)
}

export function filesOf(snapshot: Snapshot): ExportFile[] {
  return [...snapshot.reservationFiles, ...snapshot.guestFiles]
}

export function bodyOf(snapshot: Snapshot, file: ExportFile, writing: Writing): Buffer {
  const key = `${file.name} ${JSON.stringify(writing)}`
  const known = snapshot.bodies.get(key)
  if (known) return known
  const body = writeJson(file.rows, writing)
  snapshot.bodies.set(key, body)
  return body
}
