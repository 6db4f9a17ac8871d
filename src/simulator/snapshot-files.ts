/** The files of a snapshot: their names stay from snapshot to snapshot, their bytes are made when asked for. */

import { createHash } from 'node:crypto'
import { type FileKind, fileKinds, slotAt } from './delivery.ts'
import { wireText } from './raw-row.ts'
import type { Business } from './world.ts'

export type ExportFile = { kind: FileKind; number: number; name: string }

/** A file's bytes, and the hash that storage calls its ETag. */
export type FileBody = { body: Buffer; etag: string }

export type FileShelf = {
  read(business: Business, file: ExportFile): FileBody
  /** Without making the file again, where it was read before in this snapshot. */
  etag(business: Business, file: ExportFile): string
}

export function filesOf(business: Business): ExportFile[] {
  return fileKinds.flatMap((kind) => {
    const count = fileCount(business, kind)
    return Array.from({ length: count }, (_, at) => ({ kind, number: at + 1, name: fileName(kind, at + 1) }))
  })
}

export function fileNamed(business: Business, name: string): ExportFile | undefined {
  return filesOf(business).find((file) => file.name === name)
}

/** Seconds apart and out of order; the newest is exactly as old as the snapshot. */
export function modifiedMs(business: Business, file: ExportFile): number {
  const { takenMs, spreadSeconds } = business.snapshot
  const files = filesOf(business)
  const place = files.findIndex((one) => one.name === file.name)
  const isNewest = place === Math.floor(files.length / 2)
  const earlierSeconds = isNewest ? 0 : ((place * 7 + 3) % 20) * (spreadSeconds / 20)
  return Math.floor((takenMs - earlierSeconds * 1000) / 1000) * 1000
}

/** Makes files, and remembers the last few so that small wineries are quick. */
export function fileShelf(keepBytes = 32 * 1024 * 1024): FileShelf {
  const bodies = new Map<string, FileBody>()
  const etags = new Map<string, { snapshot: number; etag: string }>()
  let keptBytes = 0

  function keep(place: string, made: FileBody) {
    bodies.set(place, made)
    keptBytes += made.body.length
    for (const [oldest, { body }] of bodies) {
      if (keptBytes <= keepBytes) break
      bodies.delete(oldest)
      keptBytes -= body.length
    }
  }

  function read(business: Business, file: ExportFile): FileBody {
    const place = `${business.businessId}/${business.snapshot.number}/${file.name}`
    const kept = bodies.get(place)
    if (kept) return kept
    const body = fileBytes(business, file)
    const made = { body, etag: etagOf(body) }
    etags.set(`${business.businessId}/${file.name}`, { snapshot: business.snapshot.number, etag: made.etag })
    keep(place, made)
    return made
  }

  return {
    read,
    etag(business, file) {
      const known = etags.get(`${business.businessId}/${file.name}`)
      return known?.snapshot === business.snapshot.number ? known.etag : read(business, file).etag
    },
  }
}

/** As Cloud Storage does: the MD5 of the content. */
export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`
}

export function fileName(kind: FileKind, number: number): string {
  return kind === 'reservations' ? `reservation-${number}.json` : `guest-profile-${number}.json`
}

function fileCount(business: Business, kind: FileKind): number {
  const exact = business.delivery.exactFiles[kind]
  return exact ? exact.length : Math.ceil(business.rows[kind].length() / business.delivery.rowsPerFile)
}

/** One row after the other: only one row's objects are alive at a time. */
function fileBytes(business: Business, file: ExportFile): Buffer {
  const texts: string[] = []
  for (const row of rowsOf(business, file)) texts.push(wireText(row))
  return Buffer.from(`[${texts.join(',')}]`)
}

function* rowsOf(business: Business, file: ExportFile): Generator<unknown> {
  const { rowsPerFile, order, exactFiles } = business.delivery
  const exact = exactFiles[file.kind]
  if (exact) return yield* exact[file.number - 1] ?? []
  const table = business.rows[file.kind]
  const count = table.length()
  const to = Math.min(count, file.number * rowsPerFile)
  for (let place = (file.number - 1) * rowsPerFile; place < to; place++) {
    const row = table.row(slotAt(order, place, count))
    if (row !== null) yield row
  }
}
