/** A seat takes one job after another from a queue, with a pause only where there is none. */

import type { Job } from 'pg-boss'
import { heartbeatRefreshSeconds, type Queue } from './queue.ts'

/** Goes until the queue is closed. */
export async function takeSeat<Data>(
  { boss }: Queue,
  name: string,
  work: (job: Job<Data>) => Promise<void>,
): Promise<void> {
  let seat: string | undefined
  seat = await boss.work<Data, void>(
    name,
    {
      heartbeatRefreshSeconds,
      // Word of new jobs comes at once; this is for those that were given back, and for word that was lost.
      notifyPollingIntervalSeconds: 5,
    },
    async ([job]) => {
      if (!job) return
      await withoutText(() => work(job))
      // By itself it would wait for the next poll even when many wait.
      if (seat !== undefined) boss.notifyWorker(seat)
    },
  )
}

/** The queue keeps the error of a job: its kind may stay there, its text may quote what it failed on. */
export async function withoutText(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : ''
    throw new Error(`${error instanceof Error ? error.name : 'fault'}${code}`)
  }
}
