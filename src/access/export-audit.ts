/** The audit as a CSV file: what `searchAudit` finds, all of it, oldest first. */

import type { Readable } from 'node:stream'
import type { Db } from '../database/connect.ts'
import type { AuditQuery } from './search-audit.ts'

export function exportAudit(_db: Db, _query: AuditQuery): Readable {
  throw new Error('to come')
}
