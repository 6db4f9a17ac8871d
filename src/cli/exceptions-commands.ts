/** `exceptions list`, `exceptions resolve`. */

import { type Command, Option } from 'commander'
import { findBrand } from '../crm/brands.ts'
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
      const winery = await findWinery(database.db, options.winery)
      const brand =
        options.brand === undefined
          ? undefined
          : await findBrand(database.db, winery.winery_id, options.brand)
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
  addResolve(exceptions, door)
}

function addResolve(exceptions: Command, door: Door): void {
  const resolve = exceptions
    .command('resolve <id>')
    .description('decide on an exception; with --why alone it is closed as it is, and stays closed')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--why <text>', 'the reason, without personal data')
    .addOption(
      new Option(
        '--customer <id>',
        'the guest is this customer (several_customers, email_of_another)',
      ).conflicts(['shared', 'onePerson', 'take']),
    )
    .addOption(
      new Option('--shared', 'the address is shared by many (shared_address_proposed)').conflicts([
        'onePerson',
        'take',
      ]),
    )
    .addOption(
      new Option('--one-person', "the address is one person's (shared_address_proposed)").conflicts('take'),
    )
    .option('--take', "the customer takes over the guest's new address (email_changed)")
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock exceptions resolve 7 --winery juniper-hill --customer 1201 --why "asked at the tasting room"',
    )
  resolve.action(
    (
      id: string,
      options: {
        winery: string
        why: string
        customer?: string
        shared?: true
        onePerson?: true
        take?: true
      },
    ) =>
      door.run(resolve, async ({ database, actor }) => {
        const winery = await findWinery(database.db, options.winery)
        const result = await resolveException(
          database.db,
          winery.winery_id,
          id,
          decisionOf(options),
          options.why,
          actor,
        )
        return {
          json: { winery: winery.slug, ...result },
          text: `Exception ${result.exceptionId} (${result.code}) is decided. ${result.done}`,
        }
      }),
  )
}

function decisionOf(options: { customer?: string; shared?: true; onePerson?: true; take?: true }): Decision {
  if (options.customer !== undefined) return { kind: 'customer', customerId: options.customer }
  if (options.shared) return { kind: 'shared' }
  if (options.onePerson) return { kind: 'one person' }
  if (options.take) return { kind: 'take' }
  return { kind: 'close' }
}
