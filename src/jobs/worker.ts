/**
 * A worker takes pulls from the queue, some at a time. Any number of processes on any machines may run one: a pull
 * whose worker dies is noticed by its missing heartbeat and done again by another.
 */

import type { Job } from 'pg-boss'
import type { PullRequestError } from '../contract/pull-request.ts'
import { finishRequest } from './pull-requests.ts'
import { heartbeatRefreshSeconds, type PullJob, queues } from './queue.ts'
import { runRequest, type WorkerParts } from './run-request.ts'

const lost: PullRequestError = {
  code: 'failed',
  message: 'The pull was begun several times, and each time its worker ended before it was done.',
  nextStep: 'Look whether the workers have enough memory; ask eCELLAR Support.',
}

/** Works until the queue is closed. `pulls`: how many at a time. */
export async function startWorker(parts: WorkerParts & { pulls: number }): Promise<void> {
  const { boss, log, database } = parts.queue
  for (let seat = 0; seat < parts.pulls; seat++) await takeSeat(parts)
  await boss.work<PullJob, void>(
    queues.lostPull,
    { pollingIntervalSeconds: 10 },
    async ([job]: Job<PullJob>[]) => {
      if (!job) return
      const { wineryId, requestId } = job.data
      log.error({ requestId }, 'A pull lost its worker again and again, and is given up')
      await withoutText(() =>
        finishRequest(
          database.db,
          { wineryId, requestId },
          { state: 'failed', pullId: null, error: lost, finishedAt: parts.clock() },
        ),
      )
    },
  )
}

/** One pull after another, with a pause only where there is none. */
async function takeSeat(parts: WorkerParts): Promise<void> {
  const { boss } = parts.queue
  let seat: string | undefined
  seat = await boss.work<PullJob, void>(
    queues.pull,
    {
      heartbeatRefreshSeconds,
      // Word of new jobs comes at once; this is for those that were given back, and for word that was lost.
      notifyPollingIntervalSeconds: 5,
    },
    async ([job]) => {
      if (!job) return
      await withoutText(() => runRequest(parts, job.data, job.signal))
      // By itself it would wait for the next poll even when many wait.
      if (seat !== undefined) boss.notifyWorker(seat)
    },
  )
}

/** The queue keeps the error of a job: its kind may stay there, its text may quote what it failed on. */
async function withoutText(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : ''
    throw new Error(`${error instanceof Error ? error.name : 'fault'}${code}`)
  }
}
