/** `locations list`, `locations map`. */

import type { Command } from 'commander'
import { findPlace } from '../crm/brands.ts'
import { listLocations, mapLocation } from '../crm/locations.ts'
import type { Door } from './door.ts'
import { camelCaseRow, many, tableText } from './format-table.ts'

export function addLocationsCommands(program: Command, door: Door): void {
  const locations = program.command('locations').description("Tock's seating areas: map them to locations")

  const list = locations
    .command('list')
    .description("seating areas and their locations; the one without an area is the brand's default")
    .requiredOption('--winery <slug>', 'the winery')
    .option('--brand <code>', 'only of this brand')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock locations list --winery juniper-hill')
  list.action((options: { winery: string; brand?: string }) =>
    door.run(list, async ({ database }) => {
      const { winery, brand } = await findPlace(database.db, options)
      const rows = (await listLocations(database.db, winery.winery_id, brand?.code)).map(camelCaseRow)
      if (rows.length === 0) {
        const text = `No brands yet. Add one: brand add --winery ${winery.slug} --code CODE --name NAME --business-group ID --business ID`
        return { json: rows, text }
      }
      const table = tableText(
        ['brand', 'area', 'name', 'reservations', 'location'],
        rows.map((row) => [
          row.brand,
          row.seatingAreaId ?? '(default)',
          row.seatingArea,
          row.reservations,
          row.location ?? '(unmapped)',
        ]),
      )
      const open = rows.filter((row) => row.location === null && row.seatingAreaId !== null).length
      const next =
        open === 0
          ? `To change one: locations map --winery ${winery.slug} --brand CODE [--seating-area ID] --location NAME`
          : `${many(open, 'seating area')} to map: locations map --winery ${winery.slug} --brand CODE [--seating-area ID] --location NAME`
      return { json: rows, text: `${table}\n\n${next}` }
    }),
  )

  const map = locations
    .command('map')
    .description('give a seating area, or without one the brand, its location; past reservations get it too')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--brand <code>', 'the brand')
    .option('--seating-area <id>', "Tock's id of the seating area; without it: the brand's default")
    .requiredOption('--location <name>', 'the location')
    .option('--create', 'create the location when the list lacks it')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ ecellar-tock locations map --winery juniper-hill --brand JH --location "Tasting Room" --create',
    )
  map.action(
    (options: { winery: string; brand: string; seatingArea?: string; location: string; create?: true }) =>
      door.run(map, async ({ database, actor }) => {
        const { winery, brand } = await findPlace(database.db, options)
        const { pastReservations, ...mapped } = await mapLocation(
          database.db,
          brand,
          {
            seatingAreaId: options.seatingArea,
            location: options.location,
            create: options.create ?? false,
          },
          actor,
        )
        const what =
          mapped.seatingAreaId === null
            ? `The default of ${brand.code}`
            : `"${mapped.seatingArea ?? mapped.seatingAreaId}" of ${brand.code}`
        return {
          json: { pastReservations, winery: winery.slug, brand: brand.code, ...mapped },
          text: `This concerns ${many(pastReservations, 'past reservation')} (${many(mapped.reservations, 'reservation')} in all).\n${what} is the location "${mapped.location}" now.`,
        }
      }),
  )
}
