/** `pull` and `pulls`: run a pull, look at past ones, decide on waiting ones. */

import type { Command } from 'commander'
import { sql } from 'kysely'
import type { PullKind, PullReport } from '../contract/pull-report.ts'
import type { Answer, Context, Door } from './door.ts'
import { camelCaseRow, tableText } from './format-table.ts'
import { pullProgress } from './pull-progress.ts'
import { reportText } from './report-text.ts'
import { addUndoCommand } from './undo-command.ts'

const exitRefused = 3
const exitWaiting = 4
const changesShown = 1000

export function addPullCommands(program: Command, door: Door): void {
  const pull = program
    .command('pull')
    .description("pull a brand's reservations and guests from Tock")
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--brand <code>', 'the brand')
    .option('--preview', 'only say what the pull would do')
    .option('--initial', "the brand's first pull, together with Support")
    .option('--reread', 'read every file again, unchanged ones too')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', '\nExample:\n  ecellar-tock pull --winery juniper-hill --brand JH --preview')
  pull.action(
    async (options: { winery: string; brand: string; preview?: true; initial?: true; reread?: true }) => {
      if (options.preview && options.initial) pull.error('error: --preview and --initial exclude each other')
      await door.run(pull, (context) => runPullCommand(context, options))
    },
  )

  const pulls = program.command('pulls').description('past and waiting pulls')
  addPullsList(pulls, door)
  addPullsShow(pulls, door)
  addUndoCommand(pulls, door)
  for (const decision of ['approve', 'reject'] as const) {
    const command = pulls
      .command(`${decision} <id>`)
      .description(decision === 'approve' ? 'apply a waiting pull' : 'drop a waiting pull')
      .option('--json', 'print the report as JSON')
      .addHelpText('after', `\nExample:\n  ecellar-tock pulls ${decision} 12`)
    command.action((id: string) =>
      door.run(command, async ({ database, actor }) => {
        const { approvePull, rejectPull } = await import('../pull/decide-waiting.ts')
        return answerReport(await (decision === 'approve' ? approvePull : rejectPull)(database, id, actor))
      }),
    )
  }
}

async function runPullCommand(
  context: Context,
  options: { winery: string; brand: string; preview?: true; initial?: true; reread?: true },
): Promise<Answer> {
  const { runPull } = await import('../pull/run-pull.ts')
  const kind: PullKind = options.preview ? 'preview' : options.initial ? 'initial' : 'manual'
  const progress = pullProgress(context.terminal)
  try {
    const report = await runPull({
      database: context.database,
      secrets: await context.secrets(),
      winery: options.winery,
      brand: options.brand,
      kind,
      reread: options.reread ?? false,
      tock: { apiUrl: context.config.tockApiUrl, allowLoopbackHttp: context.config.tockApiUrlIsSet },
      onProgress: progress.show,
    })
    return answerReport(report)
  } finally {
    progress.stop()
  }
}

function answerReport(report: PullReport): Answer {
  const exitCode = report.status === 'refused' ? exitRefused : report.status === 'waiting' ? exitWaiting : 0
  return { json: report, text: reportText(report), exitCode }
}

function addPullsList(pulls: Command, door: Door): void {
  const list = pulls
    .command('list')
    .description('the latest pulls')
    .option('--winery <slug>', 'only of this winery')
    .option('--brand <code>', 'only of this brand')
    .option('--limit <n>', 'how many at most', '50')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  ecellar-tock pulls list --winery juniper-hill')
  list.action(async (options: { winery?: string; brand?: string; limit: string }) => {
    if (!/^[1-9]\d{0,5}$/.test(options.limit)) list.error('error: --limit takes a whole number from 1')
    await door.run(list, async ({ database }) => {
      const found = await sql<Record<string, unknown>>`
        select * from reporting.pulls
        where (${options.winery ?? null}::text is null or winery = ${options.winery ?? null})
          and (${options.brand ?? null}::text is null or lower(brand) = lower(${options.brand ?? null}))
        order by pull_id::bigint desc
        limit ${Number(options.limit)}`.execute(database.db)
      const rows = found.rows.map(camelCaseRow)
      const text =
        rows.length === 0
          ? 'No pulls yet. Start with: ecellar-tock pull --winery SLUG --brand CODE --preview'
          : tableText(
              ['pull', 'winery', 'brand', 'kind', 'status', 'finished', 'added', 'changed', 'missing'],
              rows.map((row) => [
                row.pullId,
                row.winery,
                row.brand,
                row.kind,
                row.errorCode ?? row.status,
                row.finishedAt,
                row.reservationsAdded,
                row.reservationsChanged,
                row.reservationsMissing,
              ]),
            )
      return { json: rows, text }
    })
  })
}

function addPullsShow(pulls: Command, door: Door): void {
  const show = pulls
    .command('show <id>')
    .description('one pull, with what it changed field by field')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  ecellar-tock pulls show 12')
  show.action((id: string) =>
    door.run(show, async ({ database }) => {
      const { readReport } = await import('../pull/read-report.ts')
      const { pullChanges } = await import('../pull/pull-changes.ts')
      const { report, wineryId } = await readReport(database.db, id)
      const { total, changes } = await pullChanges(database.db, { wineryId, pullId: id }, changesShown)
      const heading =
        total > changes.length ? `Changes (the first ${changes.length} of ${total})` : `Changes (${total})`
      const table = tableText(
        ['what', 'field', 'before', 'after'],
        changes.map((change) => [
          change.tockKey ?? `customer ${change.id}`,
          change.field,
          change.before ?? '',
          change.after ?? '',
        ]),
      )
      return {
        json: { ...report, changes, changesTotal: total },
        text: total === 0 ? reportText(report) : `${reportText(report)}\n\n${heading}\n${table}`,
      }
    }),
  )
}
