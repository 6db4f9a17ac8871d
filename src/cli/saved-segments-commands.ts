/** `segments list`, `save`, `remove`, `campaign`, `confirm`: the segments that people keep. */

import { type Command, Option } from 'commander'
import { Refusal } from '../contract/errors.ts'
import type { SegmentDefinition } from '../contract/segment.ts'
import { findWinery } from '../crm/wineries.ts'
import type { Door } from './door.ts'
import { many, tableText } from './format-table.ts'
import { readDefinitionFile } from './read-definition.ts'

export function addSavedSegmentCommands(segments: Command, door: Door): void {
  addList(segments, door)
  addSave(segments, door)
  addRemove(segments, door)
  addCampaign(segments, door)
  addConfirm(segments, door)
}

function addList(segments: Command, door: Door): void {
  const command = segments
    .command('list')
    .description('the saved segments, and the ready-made ones to start from')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock segments list --winery juniper-hill')
  command.action((options: { winery: string }) =>
    door.run(command, async ({ database: { db } }) => {
      const { listSegments } = await import('../segments/saved-segments.ts')
      const { readyMade } = await import('../segments/ready-made.ts')
      const winery = await findWinery(db, options.winery)
      const saved = await listSegments(db, winery.winery_id)
      const json = saved.map((one) => ({ winery: winery.slug, ...one }))
      const table = tableText(
        ['name', 'kind', 'matching', 'may mail', 'as of', 'campaign', 'by'],
        saved.map((one) => [
          one.name,
          one.kind,
          one.matching,
          one.mayMail,
          one.recordedAt.toISOString().slice(0, 10),
          one.campaignName ?? '',
          one.changedBy,
        ]),
      )
      const offered = readyMade.map(({ name }) => `  ${name}`).join('\n')
      const text = `${saved.length === 0 ? 'No segment is saved.' : table}\n\nReady-made, to save with --ready-made:\n${offered}`
      return { json, text }
    }),
  )
}

function addSave(segments: Command, door: Door): void {
  const command = segments
    .command('save <name>')
    .description('keep a definition as a segment')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--file <definition>', 'a definition as JSON ("-" reads standard input)')
    .addOption(
      new Option('--ready-made [name]', 'a ready-made one, by its own name or by this segment’s').conflicts(
        'file',
      ),
    )
    .option('--static', 'the customers of now, as a list; without, asked anew each time')
    .option('--replace', 'change the segment that has this name')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock segments save "First visit within 30 days" --winery juniper-hill --ready-made',
    )
  type Options = { winery: string; file?: string; readyMade?: string | true; static?: true; replace?: true }
  command.action(async (name: string, options: Options) => {
    if (options.file === undefined && options.readyMade === undefined) {
      command.error('error: give the definition: --file DEFINITION.json or --ready-made', { exitCode: 2 })
    }
    await door.run(command, async ({ database: { db }, actor }) => {
      const { saveSegment } = await import('../segments/saved-segments.ts')
      const winery = await findWinery(db, options.winery)
      const definition =
        options.file === undefined
          ? await findReadyMade(typeof options.readyMade === 'string' ? options.readyMade : name)
          : await readDefinitionFile(options.file)
      const saved = await saveSegment(
        { db, wineryId: winery.winery_id, actor, now: new Date() },
        {
          name,
          kind: options.static ? 'static' : 'dynamic',
          definition,
          replace: options.replace ?? false,
        },
      )
      return { json: { winery: winery.slug, ...saved }, text: `Segment "${saved.name}" is saved.` }
    })
  })
}

async function findReadyMade(name: string): Promise<SegmentDefinition> {
  const { readyMade } = await import('../segments/ready-made.ts')
  const found = readyMade.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (found) return found.definition
  throw new Refusal('invalid', `There is no ready-made segment "${name}".`, 'See: segments list')
}

function addRemove(segments: Command, door: Door): void {
  const command = named(segments.command('remove <name>').description('forget a segment; customers stay'))
  command.addHelpText('after', '\nExample:\n  $ ecellar-tock segments remove "Summer" --winery juniper-hill')
  command.action((name: string, options: { winery: string }) =>
    door.run(command, async ({ database: { db }, actor }) => {
      const { removeSegment } = await import('../segments/saved-segments.ts')
      const winery = await findWinery(db, options.winery)
      const removed = await removeSegment({ db, wineryId: winery.winery_id, actor }, { name })
      return {
        json: { winery: winery.slug, removed: removed.name },
        text: `Segment "${removed.name}" is removed.`,
      }
    }),
  )
}

function addCampaign(segments: Command, door: Door): void {
  const command = named(
    segments
      .command('campaign <name>')
      .description('mark a segment as the audience of a campaign that is scheduled elsewhere')
      .option('--campaign <title>', 'the campaign')
      .option('--at <time>', 'when it is sent, as 2026-06-01T09:00Z')
      .addOption(new Option('--none', 'of none any more').conflicts(['campaign', 'at'])),
  )
  command.addHelpText(
    'after',
    '\nExample:\n  $ ecellar-tock segments campaign "First visit within 30 days" --winery juniper-hill --campaign Welcome',
  )
  type Options = { winery: string; campaign?: string; at?: string; none?: true }
  command.action(async (name: string, options: Options) => {
    if (options.campaign === undefined && !options.none) {
      command.error('error: name the campaign: --campaign TITLE, or --none', { exitCode: 2 })
    }
    await door.run(command, async ({ database: { db }, actor }) => {
      const { markCampaign } = await import('../segments/saved-segments.ts')
      const winery = await findWinery(db, options.winery)
      const campaign =
        options.campaign === undefined ? null : { name: options.campaign, at: readInstant(options.at) }
      const marked = await markCampaign({ db, wineryId: winery.winery_id, actor }, { name }, campaign)
      const text =
        marked.campaignName === null
          ? `Segment "${marked.name}" is the audience of no campaign.`
          : `Segment "${marked.name}" is the audience of "${marked.campaignName}". Previews, initial pulls and releases say who would join it.`
      return { json: { winery: winery.slug, ...marked }, text }
    })
  })
}

function addConfirm(segments: Command, door: Door): void {
  const command = named(
    segments
      .command('confirm <name>')
      .description('let scheduled exports carry who entered by an initial pull, a mapping or a decision'),
  )
  command.addHelpText(
    'after',
    '\nExample:\n  $ ecellar-tock segments confirm "First visit within 30 days" --winery juniper-hill',
  )
  command.action((name: string, options: { winery: string }) =>
    door.run(command, async ({ database: { db }, actor }) => {
      const { confirmEntries } = await import('../segments/segment-history.ts')
      const winery = await findWinery(db, options.winery)
      const done = await confirmEntries({ db, wineryId: winery.winery_id, actor, now: new Date() }, { name })
      return {
        json: { winery: winery.slug, ...done },
        text: `${many(done.confirmed, 'customer')} waited; scheduled exports carry them from now on.`,
      }
    }),
  )
}

function named(command: Command): Command {
  return command.requiredOption('--winery <slug>', 'the winery').option('--json', 'print JSON')
}

function readInstant(text: string | undefined): Date | null {
  if (text === undefined) return null
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  throw new Refusal('invalid', `"${text}" is no time.`, 'Write it as 2026-06-01T09:00Z.')
}
