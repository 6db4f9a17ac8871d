/** Records all segments that are due, as the jobs do. @returns those that could not be recorded */

import { Refusal } from '../../src/contract/errors.ts'
import type { Db } from '../../src/database/connect.ts'
import { dueRecordings, recordIfDue } from '../../src/segments/due-recordings.ts'

export async function recordDue(db: Db, now: Date): Promise<string[]> {
  const failed: string[] = []
  for (const due of await dueRecordings(db, now)) {
    try {
      await recordIfDue(db, due, now)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      failed.push(due.segmentId)
    }
  }
  return failed
}
