/** `experiences list`, `experiences map`, `experiences ignore`. */

import { type Command, Option } from 'commander'
import { findPlace } from '../crm/brands.ts'
import { ignoreExperience, listExperiences, mapExperience } from '../crm/experiences.ts'
import type { Door } from './door.ts'
import { camelCaseRow, many, tableText } from './format-table.ts'

export function addExperiencesCommands(program: Command, door: Door): void {
  const experiences = program
    .command('experiences')
    .description('the Tock Experiences List: map it to reservation types')
  addList(experiences, door)
  addMap(experiences, door)
  addIgnore(experiences, door)
}

function addList(experiences: Command, door: Door): void {
  const list = experiences
    .command('list')
    .description('what pulls have seen, unmapped ones first')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--brand <code>', 'only of this brand')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock experiences list --winery juniper-hill')
  list.action((options: { winery: string; brand?: string }) =>
    door.run(list, async ({ database }) => {
      const { winery, brand } = await findPlace(database.db, options)
      const rows = (await listExperiences(database.db, winery.winery_id, brand?.code)).map(camelCaseRow)
      if (rows.length === 0) {
        const text = `No experiences yet: pulls bring them. Start with: pull --winery ${winery.slug} --brand CODE --preview`
        return { json: rows, text }
      }
      const table = tableText(
        ['brand', 'experience', 'name', 'reservations', 'reservation type'],
        rows.map((row) => [row.brand, row.experienceId, row.name, row.reservations, typeText(row)]),
      )
      const open = rows.filter((row) => row.reservationType === null && row.ignored !== true).length
      const next =
        open === 0
          ? 'Every experience is mapped or ignored.'
          : `${many(open, 'experience')} to map: experiences map --winery ${winery.slug} --brand CODE --experience ID --reservation-type NAME`
      return { json: rows, text: `${table}\n\n${next}` }
    }),
  )
}

function typeText(row: Record<string, unknown>): string {
  if (row.reservationType === null) return row.ignored === true ? '(ignored)' : '(unmapped)'
  return row.notAVisit === true ? `${row.reservationType} (not a visit)` : String(row.reservationType)
}

function addMap(experiences: Command, door: Door): void {
  const map = experiences
    .command('map')
    .description('give an experience its reservation type; past reservations get it too')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--brand <code>', 'the brand')
    .requiredOption('--experience <id>', "Tock's id of the experience")
    .requiredOption('--reservation-type <name>', 'the reservation type')
    .option('--create', 'create the reservation type when the list lacks it')
    .addOption(
      new Option(
        '--not-a-visit',
        'reservations of this type are no visits (virtual tasting, staff, deposit)',
      ).conflicts('visit'),
    )
    .option('--visit', 'reservations of this type are visits after all')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock experiences map --winery juniper-hill --brand JH --experience 100701 --reservation-type "Estate Tasting" --create',
    )
  map.action(
    (options: {
      winery: string
      brand: string
      experience: string
      reservationType: string
      create?: true
      notAVisit?: true
      visit?: true
    }) =>
      door.run(map, async ({ database, actor }) => {
        const { winery, brand } = await findPlace(database.db, options)
        const mapped = await mapExperience(
          database.db,
          brand,
          {
            experienceId: options.experience,
            reservationType: options.reservationType,
            create: options.create ?? false,
            notAVisit: options.notAVisit ? true : options.visit ? false : undefined,
          },
          actor,
        )
        const { pastReservations, ...rest } = mapped
        const name = mapped.experience ?? mapped.experienceId
        const lines = [
          `This concerns ${many(pastReservations, 'past reservation')} (${many(mapped.reservations, 'reservation')} in all).`,
          `"${name}" of ${brand.code} is the reservation type "${mapped.reservationType}" now.`,
        ]
        if (mapped.notAVisit) {
          lines.push(
            `Reservations of this type do not count as visits${mapped.sharedWith > 0 ? `, also those of ${many(mapped.sharedWith, 'other experience')} with this type` : ''}.`,
          )
        }
        return {
          json: { pastReservations, winery: winery.slug, brand: brand.code, ...rest },
          text: lines.join('\n'),
        }
      }),
  )
}

function addIgnore(experiences: Command, door: Door): void {
  const ignore = experiences
    .command('ignore')
    .description('take an experience off the to-do list; its reservations are kept all the same')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--brand <code>', 'the brand')
    .requiredOption('--experience <id>', "Tock's id of the experience")
    .option('--undo', 'put it back on the list')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock experiences ignore --winery juniper-hill --brand JH --experience 100701',
    )
  ignore.action((options: { winery: string; brand: string; experience: string; undo?: true }) =>
    door.run(ignore, async ({ database, actor }) => {
      const { winery, brand } = await findPlace(database.db, options)
      const done = await ignoreExperience(
        database.db,
        brand,
        options.experience,
        options.undo !== true,
        actor,
      )
      const name = done.experience ?? done.experienceId
      return {
        json: { winery: winery.slug, brand: brand.code, ...done },
        text: done.ignored
          ? `"${name}" is off the to-do list. Its reservations are kept as before.`
          : `"${name}" is on the list again.`,
      }
    }),
  )
}
