/** `settings show`, `settings set`. */

import { type Command, InvalidArgumentError, Option } from 'commander'
import { mailPolicies, nightMails } from '../contract/vocabulary.ts'
import { findPlace } from '../crm/brands.ts'
import {
  changeSettings,
  type SettingsChange,
  type ShownSettings,
  showSettings,
} from '../crm/web-store-settings.ts'
import { findWinery } from '../crm/wineries.ts'
import type { Door } from './door.ts'
import { factsText, tableText } from './format-table.ts'

export function addSettingsCommands(program: Command, door: Door): void {
  const settings = program
    .command('settings')
    .description('Web Store Settings: what new customers get, how pulls behave')
  addShow(settings, door)
  addSet(settings, door)
}

function addShow(settings: Command, door: Door): void {
  const show = settings
    .command('show')
    .description("the winery's settings, each brand's own, and what holds in the end")
    .requiredOption('--winery <slug>', 'the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock settings show --winery juniper-hill')
  show.action((options: { winery: string }) =>
    door.run(show, async ({ database }) => {
      const shown = await showSettings(database.db, await findWinery(database.db, options.winery))
      return { json: shown, text: settingsText(shown) }
    }),
  )
}

function addSet(settings: Command, door: Door): void {
  const set = settings
    .command('set')
    .description('change settings; what is not named stays as it is')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--brand <code>', 'source, type and tier for this brand alone')
    .option('--customer-source <name>', 'Customer Source of new customers')
    .option('--customer-type <name>', 'Customer Type of new customers')
    .option('--allocation-tier <name>', 'Allocation Tier of new customers; none takes it off')
    .option('--create', 'create names that the lists do not have yet')
    .option('--nightly-release <how>', 'with-pull, by-hand or after:N (days)', releaseWord)
    .addOption(
      new Option('--mail-policy <policy>', 'who may be mailed without having said yes').choices(mailPolicies),
    )
    .addOption(
      new Option('--night-mail <when>', 'when the reservation contact gets the mail after the pulls').choices(
        nightMails,
      ),
    )
    .option(
      '--shared-address <address>',
      'an address or @domain that is no single customer; may be repeated',
      (address: string, before: string[] = []) => [...before, address],
    )
    .option('--history-days <n>', 'how long changes are remembered', wholeNumber(1, 36_500))
    .option(
      '--guard-percent <n>',
      'a pull that takes away more than this waits for approval',
      wholeNumber(1, 100),
    )
    .addOption(
      new Option(
        '--guests-without-reservation <on|off>',
        'whether guests without any reservation become customers',
      ).choices(['on', 'off']),
    )
    .addOption(
      new Option(
        '--export-notes <on|off>',
        'whether notes, dietary ones among them, may leave in exports',
      ).choices(['on', 'off']),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock settings set --winery juniper-hill --customer-source Tock --customer-type Visitor --create',
    )
  set.action(
    (
      options: Omit<SettingsChange, 'guestsWithoutReservation' | 'exportNotes' | 'sharedAddresses'> & {
        winery: string
        brand?: string
        sharedAddress?: string[]
        guestsWithoutReservation?: 'on' | 'off'
        exportNotes?: 'on' | 'off'
      },
    ) => {
      const {
        winery: slug,
        brand: code,
        sharedAddress,
        guestsWithoutReservation,
        exportNotes,
        ...rest
      } = options
      const { json: _, create, ...named } = { json: undefined, ...rest }
      if (Object.keys(named).length === 0 && !sharedAddress && !guestsWithoutReservation && !exportNotes) {
        set.error('error: nothing to set: name at least one setting')
      }
      return door.run(set, async ({ database, actor }) => {
        const { winery, brand } = await findPlace(database.db, { winery: slug, brand: code })
        await changeSettings(
          database.db,
          winery.winery_id,
          brand?.brand_id ?? '0',
          {
            ...named,
            create,
            sharedAddresses: sharedAddress,
            guestsWithoutReservation: isOn(guestsWithoutReservation),
            exportNotes: isOn(exportNotes),
          },
          actor,
        )
        const shown = await showSettings(database.db, winery)
        return { json: shown, text: `Settings are changed.\n\n${settingsText(shown)}` }
      })
    },
  )
}

function settingsText(shown: ShownSettings): string {
  const facts = factsText([
    ['Winery', `${shown.name} (${shown.winery})`],
    ['Time zone', shown.timeZone],
    ['Reservation contact', shown.reservationContact],
    ['Nightly release', shown.nightlyRelease],
    ['Mail policy', shown.mailPolicy],
    ['Mail after the pulls', shown.nightMail],
    ['Guests without reservation', shown.guestsWithoutReservation ? 'become customers' : 'are left out'],
    ['Notes in exports', shown.exportNotes ? 'may leave' : 'stay out'],
    ['History', `${shown.historyDays} days`],
    ['Guard', `${shown.guardPercent} %`],
    ['Shared addresses', shown.sharedAddresses.join(', ') || '-'],
  ])
  const { defaults } = shown
  const mark = (own: string | null, effective: string | null) =>
    effective === null ? '-' : own === null ? `${effective} (winery)` : effective
  const table = tableText(
    ['new customers of', 'customer source', 'customer type', 'allocation tier'],
    [
      ['the winery', defaults.customerSource, defaults.customerType, defaults.allocationTier],
      ...shown.brands.map(({ brand, own, effective }) => [
        `brand ${brand}`,
        mark(own.customerSource, effective.customerSource),
        mark(own.customerType, effective.customerType),
        mark(own.allocationTier, effective.allocationTier),
      ]),
    ],
  )
  const lacking =
    defaults.customerSource === null || defaults.customerType === null
      ? `\n\nWithout a customer source and type there is no pull: settings set --winery ${shown.winery} --customer-source NAME --customer-type NAME --create`
      : ''
  return `${facts}\n\n${table}${lacking}`
}

function isOn(given: 'on' | 'off' | undefined): boolean | undefined {
  return given === undefined ? undefined : given === 'on'
}

function releaseWord(text: string): string {
  if (/^(with-pull|by-hand|after:[1-9]\d{0,3})$/.test(text)) return text
  throw new InvalidArgumentError('Use with-pull, by-hand or after:N (days).')
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`Use a whole number from ${least} to ${most}.`)
  }
}
