/** The folder of scheduled exports: no file stays that should not. */

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Db } from '../database/connect.ts'

/** A file of yesterday still holds who was erased or opted out since. */
export async function removeOlderFiles(place: string, scheduleId: string, kept: string): Promise<void> {
  for (const name of await namesIn(place)) {
    if (name.startsWith(`${scheduleId}-`) && name !== kept) await rm(join(place, name), { force: true })
  }
}

/** Files of schedules that ended, and of wineries that left. */
export async function removeEndedFiles(db: Db, folder: string): Promise<void> {
  const slugs = await namesIn(folder)
  if (slugs.length === 0) return
  const { rows } = await sql<{ slug: string; schedule_ids: string[] }>`
    select w.slug, coalesce(array_agg(x.schedule_id::text) filter (where x.schedule_id is not null), '{}') as schedule_ids
    from ecellar.wineries w
    left join ecellar.export_schedules x on x.winery_id = w.winery_id
    where w.slug = any(${slugs}::text[])
    group by w.slug`.execute(db)
  for (const slug of slugs) {
    const going = rows.find((row) => row.slug === slug)?.schedule_ids ?? []
    const place = join(folder, slug)
    for (const name of await namesIn(place)) {
      const scheduleId = /^(\d+)-/.exec(name)?.[1]
      if (scheduleId !== undefined && !going.includes(scheduleId))
        await rm(join(place, name), { force: true })
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
}
