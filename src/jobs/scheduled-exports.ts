/**
 * Scheduled exports, as files in the data folder. One whose brands have not been pulled lately is stopped with a notice
 * and made as soon as they are: a campaign to "who came yesterday" must not go to those of last week.
 */

import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inWinery } from '../database/tenant-session.ts'
import { putMail } from '../notify/put-mail.ts'
import { type DueExport, dueExports, putDone, staleBrands, stopSchedule } from '../segments/due-exports.ts'
import { prepareExport, writeExport } from '../segments/export-segment.ts'
import { recordMembership } from '../segments/record-membership.ts'
import { findSegment } from '../segments/saved-segments.ts'
import type { Queue } from './queue.ts'

export async function makeScheduledExports(
  queue: Queue,
  to: { folder: string; consoleUrl: string | null },
  now: Date,
): Promise<void> {
  const { db } = queue.database
  for (const due of await dueExports(db, now)) {
    const { scheduleId } = due.schedule
    try {
      const stale = await staleBrands(db, due.wineryId, due.schedule.segmentId, now)
      if (stale.length > 0) {
        await stop(queue, due, `No good pull of ${stale.join(', ')} for 30 hours.`, to.consoleUrl, now)
        continue
      }
      const { exportId, rows, waiting } = await makeFile(queue, due, to.folder, now)
      await putDone(db, due)
      queue.log.info({ winery: due.slug, scheduleId, exportId, rows, waiting }, 'A scheduled export was made')
    } catch (error) {
      queue.log.error({ err: error, winery: due.slug, scheduleId }, 'A scheduled export could not be made')
      await stop(queue, due, 'The export could not be made.', to.consoleUrl, now)
    }
  }
}

async function makeFile(queue: Queue, due: DueExport, folder: string, now: Date) {
  const { db } = queue.database
  const { schedule, wineryId } = due
  // Whoever entered a minute ago by an initial pull has to be known as waiting.
  await inWinery(db, wineryId, async (trx) => {
    const segment = await findSegment(trx, wineryId, { segmentId: schedule.segmentId })
    await recordMembership(trx, wineryId, segment, now)
  })
  const options = { db, winery: { winery_id: wineryId, slug: due.slug }, actor: due.actor, now }
  const made = await prepareExport(options, {
    of: { segmentId: schedule.segmentId },
    format: schedule.format,
    columns: schedule.columns,
    scheduleId: schedule.scheduleId,
  })
  const place = join(folder, due.slug)
  await mkdir(place, { recursive: true, mode: 0o700 })
  const file = join(place, `${schedule.scheduleId}-${made.fileName}`)
  // Whoever fetches it finds a whole file or none.
  const out = createWriteStream(`${file}.part`, { mode: 0o600 })
  const closed = new Promise<void>((resolve, reject) => {
    out.once('close', () => resolve())
    out.once('error', reject)
  })
  await Promise.all([writeExport(options, made.exportId, out), closed])
  await rename(`${file}.part`, file)
  await removeOlder(place, `${schedule.scheduleId}-`, file)
  return made
}

/** A file of yesterday still holds who was erased or opted out since. */
async function removeOlder(place: string, start: string, kept: string): Promise<void> {
  for (const name of await readdir(place)) {
    const file = join(place, name)
    if (name.startsWith(start) && file !== kept) await rm(file, { force: true })
  }
}

async function stop(
  queue: Queue,
  due: DueExport,
  because: string,
  consoleUrl: string | null,
  now: Date,
): Promise<void> {
  const { db } = queue.database
  const isNews = await stopSchedule(db, due, because, now)
  if (!isNews || due.reservationContact === null) return
  const { reservationContact, wineryId, wineryName, schedule } = due
  await inWinery(db, wineryId, (trx) =>
    putMail(trx, {
      to: reservationContact,
      template: 'alert',
      wineryId,
      data: {
        wineryName,
        brand: null,
        title: 'A scheduled export was stopped',
        message: `The export of the segment "${schedule.segment}" was not made. ${because}`,
        nextStep: 'It is made as soon as that is over. eCELLAR Support looks after it.',
        since: now.toISOString(),
        consoleUrl,
      },
    }),
  )
}
