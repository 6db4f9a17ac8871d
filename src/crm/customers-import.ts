/**
 * Imports a file of eCELLAR's customers: everything of it that can be read, in one transaction, under the winery's
 * lock. The same file again changes nothing.
 */

import type pg from 'pg'
import { recordAuditInSession } from '../access/audit.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Database } from '../database/connect.ts'
import type { Id } from '../database/rows.ts'
import { becomeTenant, wineryLockSpace } from '../database/tenant-session.ts'
import { type CsvRecord, csvRecords, detectDelimiter, isRagged } from './csv-records.ts'
import { readHeader } from './customers-import-columns.ts'
import { makeStaging, stageRows } from './customers-import-load.ts'
import { mergeCustomers } from './customers-import-merge.ts'
import { resolveCustomers } from './customers-import-resolve.ts'
import { type ImportRow, rowReader } from './customers-import-row.ts'
import { type ErasureHash, hashOfEcellarId, readErasedHashes } from './erased-people.ts'
import type { TableFile } from './read-table-file.ts'

/** `rows = created + updated + unchanged + takenOver + repeated + erasedSkipped + bad`. No personal data in it. */
export type ImportResult = {
  importId: string
  rows: number
  created: number
  updated: number
  unchanged: number
  /** Customers that a pull had created: eCELLAR's from now on. */
  takenOver: number
  /** Rows whose customer comes again further down. */
  repeated: number
  erasedSkipped: number
  bad: { line: number; problem: string }[]
  remarks: string[]
  unknownColumns: string[]
}

/** @throws Refusal `invalid` when the file as a whole cannot be read as customers */
export async function importCustomers(
  options: {
    database: Pick<Database, 'session'>
    winery: { winery_id: Id; time_zone: string }
    actor: Actor
    hash: ErasureHash
    now?: Temporal.Instant
  },
  file: TableFile,
): Promise<ImportResult> {
  const wineryId = options.winery.winery_id
  const bad: ImportResult['bad'] = []
  const table = openTable(file, (line, problem) => bad.push({ line, problem }))
  const read = rowReader({
    columns: table.header.columns,
    timeZone: options.winery.time_zone,
    now: options.now ?? Temporal.Now.instant(),
  })
  const client = await options.database.session()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1, $2::int)', [wineryLockSpace, wineryId])
    const erased = await readErasedHashes(client, wineryId)
    const counts = { rows: 0, erasedSkipped: 0 }
    await makeStaging(client)
    await stageRows(client, goodRows())
    await becomeTenant(client, wineryId)
    const resolved = await resolveCustomers(client, wineryId)
    const importId = await beginImport(client, wineryId, options.actor)
    const merged = await mergeCustomers(client, wineryId, importId)
    const { remarks, ...numbers } = merged
    const rows = counts.rows + table.brokenLines()
    const bads = bad.length + resolved.bad.length
    await finishImport(client, wineryId, importId, { rows, ...numbers, bad: bads })
    await recordAuditInSession(client, {
      wineryId,
      actor: options.actor,
      action: 'customers.import',
      subject: `import ${importId}`,
      details: { rows, ...numbers, erasedSkipped: counts.erasedSkipped, bad: bads },
    })
    await client.query('commit')
    return {
      importId,
      rows,
      ...numbers,
      repeated: resolved.repeated,
      erasedSkipped: counts.erasedSkipped,
      bad: [...bad, ...resolved.bad].sort((a, b) => a.line - b.line),
      remarks: [
        ...file.remarks,
        ...[...resolved.remarks, ...remarks]
          .sort((a, b) => a.line - b.line)
          .map(({ line, text }) => `Line ${line}: ${text}`),
      ],
      unknownColumns: table.header.unknownColumns,
    }

    function* goodRows(): Generator<{ line: number; row: ImportRow }> {
      for (const { line, cells } of table.records) {
        counts.rows++
        if (isRagged(cells, table.header.columns.length)) {
          bad.push({
            line,
            problem: `the line has ${cells.length} columns where the first line names ${table.header.columns.length}`,
          })
          continue
        }
        const result = read(cells)
        if ('problem' in result) bad.push({ line, problem: result.problem })
        else if (isErased(result.row, erased, options.hash)) counts.erasedSkipped++
        else yield { line, row: result.row }
      }
    }
  } finally {
    // What was not committed is rolled back with its connection.
    await client.end()
  }
}

/** Customers remember which import brought them. */
async function beginImport(client: pg.Client, wineryId: Id, actor: Actor): Promise<Id> {
  const { rows } = await client.query<{ import_id: Id }>(
    `insert into ecellar.imports (winery_id, imported_by, rows, created, updated, taken_over, bad)
    values ($1, $2, 0, 0, 0, 0, 0) returning import_id`,
    [wineryId, actor.name],
  )
  return rows[0]?.import_id ?? ''
}

async function finishImport(
  client: pg.Client,
  wineryId: Id,
  importId: Id,
  counts: Pick<ImportResult, 'rows' | 'created' | 'updated' | 'takenOver'> & { bad: number },
): Promise<void> {
  const { rows, created, updated, takenOver, bad } = counts
  await client.query(
    `update ecellar.imports set rows = $3, created = $4, updated = $5, taken_over = $6, bad = $7
    where winery_id = $1 and import_id = $2`,
    [wineryId, importId, rows, created, updated, takenOver, bad],
  )
}

function isErased(row: ImportRow, erased: Set<string>, hash: ErasureHash): boolean {
  if (erased.size === 0) return false
  return (
    (row.emailKey !== null && erased.has(hash('email', row.emailKey))) ||
    (row.ecellarCustomerId !== null && erased.has(hashOfEcellarId(hash, row.ecellarCustomerId)))
  )
}

function openTable(file: TableFile, onBroken: (line: number, problem: string) => void) {
  let broken = 0
  const batches = csvRecords(file.bytes, detectDelimiter(file.bytes), (line, problem) => {
    broken++
    onBroken(line, problem)
  })
  const first = batches.next()
  const [head, ...others] = first.done ? [] : first.value
  if (head === undefined) {
    throw new Refusal(
      'invalid',
      'The file cannot be read as CSV: its first line has a quotation mark that is never closed.',
      'Hand in a CSV file whose first line names the columns.',
    )
  }
  const header = readHeader(head.cells)
  const next = others.length > 0 ? undefined : batches.next()
  if (others.length === 0 && next?.done && broken === 0) {
    throw new Refusal(
      'invalid',
      'The file has a first line with the columns, and no customers below it.',
      'Check the export that made the file.',
    )
  }
  function* records(): Generator<CsvRecord> {
    yield* others
    if (next && !next.done) yield* next.value
    for (const batch of batches) yield* batch
  }
  return { header, records: records(), brokenLines: () => broken }
}
