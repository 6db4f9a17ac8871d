/**
 * Winds the clock. Every process of the service has it, and does no harm to the others: the queue gives one tick a
 * minute to one of them.
 */

import { keepHouse } from './housekeeping.ts'
import { queues } from './queue.ts'
import { startSegmentJobs } from './segment-jobs.ts'
import { type TickParts, tick } from './tick.ts'

/** Goes until the queue is closed. */
export async function startClockwork(
  parts: TickParts & { exportsFolder: string | null; clock: () => Date },
): Promise<void> {
  const { queue, clock } = parts
  const { boss } = queue
  await boss.work(queues.tick, { pollingIntervalSeconds: 2 }, async ([job]) => {
    await tick({ ...parts, ...(job ? { signal: job.signal } : {}) }, clock())
  })
  await startSegmentJobs({
    queue,
    folder: parts.exportsFolder,
    consoleUrl: parts.mail.consoleUrl ?? null,
    clock,
  })
  await boss.work(queues.housekeeping, { pollingIntervalSeconds: 60 }, async () => {
    try {
      await keepHouse(queue, clock())
    } catch (error) {
      queue.log.error({ err: error }, 'Housekeeping failed')
    }
  })
  await boss.schedule(queues.tick, '* * * * *')
  // In the quiet hour before the night of those who use it.
  await boss.schedule(queues.housekeeping, '20 5 * * *', null, { tz: 'UTC', missed: 'once' })
}
