/** Brings a snapshot from Tock into the staging tables: files are read in threads while those before them are loaded. */

import { once } from 'node:events'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { FileKind } from '../tock/kept-rows.ts'
import { assertOwnBusiness } from '../tock/own-business.ts'
import { type Progress, readSnapshot, type SnapshotFile, type TockConnection } from '../tock/read-snapshot.ts'
import { clearStage } from './apply/stage-tables.ts'
import type { ErasedPeople } from './erased-people.ts'
import { fileReader } from './file-reader.ts'
import { guestColumns, readerVersion, reservationColumns, type StagedFile } from './stage-file.ts'

/** A file of the last applied snapshot; what was found in it stays in the database (rule 9). */
export type KnownFile = {
  kind: FileKind
  file_id: string
  etag: string | null
  reader_version: number
  rows_read: number
}

export type StagedSnapshot = {
  takenAt: Date
  files: number
  filesUnchanged: number
  bytes: number
  sameFiles: boolean
}

export async function stageSnapshot(options: StageOptions): Promise<StagedSnapshot> {
  const staged = await stageOnce(options)
  if (staged.filesUnchanged === 0 || !(await isKeyInUnchangedFileToo(options.client))) return staged
  await clearStage(options.client)
  return stageOnce({ ...options, reread: true })
}

type StageOptions = {
  client: pg.Client
  connection: TockConnection
  /** Whose known files these are. */
  place: { wineryId: string; brandId: string }
  known: KnownFile[]
  reread: boolean
  erased: ErasedPeople
  onProgress?: ((progress: Progress & { rows: number }) => void) | undefined
  signal?: AbortSignal | undefined
}

async function stageOnce(options: StageOptions): Promise<StagedSnapshot> {
  const { client, connection, known, erased } = options
  const usable = options.reread
    ? []
    : known.filter((file) => file.etag !== null && file.reader_version === readerVersion)
  const reader = fileReader(erased)
  let fileNo = 0
  let rows = 0
  let progress: Progress = { filesDone: 0, files: 0, bytes: 0 }
  let loading: Promise<void> = Promise.resolve()
  const tell = () => options.onProgress?.({ ...progress, rows })

  // One after the other, each while the next ones are read; a failure is told by the one after it.
  const load = async (work: () => Promise<void>) => {
    const before = loading
    loading = before.then(work)
    loading.catch(() => {})
    await before
  }

  const onFile = async (file: SnapshotFile) => {
    const number = fileNo
    fileNo += 1
    if (file.bytes === null) {
      const before = usable.find((one) => one.kind === file.kind && one.file_id === file.fileId)
      if (!before) throw new Error('Tock called a file unchanged that was never read')
      rows += before.rows_read
      await load(() =>
        loadUnchanged(client, number, { ...options.place, businessId: connection.businessId }, before),
      )
    } else {
      const size = file.bytes.byteLength
      const staged = await reader.read({ kind: file.kind, fileNo: number, bytes: file.bytes })
      assertOwnBusiness(staged.businessIds, connection)
      rows += staged.rowsRead
      await load(() => loadFile(client, number, file, size, staged))
    }
    tell()
  }

  try {
    const read = await readSnapshot({
      connection,
      knownEtag: (kind, fileId) =>
        usable.find((one) => one.kind === kind && one.file_id === fileId)?.etag ?? null,
      mustHaveFiles: {
        reservations: known.some((file) => file.kind === 'reservations'),
        guests: known.some((file) => file.kind === 'guests'),
      },
      onRestart: async () => {
        await loading
        await clearStage(client)
        fileNo = 0
        rows = 0
      },
      onFile,
      onProgress: (now) => {
        progress = now
        tell()
      },
      ...(options.signal ? { signal: options.signal } : {}),
    })
    await loading
    await client.query('analyze stage_reservations; analyze stage_guests')
    return {
      takenAt: new Date(read.takenAtMs),
      files: read.files,
      filesUnchanged: read.filesUnchanged,
      bytes: read.bytes,
      sameFiles: read.filesUnchanged === read.files && read.files === known.length,
    }
  } finally {
    await reader.close()
  }
}

/**
 * A key that stands in an unchanged file and again in a changed one: which of the two rows wins can only be told when
 * both files are read (rule 2).
 */
async function isKeyInUnchangedFileToo(client: pg.Client): Promise<boolean> {
  const found = await client.query<{ found: boolean }>(
    `select exists (select from stage_reservations) and exists (
      select from stage_files f
      cross join lateral unnest(f.kept_keys) k (tock_key)
      join stage_reservations s on s.tock_key = k.tock_key collate "C"
      where f.kind = 'reservations' and f.is_unchanged
    ) as found`,
  )
  return found.rows[0]?.found ?? false
}

async function loadFile(
  client: pg.Client,
  fileNo: number,
  file: SnapshotFile,
  size: number,
  staged: StagedFile,
): Promise<void> {
  const columns = file.kind === 'reservations' ? reservationColumns : guestColumns
  const target = client.query(copyFrom(`copy stage_${file.kind} (${columns}) from stdin`))
  target.end(Buffer.from(staged.lines.buffer, staged.lines.byteOffset, staged.lines.byteLength))
  await once(target, 'finish')
  await client.query(
    `insert into stage_files (file_no, kind, file_id, etag, is_unchanged, reader_version, bytes, rows_read, archived,
      without_email, excluded, kept_keys, other_keys, row_exceptions, business_name, time_zone)
    values ($1, $2, $3, $4, false, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      fileNo,
      file.kind,
      file.fileId,
      file.etag,
      readerVersion,
      size,
      staged.rowsRead,
      staged.archived,
      staged.withoutEmail,
      staged.excluded,
      staged.keptKeys,
      staged.otherKeys,
      JSON.stringify(staged.rowExceptions),
      staged.businessName,
      staged.timeZone,
    ],
  )
}

async function loadUnchanged(
  client: pg.Client,
  fileNo: number,
  place: { wineryId: string; brandId: string; businessId: string },
  file: KnownFile,
): Promise<void> {
  await client.query(
    `insert into stage_files (file_no, kind, file_id, etag, is_unchanged, reader_version, bytes, rows_read, archived,
      without_email, excluded, kept_keys, other_keys, row_exceptions)
    select $1::int, kind, file_id, etag, true, reader_version, 0, rows_read, archived,
      without_email, excluded, kept_keys, other_keys, row_exceptions
    from ecellar.snapshot_files
    where winery_id = $2 and brand_id = $3 and business_id = $4 and kind = $5 and file_id = $6`,
    [fileNo, place.wineryId, place.brandId, place.businessId, file.kind, file.file_id],
  )
}
