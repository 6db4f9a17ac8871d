/** One turn of a request in a worker: its pull is run, and what comes next is written down. */

import type { Secrets } from '../access/secrets.ts'
import { Refusal } from '../contract/errors.ts'
import type { PullReport } from '../contract/pull-report.ts'
import type { PullProgress, PullRequestError } from '../contract/pull-request.ts'
import type { PullOptions } from '../pull/run-pull.ts'
import { runPull } from '../pull/run-pull.ts'
import { tellProgress } from './pull-notices.ts'
import {
  type BegunRequest,
  beginRequest,
  findPullOfLost,
  finishRequest,
  tryAgainAt,
} from './pull-requests.ts'
import type { PullJob, Queue } from './queue.ts'
import { whenAgain } from './when-again.ts'

export type WorkerParts = {
  queue: Queue
  secrets: Secrets
  tock: PullOptions['tock']
  /** The present; tests move it. */
  clock: () => Date
}

const tellEveryMs = 300
const nothingYet = { filesDone: 0, files: 0, rows: 0, bytes: 0 }

/** @throws what went wrong outside the pull itself, or the signal's reason: then the job is another worker's */
export async function runRequest(parts: WorkerParts, job: PullJob, signal: AbortSignal): Promise<void> {
  const { queue, clock } = parts
  const { db } = queue.database
  const request = await beginRequest(db, job, clock())
  if (!request) {
    // It may have been dropped: whoever watches it looks.
    await tellProgress(db, { requestId: job.requestId, state: 'dropped', ...nothingYet })
    return
  }
  const { requestId, winery, brand, kind, attempt, mustMatchPullId, requestedAt } = request
  const log = queue.log.child({ requestId, winery, brand, kind, attempt })
  const progress = progressTeller(parts, request)
  const alreadyDone = await findPullOfLost(db, request)
  if (alreadyDone !== null) {
    const end = { state: 'done', pullId: alreadyDone, error: null, finishedAt: clock() } as const
    await finishRequest(db, request, end)
    log.info({ pullId: alreadyDone }, 'A lost worker had done its pull')
    await progress.end('done')
    return
  }
  log.info('A pull begins')
  const outcome: Outcome = await runPull({
    database: queue.database,
    secrets: parts.secrets,
    winery,
    brand,
    kind,
    tock: parts.tock,
    ...(mustMatchPullId === null ? {} : { mustMatch: { pullId: mustMatchPullId } }),
    onProgress: progress.tell,
    signal,
  }).then(outcomeOf, (error: unknown) => {
    // The grace is over, or the job was taken for lost: it is another worker's by now.
    signal.throwIfAborted()
    if (!(error instanceof Refusal)) log.error({ err: error }, 'A pull ended with a fault')
    return { pullId: null, error: errorOf(error) }
  })
  const { pullId, error } = outcome
  const againAt = error && whenAgain({ kind, code: error.code, attempt, requestedAt, now: clock() })
  if (error && againAt) {
    await tryAgainAt(db, request, { againAt, pullId, error })
    log.warn({ pullId, code: error.code, againAt }, 'A pull did not succeed and is tried again')
  } else {
    await finishRequest(db, request, {
      state: error ? 'failed' : 'done',
      pullId,
      error,
      finishedAt: clock(),
    })
    if (error) log.warn({ pullId, code: error.code }, 'A pull failed')
    else log.info({ pullId, ...figuresOf(outcome.report) }, 'A pull is done')
  }
  await progress.end(error ? (againAt ? 'queued' : 'failed') : 'done')
}

type Outcome = { pullId: string | null; error: PullRequestError | null; report?: PullReport }

function outcomeOf(report: PullReport): Outcome {
  return { pullId: report.pullId, error: report.error ?? null, report }
}

function errorOf(error: unknown): PullRequestError {
  if (error instanceof Refusal) return error.toShape()
  return {
    code: 'failed',
    message: 'The pull ended with a fault in the program or its database. Nothing was changed.',
    nextStep: 'It is in the log; ask eCELLAR Support.',
  }
}

function figuresOf(report: PullReport | undefined) {
  if (!report) return {}
  const { status, durationMs, reservations, customers } = report
  return {
    status,
    durationMs,
    inSnapshot: reservations.inSnapshot,
    added: reservations.added,
    changed: reservations.changed,
    created: customers.created,
  }
}

/** Not every file is news; and whoever watches must never hold up the pull. */
function progressTeller(parts: WorkerParts, { requestId }: BegunRequest) {
  const { db } = parts.queue.database
  let last: PullProgress = { requestId, state: 'running', ...nothingYet }
  let toldMs = 0
  const send = (progress: PullProgress) =>
    tellProgress(db, progress).catch((error: unknown) =>
      parts.queue.log.warn({ err: error }, 'The progress of a pull could not be told'),
    )
  void send(last)
  return {
    tell(now: { filesDone: number; files: number; rows: number; bytes: number }) {
      last = {
        requestId,
        state: 'running',
        filesDone: now.filesDone,
        files: now.files,
        rows: now.rows,
        bytes: now.bytes,
      }
      if (performance.now() - toldMs < tellEveryMs && now.filesDone < now.files) return
      toldMs = performance.now()
      void send(last)
    },
    end: (state: PullProgress['state']) => send({ ...last, state }),
  }
}
