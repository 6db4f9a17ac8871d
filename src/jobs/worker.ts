/**
 * A worker takes pulls from the queue, some at a time. Any number of processes on any machines may run one: a pull
 * whose worker dies is noticed by its missing heartbeat and done again by another.
 */

import type { Job } from 'pg-boss'
import type { PullRequestError } from '../contract/pull-request.ts'
import { finishRequest } from './pull-requests.ts'
import { type PullJob, queues } from './queue.ts'
import { runRequest, type WorkerParts } from './run-request.ts'
import { takeSeat, withoutText } from './take-seat.ts'

const lost: PullRequestError = {
  code: 'failed',
  message: 'The pull was begun several times, and each time its worker ended before it was done.',
  nextStep: 'Look whether the workers have enough memory; ask eCELLAR Support.',
}

/** Works until the queue is closed. `pulls`: how many at a time. */
export async function startWorker(parts: WorkerParts & { pulls: number }): Promise<void> {
  const { boss, log, database } = parts.queue
  for (let seat = 0; seat < parts.pulls; seat++) {
    await takeSeat<PullJob>(parts.queue, queues.pull, (job) => runRequest(parts, job.data, job.signal))
  }
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
