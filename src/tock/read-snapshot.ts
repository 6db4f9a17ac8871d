/** Reads one snapshot from Tock, complete or not at all (rules 2, 9 and 10). */

import { type Budget, makeBudget } from './budget.ts'
import type { TockConnection } from './connection.ts'
import { type Download, startDownload } from './download.ts'
import type { FileKind } from './kept-rows.ts'
import type { Listing } from './list-snapshot.ts'
import { ListAgain, withListing } from './listings.ts'
import { incompleteSnapshot } from './refusals.ts'
import { UnreadableFile } from './unreadable-file.ts'

export type { TockConnection } from './connection.ts'

export type SnapshotFile = {
  kind: FileKind
  /** Tells the file from others and stays the same from snapshot to snapshot; says nothing of its link. */
  fileId: string
  /** `reservation-3.json`, for messages. */
  name: string
  etag: string | null
  lastModifiedMs: number | null
  /** null: unchanged. */
  bytes: Uint8Array<ArrayBuffer> | null
}

export type Progress = { filesDone: number; files: number; bytes: number }

export type SnapshotRead = { takenAtMs: number; files: number; filesUnchanged: number; bytes: number }

export type SnapshotOptions = {
  connection: TockConnection
  /** The tag that the file had when it was last read; null when it has to be read anyway. */
  knownEtag: (kind: FileKind, fileId: string) => string | null
  /** An empty list where the last applied snapshot had files is no snapshot without reservations. */
  mustHaveFiles: { reservations: boolean; guests: boolean }
  /** Everything handed over so far is void: Tock is asked for a new list. */
  onRestart: () => Promise<void>
  /**
   * Begun in Tock's order, reservations first; waited for, at most two at the same time, while one more is on its way.
   * May throw UnreadableFile: the file is fetched again.
   */
  onFile: (file: SnapshotFile) => Promise<void>
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
}

/** @throws Refusal · what `onFile` throws · the signal's reason */
export async function readSnapshot(options: SnapshotOptions): Promise<SnapshotRead> {
  const { connection, onRestart, signal } = options
  const budget = makeBudget(connection.retry)
  return await withListing({
    connection,
    budget,
    signal,
    onRestart,
    work: (listing) => readListing(listing, budget, options),
  })
}

/** Two cores read two files; more of them would only fill memory. */
const filesAtOnce = 2
/** One more arrives while they are read. */
const filesAhead = 1
/** Files of one snapshot are written within seconds of each other, two snapshots twelve hours apart. */
const longestWritingMs = 60 * 60_000

async function readListing(
  { files, listedAtMs }: Listing,
  budget: Budget,
  options: SnapshotOptions,
): Promise<SnapshotRead> {
  for (const kind of ['reservations', 'guests'] as const) {
    if (options.mustHaveFiles[kind] && !files.some((file) => file.kind === kind)) {
      throw incompleteSnapshot(`it has no ${kind} at all, the one before had some`)
    }
  }
  const stop = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
  const waiting = [...files]
  const ahead: Download[] = []
  const read = { files: files.length, filesUnchanged: 0, bytes: 0 }
  const written = { firstMs: Number.POSITIVE_INFINITY, lastMs: Number.NEGATIVE_INFINITY }
  let filesDone = 0
  const tell = () => options.onProgress?.({ filesDone, files: files.length, bytes: read.bytes })

  function next(): Download | undefined {
    for (const file of waiting.splice(0, filesAhead + 1 - ahead.length)) {
      const knownEtag = options.knownEtag(file.kind, file.fileId)
      ahead.push(startDownload({ file, knownEtag, budget, signal }))
    }
    return ahead.shift()
  }

  async function readOneByOne(): Promise<void> {
    for (let download = next(); download && !stop.signal.aborted; download = next()) {
      const got = await handOver(download, written, options.onFile)
      read.bytes += got.bytes
      if (got.isUnchanged) read.filesUnchanged += 1
      filesDone += 1
      tell()
    }
  }

  tell()
  const readers = Array.from({ length: filesAtOnce }, readOneByOne)
  try {
    await Promise.all(readers)
  } finally {
    stop.abort()
    await Promise.allSettled([...readers, ...ahead.map((download) => download.fetched())])
  }
  return { ...read, takenAtMs: Number.isFinite(written.lastMs) ? written.lastMs : listedAtMs }
}

type Written = { firstMs: number; lastMs: number }

async function handOver(
  download: Download,
  written: Written,
  onFile: SnapshotOptions['onFile'],
): Promise<{ bytes: number; isUnchanged: boolean }> {
  const { kind, fileId, name } = download.file
  for (;;) {
    const fetched = await download.fetched()
    noteWriting(written, fetched.lastModifiedMs)
    // Counted now: the receiver may hand the bytes on to a thread, and is left without them.
    const bytes = fetched.bytes?.byteLength ?? 0
    try {
      await onFile({ kind, fileId, name, ...fetched })
      return { bytes, isUnchanged: fetched.bytes === null }
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      await download.unreadable()
    }
  }
}

/** @throws ListAgain when the file was written with another snapshot than those before it */
function noteWriting(written: Written, lastModifiedMs: number | null): void {
  if (lastModifiedMs === null) return
  written.firstMs = Math.min(written.firstMs, lastModifiedMs)
  written.lastMs = Math.max(written.lastMs, lastModifiedMs)
  if (written.lastMs - written.firstMs > longestWritingMs) {
    throw new ListAgain('its files belong to two snapshots')
  }
}
