/** `winery add`, `winery list`; `winery export` and `winery delete` for one that leaves. */

import type { Command } from 'commander'
import { addWinery, listWineries } from '../crm/wineries.ts'
import type { Door } from './door.ts'
import { camelCaseRow, factsText, tableText } from './format-table.ts'
import { addLeavingCommands } from './leaving-commands.ts'

export function addWineryCommands(program: Command, door: Door): void {
  const winery = program.command('winery').description('add wineries, list them, let them leave')

  const add = winery
    .command('add')
    .description('add a winery; under the same slug and name again, change its time zone or contact')
    .requiredOption('--slug <slug>', 'its short name in commands and addresses')
    .requiredOption('--name <name>', 'its name')
    .option('--time-zone <zone>', 'its own time zone (preset: America/Los_Angeles)')
    .option('--reservation-contact <mail>', 'who gets the mail after the pulls')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock winery add --slug juniper-hill --name "Juniper Hill" --time-zone America/Los_Angeles',
    )
  add.action((options: { slug: string; name: string; timeZone?: string; reservationContact?: string }) =>
    door.run(add, async ({ database, actor }) => {
      const { outcome, winery: row } = await addWinery(database.db, options, actor)
      const json = {
        winery: row.slug,
        name: row.name,
        timeZone: row.time_zone,
        reservationContact: row.reservation_contact,
        createdAt: row.created_at,
        outcome,
      }
      const said = {
        added: `Winery "${row.slug}" is added.`,
        updated: `Winery "${row.slug}" was there; its time zone and contact are changed.`,
        unchanged: `Winery "${row.slug}" was there; nothing is changed.`,
      }
      const facts = factsText([
        ['Name', row.name],
        ['Time zone', row.time_zone],
        ['Contact', row.reservation_contact],
      ])
      const next = `Next: brand add --winery ${row.slug} --code CODE --name NAME --business-group ID --business ID`
      return { json, text: [said[outcome], facts, next].join('\n') }
    }),
  )

  addLeavingCommands(winery, door)

  const list = winery
    .command('list')
    .description('all wineries')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock winery list')
  list.action(() =>
    door.run(list, async ({ database }) => {
      const rows = await listWineries(database.db)
      const text =
        rows.length === 0
          ? 'No wineries yet. Add one: winery add --slug SLUG --name NAME'
          : tableText(
              ['winery', 'name', 'time zone', 'contact', 'brands'],
              rows.map((row) => [row.winery, row.name, row.time_zone, row.reservation_contact, row.brands]),
            )
      return { json: rows.map(camelCaseRow), text }
    }),
  )
}
