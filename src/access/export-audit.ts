/** The audit as a CSV file: what `searchAudit` finds, all of it, newest first, however long it is. */

import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { Db } from '../database/connect.ts'
import { type AuditQuery, searchAudit } from './search-audit.ts'

const columns = ['at', 'winery', 'actor_kind', 'actor', 'action', 'subject', 'details']
const pageSize = 1000

/** Recording the export is the caller's, who knows whose it is. */
export function exportAudit(db: Db, query: AuditQuery): Readable {
  const text = stringify({
    header: true,
    columns,
    // What people typed must not become a formula in somebody's spreadsheet.
    escape_formulas: true,
  })
  const rows = Readable.from(readRows(db, query))
  rows.on('error', (error) => text.destroy(error))
  text.on('close', () => rows.destroy())
  return rows.pipe(text)
}

async function* readRows(db: Db, query: AuditQuery): AsyncGenerator<(string | null)[]> {
  let cursor: string | undefined
  do {
    const { records, next } = await searchAudit(db, query, { limit: pageSize, cursor })
    for (const { at, winery, actor, action, subject, details } of records) {
      yield [at.toISOString(), winery, actor.kind, actor.name, action, subject, JSON.stringify(details)]
    }
    cursor = next ?? undefined
  } while (cursor !== undefined)
}
