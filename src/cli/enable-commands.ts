/** `enable`, `disable`: Support's switch for the nightly pulls of a brand. */

import type { Command } from 'commander'
import { findPlace } from '../crm/brands.ts'
import { disableBrand, type Enabled, enableBrand } from '../crm/enabling.ts'
import type { Door } from './door.ts'
import { many } from './format-table.ts'

export function addEnableCommands(program: Command, door: Door): void {
  const enable = program
    .command('enable')
    .description("switch a brand's nightly pulls on, after its initial pull")
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--brand <code>', 'the brand')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock enable --winery juniper-hill --brand JH')
  enable.action((options: { winery: string; brand: string }) =>
    door.run(enable, async ({ database, actor }) => {
      const { winery, brand } = await findPlace(database.db, options)
      const enabled = await enableBrand(database.db, brand, actor)
      return {
        json: { winery: winery.slug, brand: brand.code, enabled: true, ...enabled },
        text: enabledText(winery.slug, brand.code, enabled),
      }
    }),
  )

  const disable = program
    .command('disable')
    .description("switch a brand's nightly pulls off; nothing stored is changed")
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--brand <code>', 'the brand')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock disable --winery juniper-hill --brand JH')
  disable.action((options: { winery: string; brand: string }) =>
    door.run(disable, async ({ database, actor }) => {
      const { winery, brand } = await findPlace(database.db, options)
      const { wasEnabled } = await disableBrand(database.db, brand, actor)
      return {
        json: { winery: winery.slug, brand: brand.code, enabled: false, wasEnabled },
        text: wasEnabled
          ? `Nightly pulls of ${brand.code} are off. What is stored stays as it is.`
          : `Nightly pulls of ${brand.code} were off already.`,
      }
    }),
  )
}

function enabledText(winery: string, brand: string, enabled: Enabled): string {
  const lines = [
    `Nightly pulls of ${brand} are on${enabled.alreadyEnabled ? ' (they were already)' : ''}.`,
    `Customers that nightly pulls create ${releaseText(enabled.nightlyRelease)}. Once released they count as New customers in scheduled campaigns. To change it: settings set --winery ${winery} --nightly-release …`,
  ]
  if (enabled.customersUnreleased > 0) {
    lines.push(
      `${many(enabled.customersUnreleased, 'customer')} not released for marketing yet: customers release --winery ${winery} …`,
    )
  }
  if (enabled.experiencesUnmapped > 0) {
    lines.push(
      `${many(enabled.experiencesUnmapped, 'experience')} to map: experiences list --winery ${winery} --brand ${brand}`,
    )
  }
  if (enabled.locationsUnmapped > 0) {
    lines.push(
      `${many(enabled.locationsUnmapped, 'seating area')} to map: locations list --winery ${winery} --brand ${brand}`,
    )
  }
  return lines.join('\n')
}

function releaseText(nightlyRelease: string): string {
  if (nightlyRelease === 'with-pull') return 'are released for marketing with the pull'
  if (nightlyRelease === 'by-hand') return 'wait until somebody releases them for marketing'
  const days = Number(nightlyRelease.slice('after:'.length))
  return `are released for marketing after ${many(days, 'day')}`
}
