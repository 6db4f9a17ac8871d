/**
 * What is done about segments by itself: recording who entered and left, exports on a schedule. The tick asks what is due
 * and hands it to the queue; a long one holds up neither the tick nor the others.
 */

import { Refusal } from '../contract/errors.ts'
import { dueRecordings, recordIfDue } from '../segments/due-recordings.ts'
import { removeEndedFiles } from './export-files.ts'
import type { ExportJob, Queue, RecordingJob } from './queue.ts'
import { queues } from './queue.ts'
import { type ExportPlace, exportsDue, makeScheduledExport } from './scheduled-exports.ts'
import { takeSeat } from './take-seat.ts'

/** Goes until the queue is closed. */
export async function startSegmentJobs(
  parts: Omit<ExportPlace, 'folder'> & {
    /** Where exports on a schedule go; null: this process makes none. */
    folder: string | null
    clock: () => Date
  },
): Promise<void> {
  const { queue, folder, clock } = parts
  await takeSeat<RecordingJob>(queue, queues.recording, ({ data }) => recordSegment(queue, data, clock()))
  if (folder === null) return
  await takeSeat<ExportJob>(queue, queues.export, ({ data }) =>
    makeScheduledExport({ ...parts, folder }, data.scheduleId, clock()),
  )
  tidyEachMinute(queue, folder)
}

/** No part of the tick, which may be another machine's: whoever has the folder looks after it. */
function tidyEachMinute({ boss, database, log }: Queue, folder: string): void {
  const timer = setInterval(() => {
    removeEndedFiles(database.db, folder).catch((error: unknown) =>
      log.error({ err: error }, 'Files of ended schedules could not be removed'),
    )
  }, 60_000)
  boss.once('stopped', () => clearInterval(timer))
}

/** One that waits or runs is not asked for again. */
export async function requestRecordings({ boss, database }: Queue, now: Date): Promise<void> {
  const due = await dueRecordings(database.db, now)
  if (due.length === 0) return
  const jobs = due.map((data) => ({ data: data satisfies RecordingJob, singletonKey: data.segmentId }))
  await boss.insert(queues.recording, jobs)
}

export async function requestExports(parts: Omit<ExportPlace, 'folder'>, now: Date): Promise<void> {
  const due = await exportsDue(parts, now)
  if (due.length === 0) return
  const jobs = due.map((scheduleId) => ({
    data: { scheduleId } satisfies ExportJob,
    singletonKey: scheduleId,
  }))
  await parts.queue.boss.insert(queues.export, jobs)
}

async function recordSegment(queue: Queue, job: RecordingJob, now: Date): Promise<void> {
  const log = queue.log.child(job)
  try {
    const recorded = await recordIfDue(queue.database.db, job, now)
    if (recorded) log.info(recorded, 'The members of a segment were recorded')
  } catch (error) {
    // A refusal may quote a name that somebody gave: its code is enough.
    log.warn(
      error instanceof Refusal ? { code: error.code } : { err: error },
      'The members of a segment could not be recorded',
    )
  }
}
