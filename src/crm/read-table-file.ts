/** Reads a file that people exported from another program: whatever its encoding, it leaves here as UTF-8. */

import { readFile, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { Refusal } from '../contract/errors.ts'

/** Beyond this a file would not fit into a string of Node; 2 million customers take about 250 MB. */
const longestBytes = 400_000_000

export type TableFile = {
  /** UTF-8 without a byte order mark. */
  bytes: Buffer
  remarks: string[]
}

/**
 * @param file a path, or `-` for standard input
 * @throws Refusal `not_found` or `invalid` with a sentence for a person
 */
export async function readTableFile(file: string): Promise<TableFile> {
  const raw = file === '-' ? await buffer(process.stdin) : await readNamed(file)
  if (raw.length > longestBytes) {
    throw new Refusal(
      'invalid',
      'The file is larger than 400 MB.',
      'Split it and hand in the parts one by one.',
    )
  }
  return decodeTable(raw)
}

/** The same for bytes that are at hand. */
export function decodeTable(raw: Buffer): TableFile {
  if (raw.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    throw new Refusal(
      'invalid',
      'This is an Excel workbook (or another zip file), not a CSV file.',
      'In Excel choose "Save As" and "CSV UTF-8 (comma delimited)", and hand in that file.',
    )
  }
  const mark = raw.subarray(0, 2).toString('hex')
  if (mark === 'fffe' || mark === 'feff') {
    const text = new TextDecoder(mark === 'fffe' ? 'utf-16le' : 'utf-16be').decode(raw)
    return present({ bytes: Buffer.from(text, 'utf8'), remarks: [] })
  }
  if (raw.includes(0)) {
    throw new Refusal(
      'invalid',
      'This is not a text file: it has zero bytes in it.',
      'Hand in a CSV file, best saved as UTF-8.',
    )
  }
  const hasMark = raw.subarray(0, 3).toString('hex') === 'efbbbf'
  const bytes = hasMark ? raw.subarray(3) : raw
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return present({ bytes, remarks: [] })
  } catch {
    return present({
      bytes: Buffer.from(new TextDecoder('windows-1252').decode(bytes), 'utf8'),
      remarks: [
        'The file is not UTF-8; it was read as Windows-1252 (Western European). Check names with accents.',
      ],
    })
  }
}

function present(table: TableFile): TableFile {
  if (table.bytes.toString('utf8', 0, 10_000).trim() !== '' || table.bytes.length > 10_000) return table
  throw new Refusal('invalid', 'The file is empty.', 'Hand in a CSV file whose first line names the columns.')
}

async function readNamed(file: string): Promise<Buffer> {
  try {
    if ((await stat(file)).isDirectory()) {
      throw new Refusal('invalid', `"${file}" is a folder.`, 'Name one CSV file in it.')
    }
    return await readFile(file)
  } catch (error) {
    if (error instanceof Refusal) throw error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new Refusal(
        'not_found',
        `There is no file "${file}".`,
        'Check the path; "-" reads standard input.',
      )
    }
    throw new Refusal(
      'invalid',
      `The file "${file}" cannot be read (${String(code ?? 'unknown reason')}).`,
      'Check that this user may read it.',
    )
  }
}
