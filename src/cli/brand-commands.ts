/** `brand add`, `brand list`. */

import type { Command } from 'commander'
import { addBrand, listBrands } from '../crm/brands.ts'
import { findWinery } from '../crm/wineries.ts'
import type { Door } from './door.ts'
import { camelCaseRow, tableText } from './format-table.ts'

export function addBrandCommands(program: Command, door: Door): void {
  const brand = program.command('brand').description("add a winery's brands, list them")

  const add = brand
    .command('add')
    .description('add a brand; with a code that is there, change its name or its ids')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--code <code>', 'its Brand Code')
    .requiredOption('--name <name>', 'its name')
    .requiredOption('--business-group <id>', "Tock's Business Group ID")
    .requiredOption('--business <id>', "Tock's Business ID; it belongs to one brand")
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock brand add --winery juniper-hill --code JH --name "Juniper Hill" --business-group 55 --business 707',
    )
  add.action(
    (options: { winery: string; code: string; name: string; businessGroup: string; business: string }) =>
      door.run(add, async ({ database, actor }) => {
        const winery = await findWinery(database.db, options.winery)
        const { outcome, brand: row } = await addBrand(
          database.db,
          winery.winery_id,
          {
            code: options.code,
            name: options.name,
            businessGroupId: options.businessGroup,
            businessId: options.business,
          },
          actor,
        )
        const json = {
          winery: winery.slug,
          brand: row.code,
          name: row.name,
          businessGroupId: row.business_group_id,
          businessId: row.business_id,
          enabledAt: row.enabled_at,
          outcome,
        }
        const at = `--winery ${winery.slug} --brand ${row.code}`
        const said = {
          added: `Brand ${row.code} is added, with business ${row.business_id} of group ${row.business_group_id}.\nNext: key set ${at} (or for all brands: key set --winery ${winery.slug}), then: connection test ${at}`,
          updated: `Brand ${row.code} is changed.`,
          unchanged: `Brand ${row.code} was there; nothing is changed.`,
          'another business': `Brand ${row.code} has business ${row.business_id} of group ${row.business_group_id} now. Its next pull is an initial one and nightly pulls are off until then; what was pulled before stays as history.\nNext: pull ${at} --preview`,
        }
        return { json, text: said[outcome] }
      }),
  )

  const list = brand
    .command('list')
    .description('the brands, with their Tock business and how far they are')
    .option('--winery <slug>', 'only of this winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock brand list --winery juniper-hill')
  list.action((options: { winery?: string }) =>
    door.run(list, async ({ database }) => {
      const winery = options.winery === undefined ? undefined : await findWinery(database.db, options.winery)
      const rows = await listBrands(database.db, winery?.winery_id)
      const text =
        rows.length === 0
          ? 'No brands yet. Add one: brand add --winery SLUG --code CODE --name NAME --business-group ID --business ID'
          : tableText(
              ['winery', 'brand', 'name', 'group', 'business', 'state'],
              rows.map((row) => [
                row.winery,
                row.brand,
                row.name,
                row.business_group_id,
                row.business_id,
                row.enabled_at
                  ? 'nightly'
                  : row.initial_pull_id
                    ? 'pulled, not enabled'
                    : 'before its initial pull',
              ]),
            )
      return { json: rows.map(camelCaseRow), text }
    }),
  )
}
