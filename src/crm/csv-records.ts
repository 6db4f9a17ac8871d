/**
 * The records of a CSV file as real programs write them, each with the line that it begins on.
 *
 * A stray quotation mark would swallow everything up to the next one, or to the end of the file. Such a record is
 * given up for its first line alone, and reading resumes on the next line.
 */

import { parse } from 'csv-parse'

export type CsvRecord = { line: number; cells: string[] }

const chunkBytes = 64 * 1024
/** A file with more stray quotation marks than this is no CSV file. */
const mostResumptions = 1_000

/** Yields batches of records, blank lines left out, the header among them. `onBroken` hears of lines given up. */
export function* csvRecords(
  bytes: Buffer,
  delimiter: string,
  onBroken: (line: number, problem: string) => void,
): Generator<CsvRecord[]> {
  let columns: number | undefined
  let from = 0
  let line = 1
  for (let resumptions = 0; from < bytes.length; resumptions++) {
    const reader = readFrom(bytes, { from, line, delimiter, columns })
    let step = reader.next()
    while (!step.done) {
      columns ??= step.value[0]?.cells.length
      yield step.value
      step = reader.next()
    }
    const broken = step.value
    if (broken === undefined) return
    const end = bytes.indexOf(0x0a, broken.from)
    if (end === -1 || resumptions === mostResumptions) {
      onBroken(broken.line, 'a quotation mark is opened and never closed; nothing after it was read')
      return
    }
    onBroken(broken.line, 'a quotation mark is opened on this line and never closed')
    from = end + 1
    line = broken.line + 1
  }
}

/** The character that splits the first line: the most frequent of `,` `;` tab and `|` outside quotation marks. */
export function detectDelimiter(bytes: Buffer): string {
  const head = bytes.toString('utf8', 0, 20_000).trimStart()
  const firstLine = /^(?:"[^"]*"|[^"\r\n])*/.exec(head)?.[0] ?? ''
  const bare = firstLine.replaceAll(/"[^"]*"/g, '')
  const counted = [',', ';', '\t', '|'].map((mark) => ({ mark, times: bare.split(mark).length - 1 }))
  return counted.reduce((best, next) => (next.times > best.times ? next : best)).mark
}

type Start = { from: number; line: number; delimiter: string; columns: number | undefined }

function* readFrom(
  bytes: Buffer,
  start: Start,
): Generator<CsvRecord[], { from: number; line: number } | undefined> {
  let batch: CsvRecord[] = []
  let { from, line, columns } = start
  let broken = false
  let failed = false
  const parser = parse({
    delimiter: start.delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: 128_000,
    // Records are taken here and none is passed on: the stream would lose those before an error.
    on_record: (cells: string[], context) => {
      if (broken) return null
      const end = start.from + context.bytes
      const lines = countLines(bytes, from, end)
      if (lines > 1 && columns !== undefined && isRagged(cells, columns)) {
        broken = true
        return null
      }
      columns ??= cells.length
      if (cells.some((cell) => cell.trim() !== '')) batch.push({ line, cells })
      from = end
      line += lines
      return null
    },
  })
  parser.on('error', () => {
    failed = true
  })
  // The parser works synchronously as long as nobody waits for its output.
  for (let at = start.from; at < bytes.length && !broken && !failed; at += chunkBytes) {
    parser.write(bytes.subarray(at, at + chunkBytes))
    if (batch.length > 0) yield batch
    batch = []
  }
  if (!broken && !failed) parser.end()
  if (batch.length > 0) yield batch
  // What is left unread after the last record is the one with the open quotation mark.
  const unread = bytes.toString('utf8', from, Math.min(bytes.length, from + 200_000)).trim() !== ''
  parser.destroy()
  return broken || failed || unread ? { from, line } : undefined
}

/** Cells that are missing, or extra ones that are not blank. */
export function isRagged(cells: string[], columns: number): boolean {
  return cells.length < columns || cells.slice(columns).some((cell) => cell.trim() !== '')
}

function countLines(bytes: Buffer, from: number, to: number): number {
  let lines = 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (byte === 0x0a || (byte === 0x0d && bytes[at + 1] !== 0x0a)) lines++
  }
  return lines
}
