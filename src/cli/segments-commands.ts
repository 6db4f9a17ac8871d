/** `segments …`: how many, why, and out into a file. */

import { createWriteStream } from 'node:fs'
import { type Command, Option } from 'commander'
import { exportColumns, exportFormats, readExportColumns, usualColumns } from '../contract/segment-export.ts'
import { findWinery } from '../crm/wineries.ts'
import { type AskedSegment, inSegment } from '../segments/in-segment.ts'
import type { Door } from './door.ts'
import { addExportScheduleCommands } from './export-schedule-commands.ts'
import { readDefinitionFile } from './read-definition.ts'
import { addSavedSegmentCommands } from './saved-segments-commands.ts'
import { countText, explanationText } from './segments-text.ts'

type Which = { winery: string; segment?: string; file?: string }

export function addSegmentsCommands(program: Command, door: Door): void {
  const segments = program
    .command('segments')
    .description('customers by what they are and what they did, over all brands')
  addSavedSegmentCommands(segments, door)
  addCount(segments, door)
  addExplain(segments, door)
  addExport(segments, door)
  addExportScheduleCommands(segments, door)
}

function asking(command: Command): Command {
  return command
    .requiredOption('--winery <slug>', 'the winery')
    .option('--segment <name>', 'a saved segment')
    .addOption(
      new Option('--file <definition>', 'a definition as JSON ("-" reads standard input)').conflicts(
        'segment',
      ),
    )
    .option('--json', 'print JSON')
}

function assertNamed(command: Command, { segment, file }: Which): void {
  if (segment === undefined && file === undefined) {
    command.error('error: name the segment: --segment NAME or --file DEFINITION.json', { exitCode: 2 })
  }
}

async function askedFor({ segment, file }: Which): Promise<AskedSegment> {
  if (segment !== undefined) return { name: segment }
  return { definition: await readDefinitionFile(file ?? '-') }
}

function addCount(segments: Command, door: Door): void {
  const command = asking(
    segments
      .command('count')
      .description('how many customers match, how many may be mailed, and why the others may not'),
  ).addHelpText(
    'after',
    '\nExample:\n  $ ecellar-tock segments count --winery juniper-hill --segment "First visit within 30 days"',
  )
  command.action(async (options: Which) => {
    assertNamed(command, options)
    await door.run(command, async ({ database, signal }) => {
      const { countSegment } = await import('../segments/ask-segment.ts')
      const winery = await findWinery(database.db, options.winery)
      const asked = await askedFor(options)
      const to = { db: database.db, wineryId: winery.winery_id, now: new Date(), signal }
      const count = await countSegment(to, await inSegment(to, asked))
      return { json: { winery: winery.slug, ...count }, text: countText(count) }
    })
  })
}

function addExplain(segments: Command, door: Door): void {
  const command = asking(
    segments.command('explain').description('why a customer is in or out, condition by condition'),
  )
    .requiredOption('--customer <id>', 'customer_id of reporting.customers')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock segments explain --winery juniper-hill --customer 1201 --segment "First visit within 30 days"',
    )
  command.action(async (options: Which & { customer: string }) => {
    assertNamed(command, options)
    await door.run(command, async ({ database }) => {
      const { explainCustomer } = await import('../segments/explain-customer.ts')
      const winery = await findWinery(database.db, options.winery)
      const asked = await askedFor(options)
      const to = { db: database.db, wineryId: winery.winery_id, now: new Date() }
      const told = await explainCustomer(to, await inSegment(to, asked), options.customer)
      return { json: { winery: winery.slug, ...told }, text: explanationText(told) }
    })
  })
}

function addExport(segments: Command, door: Door): void {
  const command = asking(segments.command('export').description('those who may be mailed, as a file'))
    .addOption(new Option('--format <format>', 'the kind of file').choices([...exportFormats]).default('csv'))
    .option('--columns <names>', `of ${exportColumns.join(', ')}`, usualColumns.join(','))
    .option('--to <file>', 'where to; without, standard output')
    .option(
      '--not-for-mailing <why>',
      'those too who may not be mailed; the file is marked, the reason recorded',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock segments export --winery juniper-hill --segment "First visit within 30 days" --to new.csv',
    )
  type Options = Which & {
    format: 'csv' | 'jsonl'
    columns: string
    to?: string
    notForMailing?: string
    json?: true
  }
  command.action(async (options: Options) => {
    assertNamed(command, options)
    if (options.json && options.to === undefined) {
      command.error('error: with --json the file needs a place of its own: --to FILE', { exitCode: 2 })
    }
    await door.run(command, async ({ database, actor, note }) => {
      const { prepareExport, writeExport } = await import('../segments/export-segment.ts')
      const winery = await findWinery(database.db, options.winery)
      const to = { db: database.db, winery, actor, now: new Date() }
      const made = await prepareExport(to, {
        of: await askedFor(options),
        format: options.format,
        columns: readExportColumns(options.columns),
        ...(options.notForMailing === undefined ? {} : { notForMailing: { why: options.notForMailing } }),
      })
      const out =
        options.to === undefined
          ? createWriteStream('', { fd: 1, autoClose: false })
          : createWriteStream(options.to, { mode: 0o600 })
      const broken = new Promise<never>((_, reject) => out.once('error', reject))
      const rows = await Promise.race([writeExport(to, made.exportId, out), broken])
      const text = `${rows} customers, export ${made.exportId}${made.notForMailing ? ', NOT FOR MAILING' : ''}.`
      if (options.to === undefined) {
        note(text)
        return { json: undefined, text: '' }
      }
      return { json: { winery: winery.slug, ...made, rows, file: options.to }, text }
    })
  })
}
