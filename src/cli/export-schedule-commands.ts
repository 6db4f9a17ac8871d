/** `segments schedule`, `schedules`, `unschedule`: exports to a file, again and again. */

import { type Command, Option } from 'commander'
import { exportFormats, readExportColumns, usualColumns } from '../contract/segment-export.ts'
import { findWinery } from '../crm/wineries.ts'
import type { Door } from './door.ts'
import { tableText } from './format-table.ts'

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export function addExportScheduleCommands(segments: Command, door: Door): void {
  addSchedule(segments, door)
  addSchedules(segments, door)
  addUnschedule(segments, door)
}

function addSchedule(segments: Command, door: Door): void {
  const command = segments
    .command('schedule <name>')
    .description('export a segment to a file in the data folder, every day or every week')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--at <time>', 'time of day on the winery’s clock, as 06:30')
    .addOption(new Option('--weekday <day>', 'only on this day').choices(days))
    .addOption(new Option('--format <format>', 'the kind of file').choices([...exportFormats]).default('csv'))
    .option('--columns <names>', 'as for: segments export', usualColumns.join(','))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock segments schedule "First visit within 30 days" --winery juniper-hill --at 06:30',
    )
  type Options = { winery: string; at: string; weekday?: string; format: 'csv' | 'jsonl'; columns: string }
  command.action((name: string, options: Options) =>
    door.run(command, async ({ database: { db }, actor }) => {
      const { addExportSchedule } = await import('../segments/change-export-schedules.ts')
      const winery = await findWinery(db, options.winery)
      const made = await addExportSchedule(
        { db, wineryId: winery.winery_id, actor, now: new Date() },
        {
          segment: { name },
          format: options.format,
          columns: readExportColumns(options.columns),
          weekday: options.weekday === undefined ? null : days.indexOf(options.weekday) + 1,
          atTime: options.at,
        },
      )
      const when = options.weekday === undefined ? 'every day' : `every ${options.weekday}`
      return {
        json: { winery: winery.slug, ...made },
        text: `Segment "${made.segment}" goes to a file ${when} at ${made.atTime} (schedule ${made.scheduleId}).`,
      }
    }),
  )
}

function addSchedules(segments: Command, door: Door): void {
  const command = segments
    .command('schedules')
    .description('the scheduled exports')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock segments schedules --winery juniper-hill')
  command.action((options: { winery: string }) =>
    door.run(command, async ({ database: { db } }) => {
      const { listExportSchedules } = await import('../segments/export-schedules.ts')
      const winery = await findWinery(db, options.winery)
      const all = await listExportSchedules(db, winery.winery_id)
      const text = tableText(
        ['id', 'segment', 'when', 'last', 'state'],
        all.map((one) => [
          one.scheduleId,
          one.segment,
          `${one.weekday === null ? 'every day' : days[one.weekday - 1]} ${one.atTime}`,
          one.doneOn ?? 'never',
          one.stoppedBecause ?? 'on',
        ]),
      )
      return { json: all, text: all.length === 0 ? 'No export is scheduled.' : text }
    }),
  )
}

function addUnschedule(segments: Command, door: Door): void {
  const command = segments
    .command('unschedule <id>')
    .description('end a scheduled export')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock segments unschedule 3 --winery juniper-hill')
  command.action((id: string, options: { winery: string }) =>
    door.run(command, async ({ database: { db }, actor }) => {
      const { removeExportSchedule } = await import('../segments/change-export-schedules.ts')
      const winery = await findWinery(db, options.winery)
      await removeExportSchedule({ db, wineryId: winery.winery_id, actor }, id)
      return { json: { winery: winery.slug, removed: id }, text: `Schedule ${id} is ended.` }
    }),
  )
}
