/** The queue and its workers in the test's own process, with a clock that the test moves. */

import { Writable } from 'node:stream'
import type { PullRequest } from '../../src/contract/pull-request.ts'
import type { Database } from '../../src/database/connect.ts'
import { openQueue, type Queue } from '../../src/jobs/queue.ts'
import { readPullRequest } from '../../src/jobs/read-pull-request.ts'
import { watchPull } from '../../src/jobs/watch-pull.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { openLog } from '../../src/log.ts'
import { openSecrets } from '../pull/open-secrets.ts'

export type TestJobs = {
  queue: Queue
  /** What the log says, line by line. */
  lines: Record<string, unknown>[]
  /** The workers' present; the real one until a test says otherwise. */
  setClock(now: Date): void
  startWorker(pulls?: number, retry?: { tries: number; totalMs: number }): Promise<void>
  /** Waits until the request is over. */
  over(requestId: string): Promise<PullRequest>
  close(graceMs?: number): Promise<void>
}

export async function jobsForTests(database: Database, tockUrl: string): Promise<TestJobs> {
  const lines: Record<string, unknown>[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).trim().split('\n')) lines.push(JSON.parse(line))
      done()
    },
  })
  const queue = await openQueue({ database, log: openLog({ stream }) })
  let clock = () => new Date()
  return {
    queue,
    lines,
    setClock(now) {
      clock = () => now
    },
    startWorker: (pulls = 2, retry = { tries: 2, totalMs: 2_000 }) =>
      startWorker({
        queue,
        secrets: openSecrets,
        tock: { apiUrl: tockUrl, allowLoopbackHttp: true, retry },
        clock: () => clock(),
        pulls,
      }),
    async over(requestId) {
      for await (const _ of watchPull(queue, requestId, AbortSignal.timeout(50_000))) {
        // until it ends
      }
      return readPullRequest(queue, requestId)
    },
    close: (graceMs) => queue.close(graceMs),
  }
}
