/**
 * Scheduled exports, as files in the data folder. One whose brands have not been pulled lately is stopped with a notice
 * and made as soon as they are: a campaign to "who came yesterday" must not go to those of last week.
 */

import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actor } from '../contract/access.ts'
import { exportLockSpace, inWinery } from '../database/tenant-session.ts'
import { putMail } from '../notify/put-mail.ts'
import {
  beginExport,
  type DueExport,
  dueExports,
  putDone,
  staleBrands,
  stopSchedule,
} from '../segments/due-exports.ts'
import { writeExport } from '../segments/export-segment.ts'
import { exportsToRewrite, putRewritten } from '../segments/rewritten-exports.ts'
import { removeOlderFiles } from './export-files.ts'
import type { Queue } from './queue.ts'

export type ExportPlace = { queue: Queue; folder: string; consoleUrl: string | null }

/** Which can be made now, or must be written anew; those that stale brands stop are stopped here. */
export async function exportsDue(place: Omit<ExportPlace, 'folder'>, now: Date): Promise<string[]> {
  const { db } = place.queue.database
  const can: string[] = []
  for (const due of await dueExports(db, now)) {
    const { wineryId, schedule } = due
    // A segment that cannot be asked any more is told of by whoever tries to export it.
    const stale = await staleBrands(db, wineryId, schedule.segmentId, now).catch(() => [])
    if (stale.length === 0) can.push(schedule.scheduleId)
    else await stop(place, due, `No good pull of ${stale.join(', ')} for 30 hours.`, { now })
  }
  const rewritten = await exportsToRewrite(db)
  return [...new Set([...can, ...rewritten.map(({ scheduleId }) => scheduleId)])]
}

/** Does what is due of it, and nothing when another worker is at it. */
export async function makeScheduledExport(place: ExportPlace, scheduleId: string, now: Date): Promise<void> {
  const session = await place.queue.database.session()
  try {
    const { rows } = await session.query<{ got: boolean }>(
      'select pg_try_advisory_lock($1, $2::int) as got',
      [exportLockSpace, scheduleId],
    )
    if (!rows[0]?.got) return
    await rewriteFile(place, scheduleId, now)
    await makeFile(place, scheduleId, now)
  } finally {
    await session.end()
  }
}

async function makeFile(place: ExportPlace, scheduleId: string, now: Date): Promise<void> {
  const { db } = place.queue.database
  const [due] = await dueExports(db, now, scheduleId)
  if (!due) return
  const log = place.queue.log.child({ winery: due.slug, scheduleId })
  try {
    const begun = await beginExport(db, due, now)
    if (!begun) return
    const { exportId, fileName } = begun
    const rows = await writeFile(place, due, { exportId, fileName, now })
    await putDone(db, due, { fileName, rows, now })
    await removeOlderFiles(join(place.folder, due.slug), scheduleId, fileName)
    log.info({ exportId, rows }, 'A scheduled export was made')
  } catch (error) {
    log.error({ err: error }, 'A scheduled export could not be made')
    const waitMinutes = waitingMinutes[due.schedule.tries] ?? 60
    const againAt = new Date(now.getTime() + waitMinutes * 60_000)
    await stop(place, due, 'The export could not be made.', { now, againAt })
  }
}

const waitingMinutes = [2, 5, 10, 20, 40, 60]

/** The file of before goes first: whatever comes in between, the person is in it no longer. */
async function rewriteFile(place: ExportPlace, scheduleId: string, now: Date): Promise<void> {
  const { db } = place.queue.database
  const [found] = await exportsToRewrite(db, scheduleId)
  if (!found) return
  const log = place.queue.log.child({ winery: found.slug, scheduleId })
  await rm(join(place.folder, found.slug, found.oldName), { force: true })
  if (found.exportId === null) {
    await putRewritten(db, found, null)
    return
  }
  const rows = await writeFile(place, found, { exportId: found.exportId, fileName: found.fileName, now })
  await putRewritten(db, found, rows)
  log.info({ exportId: found.exportId, rows }, 'The file of a scheduled export was written anew')
}

/** Whoever fetches it finds a whole file or none. */
async function writeFile(
  { queue, folder }: ExportPlace,
  { wineryId, slug, actor }: { wineryId: string; slug: string; actor: Actor },
  { exportId, fileName, now }: { exportId: string; fileName: string; now: Date },
): Promise<number> {
  const file = join(folder, slug, fileName)
  await mkdir(join(folder, slug), { recursive: true, mode: 0o700 })
  const out = createWriteStream(`${file}.part`, { mode: 0o600 })
  const closed = new Promise<void>((resolve, reject) => {
    out.once('close', () => resolve())
    out.once('error', reject)
  })
  const winery = { winery_id: wineryId, slug }
  const [rows] = await Promise.all([
    writeExport({ db: queue.database.db, winery, actor, now }, exportId, out),
    closed,
  ])
  await rename(`${file}.part`, file)
  return rows
}

async function stop(
  { queue, consoleUrl }: Omit<ExportPlace, 'folder'>,
  due: DueExport,
  because: string,
  when: { now: Date; againAt?: Date },
): Promise<void> {
  const { db } = queue.database
  const isNews = await stopSchedule(db, due, because, when)
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
        since: when.now.toISOString(),
        consoleUrl,
      },
    }),
  )
}
