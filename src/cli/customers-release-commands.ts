/** `customers release`, `customers releases`, `customers take-back`. */

import { type Command, InvalidArgumentError } from 'commander'
import { campaignWords } from '../contract/campaign.ts'
import type { WhomToRelease } from '../crm/customers-release.ts'
import { releaseText } from './customers-text.ts'
import type { Door } from './door.ts'
import { many, tableText } from './format-table.ts'
import { addReleasePlanCommands, planFor } from './release-plan-commands.ts'

export function addReleaseCommands(customers: Command, door: Door): void {
  addRelease(customers, door)
  addReleases(customers, door)
  addTakeBack(customers, door)
  addReleasePlanCommands(customers, door)
}

type ReleaseOptions = {
  winery: string
  all?: true
  pull?: string
  email?: string
  segment?: string
  createdFrom?: string
  createdTo?: string
  atMost?: number
  aDay?: number
  at?: string
  dryRun?: true
}

function addRelease(customers: Command, door: Door): void {
  const command = customers
    .command('release')
    .description('release customers for marketing: all, those of a pull, of a period, or one')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--all', 'everybody who is not released yet')
    .option('--pull <id>', 'those whom this pull created')
    .option('--email <address>', 'the customers with this address')
    .option('--segment <name>', 'those in this segment, as if they were released')
    .option('--created-from <day>', 'those created on this day or later (2026-05-31, in the winery’s zone)')
    .option('--created-to <day>', 'those created on this day or earlier')
    .option('--at-most <n>', 'in stages: this many, those first who were created first', wholeNumber)
    .option(
      '--a-day <n>',
      'so many a day by itself, until all are released or somebody stops it',
      wholeNumber,
    )
    .option('--at <time>', 'with --a-day: when, on the winery’s clock (06:00)', timeOfDay)
    .option('--dry-run', 'only say how many it would be, and how many of them may be mailed')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  ecellar-tock customers release --winery juniper-hill --pull 12 --dry-run
  ecellar-tock customers release --winery juniper-hill --all --at-most 500
  ecellar-tock customers release --winery juniper-hill --pull 12 --a-day 200`,
    )
  command.action(async (options: ReleaseOptions) => {
    const period = options.createdFrom ?? options.createdTo
    const named = [options.all, options.pull, options.email, options.segment, period].filter(
      (one) => one !== undefined,
    )
    if (named.length !== 1) {
      command.error(
        'error: name whom to release: exactly one of --all, --pull ID, --email E, --segment NAME, --created-from/--created-to D',
        { exitCode: 2 },
      )
    }
    if (options.aDay !== undefined && (options.atMost !== undefined || options.email !== undefined)) {
      command.error('error: --a-day goes with neither --at-most nor --email', { exitCode: 2 })
    }
    await door.run(command, async ({ database, actor }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      if (options.aDay !== undefined) return planFor({ database, actor }, options, options.aDay)
      const { releaseCustomers } = await import('../crm/customers-release.ts')
      const { effectsOfReleasing, waitingInSegment } = await import('../segments/release-effects.ts')
      const winery = await findWinery(database.db, options.winery)
      const { atMost, dryRun } = options
      const { db } = database
      const place = { db, wineryId: winery.winery_id, now: new Date() }
      const whom =
        options.segment === undefined
          ? whomOf(options)
          : await waitingInSegment(place, { name: options.segment })
      // Before it: afterwards they are in the audience already.
      const campaigns = await effectsOfReleasing(place, whom, { atMost })
      const result = await releaseCustomers({ db, wineryId: winery.winery_id, actor, atMost, dryRun }, whom)
      const text = [releaseText(result, winery.slug, dryRun === true), ...campaigns.map(campaignWords)].join(
        '\n',
      )
      return { json: { ...result, campaigns }, text }
    })
  })
}

function whomOf(options: ReleaseOptions): WhomToRelease {
  if (options.all) return { all: true }
  if (options.pull !== undefined) return { pullId: options.pull }
  if (options.email !== undefined) return { email: options.email }
  return { createdFrom: options.createdFrom, createdTo: options.createdTo }
}

function addReleases(customers: Command, door: Door): void {
  const command = customers
    .command('releases')
    .description('past releases for marketing, the latest first')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  ecellar-tock customers releases --winery juniper-hill')
  command.action((options: { winery: string }) =>
    door.run(command, async ({ database }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { listReleases } = await import('../crm/customers-take-back.ts')
      const winery = await findWinery(database.db, options.winery)
      const releases = await listReleases(database.db, winery.winery_id)
      const text =
        releases.length === 0
          ? 'Nobody has released customers yet.'
          : tableText(
              ['id', 'when', 'by', 'whom', 'customers', 'may be mailed', 'taken back'],
              releases.map((one) => [
                one.releaseId,
                one.releasedAt,
                one.releasedBy,
                one.whom,
                one.customers,
                one.mayBeMailed,
                one.takenBackAt,
              ]),
            )
      return { json: releases, text }
    }),
  )
}

function addTakeBack(customers: Command, door: Door): void {
  const command = customers
    .command('take-back <release>')
    .description('take a release back; customers whom an export has carried since stay released')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  ecellar-tock customers take-back 3 --winery juniper-hill')
  command.action((release: string, options: { winery: string }) =>
    door.run(command, async ({ database, actor }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { takeBackRelease } = await import('../crm/customers-take-back.ts')
      const winery = await findWinery(database.db, options.winery)
      const work = { db: database.db, wineryId: winery.winery_id, actor }
      const result = await takeBackRelease(work, release)
      const stay =
        result.exportedSince > 0
          ? ` ${many(result.exportedSince, 'customer')} stay released: an export has carried them.`
          : ''
      return {
        json: { releaseId: release, ...result },
        text: `${many(result.takenBack, 'customer')} of release ${release} wait again until somebody releases them.${stay}`,
      }
    }),
  )
}

function timeOfDay(text: string): string {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return text
  throw new InvalidArgumentError('Write it as 06:00.')
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Use a whole number above 0.')
}
