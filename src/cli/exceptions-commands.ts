/** `exceptions list`, `exceptions resolve`. */

import { type Command, Option } from 'commander'
import type { DecisionKind } from '../contract/exception-decisions.ts'
import { findPlace } from '../crm/brands.ts'
import { type DoubtfulMatch, readMatch } from '../crm/doubtful-matches/list-matches.ts'
import type { MatchSide } from '../crm/doubtful-matches/sides.ts'
import { type Decision, listExceptions, resolveException } from '../crm/exceptions.ts'
import { findWinery } from '../crm/wineries.ts'
import type { Door } from './door.ts'
import { camelCaseRow, tableText } from './format-table.ts'

export function addExceptionsCommands(program: Command, door: Door): void {
  const exceptions = program.command('exceptions').description('what needs a person')

  const list = exceptions
    .command('list')
    .description('what pulls could not decide')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--brand <code>', 'only of this brand')
    .option('--all', 'resolved ones too')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock exceptions list --winery juniper-hill')
  list.action((options: { winery: string; brand?: string; all?: true }) =>
    door.run(list, async ({ database }) => {
      const { winery, brand } = await findPlace(database.db, options)
      const rows = (
        await listExceptions(database.db, winery.winery_id, {
          brandCode: brand?.code,
          all: options.all ?? false,
        })
      ).map(camelCaseRow)
      const text =
        rows.length === 0
          ? 'Nothing needs a person.'
          : `${tableText(
              ['id', 'brand', 'reservation', 'what', 'state'],
              rows.map((row) => [
                row.exceptionId,
                row.brand,
                row.tockKey,
                `${row.message} (${row.code})`,
                row.resolvedAt === null ? 'open' : 'resolved',
              ]),
            )}\n\nTo decide on one: exceptions resolve ID --winery ${winery.slug} --why TEXT (see --help)`
      return { json: rows, text }
    }),
  )
  addShow(exceptions, door)
  addResolve(exceptions, door)
}

function addShow(exceptions: Command, door: Door): void {
  const show = exceptions
    .command('show <id>')
    .description('both sides of a doubtful match, and what can be decided')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock exceptions show 8 --winery juniper-hill')
  show.action((id: string, options: { winery: string }) =>
    door.run(show, async ({ database }) => {
      const winery = await findWinery(database.db, options.winery)
      const match = await readMatch(database.db, winery.winery_id, id)
      const { sides, partyNames, decisions, ...row } = match
      return {
        json: { ...camelCaseRow(row), sides, partyNames, decisions },
        text: matchText(match, winery.slug),
      }
    }),
  )
}

function matchText(
  { exception_id, message, sides, partyNames, decisions, ...match }: DoubtfulMatch,
  slug: string,
): string {
  const name = (side: MatchSide) => [side.firstName, side.lastName].filter((part) => part !== null).join(' ')
  return [
    `${message} (${match.code})`,
    '',
    tableText(
      ['', 'name', 'e-mail', 'made by', 'consent', 'visits', 'last visit', 'reservations', 'brands'],
      sides.map((side) => [
        side.is === 'guest' ? `guest ${side.patronId ?? ''}` : `customer ${side.customerId}`,
        name(side),
        side.email,
        side.createdBy,
        side.emailConsent ?? side.consentWords,
        side.visits,
        side.lastVisitOn,
        side.reservations,
        side.brands.join(', '),
      ]),
    ),
    ...(partyNames.length > 0 ? ['', `Booked by: ${partyNames.join(', ')}`] : []),
    '',
    match.decision === null
      ? `It can be decided: ${decisions.join(', ')}. What that would do: exceptions resolve ${exception_id} --winery ${slug} --dry-run …`
      : `Decided by ${match.decided_by}: ${match.decision}. ${match.done}`,
  ].join('\n')
}

function addResolve(exceptions: Command, door: Door): void {
  const resolve = exceptions
    .command('resolve <id>')
    .description('decide on an exception; with --why alone it is closed as it is, and stays closed')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--why <text>', 'the reason, without personal data')
    .option('--dry-run', 'only say what the decision would do')
  for (const { flag, value, text } of decisions) {
    const others = decisions.filter((one) => one.flag !== flag).map((one) => camelCase(one.flag))
    resolve.addOption(new Option(`--${flag}${value ?? ''}`, text).conflicts(others))
  }
  resolve.option('--json', 'print JSON').addHelpText(
    'after',
    `
Example:
  $ ecellar-tock exceptions resolve 7 --winery juniper-hill --customer 1201 --why "asked at the tasting room"
  $ ecellar-tock exceptions resolve 8 --winery juniper-hill --same-person --dry-run`,
  )
  resolve.action((id: string, options: { winery: string; why?: string; dryRun?: true } & Chosen) =>
    door.run(resolve, async ({ database, actor }) => {
      const winery = await findWinery(database.db, options.winery)
      const { dryRun = false, why = '' } = options
      const result = await resolveException(
        database.db,
        winery.winery_id,
        id,
        decisionOf(options),
        why,
        actor,
        { dryRun },
      )
      const what = `Exception ${result.exceptionId} (${result.code})`
      return {
        json: { winery: winery.slug, ...result },
        text: result.decided
          ? `${what} is decided. ${result.done}`
          : `${what} is not decided: this is what would be done. ${result.done}`,
      }
    }),
  )
}

/** A decision and how it is said here; the kinds are `contract/exception-decisions.ts`. */
const decisions: { flag: string; kind: DecisionKind; text: string; value?: string }[] = [
  {
    flag: 'same-person',
    kind: 'same person',
    text: 'guests and reservations move to one customer, the one that a pull made is taken back',
  },
  { flag: 'different-people', kind: 'different people', text: 'they stay apart, and it is not asked again' },
  {
    flag: 'customer',
    kind: 'customer',
    text: 'the guest is this customer (several_customers, email_of_another)',
    value: ' <id>',
  },
  { flag: 'shared', kind: 'shared', text: 'the address is shared by many' },
  { flag: 'one-person', kind: 'one person', text: "the address is one person's (shared_address_proposed)" },
  {
    flag: 'take',
    kind: 'take',
    text: "the customer takes over the guest's new address (email_changed)",
  },
  { flag: 'keep', kind: 'keep', text: 'the customer keeps the old address (email_changed)' },
]

type Chosen = Partial<Record<string, string | true>>

function decisionOf(options: Chosen): Decision {
  const chosen = decisions.find(({ flag }) => options[camelCase(flag)] !== undefined)
  if (!chosen) return { kind: 'close' }
  if (chosen.kind === 'customer') return { kind: 'customer', customerId: String(options.customer) }
  return { kind: chosen.kind }
}

function camelCase(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
