/** `schedule show`, `schedule set`: when a brand's nightly pulls begin. */

import type { Command } from 'commander'
import { findPlace } from '../crm/brands.ts'
import { type BrandSchedule, presetSchedule, readSchedules, setSchedule } from '../crm/schedules.ts'
import { findWinery } from '../crm/wineries.ts'
import { nextTurnOf } from '../jobs/next-turn.ts'
import type { Door } from './door.ts'
import { tableText } from './format-table.ts'

export function addScheduleCommands(program: Command, door: Door): void {
  const schedule = program.command('schedule').description("when brands' nightly pulls begin")
  const show = schedule
    .command('show')
    .description("each brand's times, and when it is pulled next")
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock schedule show --winery juniper-hill')
  show.action((options: { winery: string }) =>
    door.run(show, async ({ database }) => {
      const winery = await findWinery(database.db, options.winery)
      const rows = shown(
        winery.slug,
        await readSchedules(database.db, { wineryId: winery.winery_id }),
        new Date(),
      )
      return { json: rows, text: scheduleText(rows) }
    }),
  )

  const set = schedule
    .command('set')
    .description(
      `choose times and zone; the preset is ${presetSchedule.times.join()} in ${presetSchedule.timeZone}`,
    )
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--brand <code>', 'the brand')
    .option('--at <times>', 'times of day, with commas between them: 03:00,15:00')
    .option('--time-zone <zone>', 'the zone that they are meant in, such as America/Chicago')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      "\nTock's files are complete at about 02:00 and 14:00 in America/Chicago.\n\nExample:\n  $ ecellar-tock schedule set --winery juniper-hill --brand JH --at 03:00,15:00 --time-zone America/Chicago",
    )
  set.action((options: { winery: string; brand: string; at?: string; timeZone?: string }) => {
    if (options.at === undefined && options.timeZone === undefined) {
      set.error('error: nothing to set: name --at or --time-zone')
    }
    return door.run(set, async ({ database, actor }) => {
      const { winery, brand } = await findPlace(database.db, options)
      const { changed } = await setSchedule(
        database.db,
        brand,
        { times: options.at?.split(','), timeZone: options.timeZone },
        actor,
      )
      const rows = shown(
        winery.slug,
        (await readSchedules(database.db, { wineryId: winery.winery_id })).filter(
          ({ brandId }) => brandId === brand.brand_id,
        ),
        new Date(),
      )
      return { json: { ...rows[0], changed }, text: scheduleText(rows) }
    })
  })
}

type Shown = {
  winery: string
  brand: string
  at: string[]
  timeZone: string
  enabled: boolean
  nextPullAt: string | null
}

function shown(winery: string, schedules: BrandSchedule[], now: Date): Shown[] {
  return schedules.map((one) => ({
    winery,
    brand: one.brand,
    at: one.times,
    timeZone: one.timeZone,
    enabled: one.enabledAt !== null,
    nextPullAt: nextTurnOf(one, now)?.toISOString() ?? null,
  }))
}

function scheduleText(rows: Shown[]): string {
  if (rows.length === 0) return 'No brands yet: brand add.'
  return tableText(
    ['brand', 'at', 'time zone', 'next pull'],
    rows.map((row) => [
      row.brand,
      row.at.join(', '),
      row.timeZone,
      row.nextPullAt === null ? 'none: not enabled' : localTime(row.nextPullAt, row.timeZone),
    ]),
  )
}

function localTime(instant: string, timeZone: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)
  return `${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: 'second' })}`
}
