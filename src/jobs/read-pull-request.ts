/** What has become of a request, with the report of its pull. */

import { sql } from 'kysely'
import { Refusal } from '../contract/errors.ts'
import type { PullKind } from '../contract/pull-report.ts'
import type { PullRequest, PullRequestError, PullRequestState } from '../contract/pull-request.ts'
import { readReport } from '../pull/read-report.ts'
import type { Queue } from './queue.ts'

type Row = {
  winery: string
  brand: string
  kind: PullKind
  state: PullRequestState
  attempt: number
  pull_id: string | null
  error_code: PullRequestError['code'] | null
  error_message: string | null
  next_step: string | null
  requested_at: Date
  finished_at: Date | null
}

/** Of whichever winery: whoever serves it looks at `winery` and `brand`. @throws Refusal not_found */
export async function readPullRequest(queue: Queue, requestId: string): Promise<PullRequest> {
  const { db } = queue.database
  const found = /^\d{1,18}$/.test(requestId)
    ? await sql<Row>`
        select w.slug as winery, b.code as brand, r.kind, r.state, r.attempt, r.pull_id, r.error_code, r.error_message,
          r.next_step, r.requested_at, r.finished_at
        from ecellar.pull_requests r
        join ecellar.wineries w on w.winery_id = r.winery_id
        join ecellar.brands b on b.winery_id = r.winery_id and b.brand_id = r.brand_id
        where r.request_id = ${requestId}`.execute(db)
    : { rows: [] }
  const row = found.rows[0]
  if (!row) {
    throw new Refusal('not_found', `Nobody asked for a pull ${requestId}.`, 'Ask for it again.')
  }
  return {
    requestId,
    winery: row.winery,
    brand: row.brand,
    kind: row.kind,
    state: row.state,
    attempt: row.attempt,
    requestedAt: row.requested_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    pullId: row.pull_id,
    report: row.pull_id === null ? null : (await readReport(db, row.pull_id)).report,
    error:
      row.error_code === null
        ? null
        : { code: row.error_code, message: row.error_message ?? '', nextStep: row.next_step ?? '' },
  }
}
