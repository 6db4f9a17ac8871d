/** `customers …`: bring eCELLAR's customers in, opt them out or in again, tell or erase what is kept. Nothing asks a question. */

import type { Command } from 'commander'
import type { ErasureHash } from '../crm/erased-people.ts'
import { addReleaseCommands } from './customers-release-commands.ts'
import { eraseText, importText, optOutText } from './customers-text.ts'
import type { Context, Door } from './door.ts'

export function addCustomersCommands(program: Command, door: Door): void {
  const customers = program.command('customers').description("a winery's customers")
  addImport(customers, door)
  addReleaseCommands(customers, door)
  addOptOut(customers, door)
  addOptIn(customers, door)
  addExportPerson(customers, door)
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

function addOptIn(customers: Command, door: Door): void {
  const command = customers
    .command('opt-in')
    .description('opt a customer in to e-mail again, because they asked for it')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--id <customer>', 'the customer with this id (customer_id of reporting.customers)')
    .requiredOption('--why <reason>', 'how they asked for it')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  ecellar-tock customers opt-in --winery juniper-hill --id 1201 --why "signed at the tasting room"',
    )
  command.action(async (options: { winery: string; id: string; why: string }) => {
    await door.run(command, async ({ database, actor }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { optInCustomer } = await import('../crm/customers-opt-in.ts')
      const winery = await findWinery(database.db, options.winery)
      const work = { db: database.db, wineryId: winery.winery_id, actor, why: options.why }
      const result = await optInCustomer(work, options.id)
      return {
        json: { customerId: options.id, ...result },
        text: result.optedIn
          ? `Customer ${options.id} is opted in to e-mail.`
          : `Customer ${options.id} was opted in already.`,
      }
    })
  })
}

function addExportPerson(customers: Command, door: Door): void {
  const command = customers
    .command('export-person')
    .description('print everything that is kept of one person, as JSON, for the person who asks for it')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--email <address>', 'the person with this address')
    .option('--id <customer>', 'the customer with this id (customer_id of reporting.customers)')
    .option('--json', 'as it is printed anyway')
    .addHelpText(
      'after',
      '\nExample:\n  ecellar-tock customers export-person --winery juniper-hill --email guest@example.com > guest.json',
    )
  command.action(async (options: { winery: string; email?: string; id?: string }) => {
    if (given(options.email, options.id) !== 1) {
      command.error('error: name whose data to print: exactly one of --email E, --id N', { exitCode: 2 })
    }
    await door.run(command, async ({ database, actor }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { exportPerson } = await import('../crm/export-person.ts')
      const winery = await findWinery(database.db, options.winery)
      const told = await exportPerson(
        { db: database.db, wineryId: winery.winery_id, actor },
        options.email === undefined ? { customerId: options.id ?? '' } : { email: options.email },
      )
      return { json: told, text: JSON.stringify(told, null, 2) }
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
