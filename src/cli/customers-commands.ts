/** `customers …`: bring eCELLAR's customers in, release them, opt them out, erase them. Nothing asks a question. */

import type { Command } from 'commander'
import type { ErasureHash } from '../crm/erased-people.ts'
import { eraseText, importText, optOutText, releaseText } from './customers-text.ts'
import type { Context, Door } from './door.ts'

export function addCustomersCommands(program: Command, door: Door): void {
  const customers = program.command('customers').description("a winery's customers")
  addImport(customers, door)
  addRelease(customers, door)
  addOptOut(customers, door)
  addErase(customers, door)
}

function addImport(customers: Command, door: Door): void {
  const command = customers
    .command('import <file>')
    .description('bring in or update customers from a CSV file of eCELLAR ("-" reads standard input)')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
The first line names the columns, in any order:
  customer_id,email,first_name,last_name,customer_source,customer_type,allocation_tier,
  active,wants_email,created_on,bounced,club_member,tags
customer_id is the key where a row has one, else email. Empty cells change nothing. Tags are split at ";" or "|".

Example:
  ecellar-tock customers import customers.csv --winery juniper-hill`,
    )
  command.action((file: string, options: { winery: string }) =>
    door.run(command, async (context) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { readTableFile } = await import('../crm/read-table-file.ts')
      const { importCustomers } = await import('../crm/customers-import.ts')
      const winery = await findWinery(context.database.db, options.winery)
      const table = await readTableFile(file)
      const result = await importCustomers(
        {
          database: context.database,
          winery,
          actor: context.actor,
          hash: await erasureHasher(context),
        },
        table,
      )
      return { json: result, text: importText(result) }
    }),
  )
}

function addRelease(customers: Command, door: Door): void {
  const command = customers
    .command('release')
    .description('release customers for marketing: all, those of a pull, or one')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--all', 'everybody who is not released yet')
    .option('--pull <id>', 'those whom this pull created')
    .option('--email <address>', 'the customers with this address')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  ecellar-tock customers release --winery juniper-hill --pull 12')
  command.action(async (options: { winery: string; all?: true; pull?: string; email?: string }) => {
    const whom =
      options.pull !== undefined
        ? { pullId: options.pull }
        : options.email !== undefined
          ? { email: options.email }
          : { all: true as const }
    if (given(options.all, options.pull, options.email) !== 1) {
      command.error('error: name whom to release: exactly one of --all, --pull ID, --email E', {
        exitCode: 2,
      })
    }
    await door.run(command, async ({ database, actor }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { releaseCustomers } = await import('../crm/customers-release.ts')
      const winery = await findWinery(database.db, options.winery)
      const result = await releaseCustomers({ db: database.db, wineryId: winery.winery_id, actor }, whom)
      return { json: result, text: releaseText(result) }
    })
  })
}

function addOptOut(customers: Command, door: Door): void {
  const command = customers
    .command('opt-out')
    .description('opt customers out of e-mail, at once')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--why <reason>', 'who asked for it, and how')
    .option('--email <address>', 'the customers with this address')
    .option(
      '--file <file>',
      'one address per line, or a CSV file with a column email ("-" reads standard input)',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  ecellar-tock customers opt-out --winery juniper-hill --email guest@example.com --why "asked by phone"',
    )
  command.action(async (options: { winery: string; why: string; email?: string; file?: string }) => {
    if (given(options.email, options.file) !== 1) {
      command.error('error: name whom to opt out: exactly one of --email E, --file F', { exitCode: 2 })
    }
    await door.run(command, async ({ database, actor }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { readTableFile } = await import('../crm/read-table-file.ts')
      const { optOutCustomer, optOutCustomers, readAddresses } = await import('../crm/customers-opt-out.ts')
      const winery = await findWinery(database.db, options.winery)
      const work = { db: database.db, wineryId: winery.winery_id, actor, why: options.why }
      const result =
        options.email === undefined
          ? await optOutCustomers(work, readAddresses(await readTableFile(options.file ?? '-')))
          : await optOutCustomer(work, options.email)
      return { json: result, text: optOutText(result) }
    })
  })
}

function addErase(customers: Command, door: Door): void {
  const command = customers
    .command('erase')
    .description(
      'erase a person for good; reservations stay without them, and no pull or import brings them back',
    )
    .requiredOption('--winery <slug>', 'the winery')
    .option('--email <address>', 'the person with this address')
    .option('--id <customer>', 'the customer with this id (customer_id of reporting.customers)')
    .option('--json', 'print the receipt as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  ecellar-tock customers erase --winery juniper-hill --email guest@example.com',
    )
  command.action(async (options: { winery: string; email?: string; id?: string }) => {
    if (given(options.email, options.id) !== 1) {
      command.error('error: name whom to erase: exactly one of --email E, --id N', { exitCode: 2 })
    }
    await door.run(command, async (context) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { erasePerson } = await import('../crm/customers-erase.ts')
      const winery = await findWinery(context.database.db, options.winery)
      const receipt = await erasePerson(
        {
          db: context.database.db,
          wineryId: winery.winery_id,
          actor: context.actor,
          hash: await erasureHasher(context),
        },
        options.email === undefined ? { customerId: options.id ?? '' } : { email: options.email },
      )
      return { json: receipt, text: eraseText(receipt) }
    })
  })
}

async function erasureHasher(context: Context): Promise<ErasureHash> {
  const { erasureHash } = await import('../access/erasure-hash.ts')
  const secrets = await context.secrets()
  const key = await secrets.erasureKey()
  return (what, value) => erasureHash(key, what, value)
}

function given(...options: (string | true | undefined)[]): number {
  return options.filter((option) => option !== undefined).length
}
