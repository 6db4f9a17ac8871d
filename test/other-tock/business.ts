import type { Manners } from './answer.ts'
import { type BadWay, type BadWayOptions, type Mischief, makeMischief } from './bad-ways.ts'
import {
  type ExportFile,
  filesOf,
  mostRowsPerFile,
  type Snapshot,
  type SnapshotRows,
  takeSnapshot,
} from './snapshot.ts'
import type { Row, Writing } from './wire.ts'

export interface OtherBusiness {
  businessGroupId: string
  businessId: string
  apiKey: string
  reservations: Row[]
  guests: Row[]
  takenAt: Date
  rowsPerFile?: number
  etags?: boolean
  lastModified?: boolean
}

/** One venue as the server holds it. */
export interface Venue {
  readonly business: OtherBusiness
  readonly mischief: Mischief
  readonly current: Snapshot
  publish(next: Partial<SnapshotRows>): void
  misbehave(how: BadWay, options: BadWayOptions): void
  behave(): void
  /** To be told at every listing: whether this one names files of two snapshots. */
  listed(): void
  /** The file as it lies in the storage at this moment, and the snapshot that it is of. */
  lookUp(name: string): { file: ExportFile; snapshot: Snapshot } | undefined
  /** To be told after every file answer: counts for `snapshot-replaced`. */
  served(): void
  manners(acceptsGzip: boolean, file?: string): { manners: Manners; writing: Writing }
}

export function makeVenue(business: OtherBusiness): Venue {
  const mischief = makeMischief()
  const rowsPerFile = business.rowsPerFile ?? mostRowsPerFile
  let rows: SnapshotRows = business
  let trailingEmptyFiles = false
  let previous: Snapshot | undefined
  let current = take()
  let mixed = false
  let mixedFile: string | undefined
  let waiting: { next: Partial<SnapshotRows>; after: number } | undefined

  function take(): Snapshot {
    return takeSnapshot(rows, { rowsPerFile, trailingEmptyFiles })
  }

  function publish(next: Partial<SnapshotRows>): void {
    rows = {
      reservations: next.reservations ?? rows.reservations,
      guests: next.guests ?? rows.guests,
      takenAt: next.takenAt ?? rows.takenAt,
    }
    previous = current
    current = take()
  }

  const isOld = (name: string): boolean => {
    if (mixedFile !== undefined) return name === mixedFile
    const place = filesOf(current).findIndex((file) => file.name === name)
    return place % 2 === 1
  }

  return {
    business,
    mischief,
    get current() {
      return current
    },
    publish,
    misbehave(how, options) {
      if (how === 'snapshot-replaced') {
        if (!options.next) throw new Error('snapshot-replaced needs the `next` snapshot')
        waiting = { next: options.next, after: options.afterFiles ?? 1 }
        return
      }
      if (how === 'mixed-snapshots') {
        if (!previous) throw new Error('mixed-snapshots needs a second snapshot: publish one first')
        mixedFile = options.file
        mischief.add(how, options.times === undefined ? {} : { times: options.times })
        return
      }
      if (how === 'trailing-empty-files') {
        trailingEmptyFiles = true
        current = take()
        return
      }
      mischief.add(how, options)
    },
    behave() {
      mischief.clear()
      mixed = false
      waiting = undefined
      if (!trailingEmptyFiles) return
      trailingEmptyFiles = false
      current = take()
    },
    listed() {
      mixed = mischief.take('mixed-snapshots')
    },
    lookUp(name) {
      const snapshot = mixed && previous && isOld(name) ? previous : current
      for (const held of [snapshot, current]) {
        const file = filesOf(held).find((one) => one.name === name)
        if (file) return { file, snapshot: held }
      }
      return undefined
    },
    served() {
      if (!waiting) return
      waiting.after -= 1
      if (waiting.after > 0) return
      publish(waiting.next)
      waiting = undefined
    },
    manners(acceptsGzip, file) {
      const headerCase = mischief.take('upper-case-headers', file)
        ? 'upper'
        : mischief.take('lower-case-headers', file)
          ? 'lower'
          : undefined
      const gzip = (acceptsGzip && mischief.take('gzip', file)) || mischief.take('gzip-always', file)
      return {
        manners: {
          gzip,
          chunked: mischief.take('chunked', file),
          tinyChunks: mischief.take('tiny-chunks', file),
          ...(headerCase ? { headerCase } : {}),
        },
        writing: {
          bom: mischief.take('bom', file),
          stringIds: mischief.take('string-ids', file),
          pretty: mischief.take('pretty-json', file),
          escaped: mischief.take('escaped-unicode', file),
        },
      }
    },
  }
}
