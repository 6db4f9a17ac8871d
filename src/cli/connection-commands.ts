/** `connection test`: before anything is pulled, what Tock says to this key and these ids. */

import type { Command } from 'commander'
import { findPlace } from '../crm/brands.ts'
import type { Door } from './door.ts'
import { factsText } from './format-table.ts'

export function addConnectionCommands(program: Command, door: Door): void {
  const connection = program.command('connection').description('ask Tock whether key and ids are right')
  const test = connection
    .command('test')
    .description('say what Tock calls this business, its zone, and how many files it has')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--brand <code>', 'the brand')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock connection test --winery juniper-hill --brand JH')
  test.action((options: { winery: string; brand: string }) =>
    door.run(test, async ({ config, database, secrets, signal }) => {
      const { winery, brand } = await findPlace(database.db, options)
      const { testBrandConnection } = await import('../pull/test-brand-connection.ts')
      const found = await testBrandConnection({
        db: database.db,
        secrets: await secrets(),
        winery: winery.slug,
        brand: {
          wineryId: winery.winery_id,
          brandId: brand.brand_id,
          code: brand.code,
          businessId: brand.business_id,
          businessGroupId: brand.business_group_id,
        },
        tock: { apiUrl: config.tockApiUrl, allowLoopbackHttp: config.tockApiUrlIsSet },
        signal,
      })
      const facts = factsText([
        ['Business', `${found.businessName ?? 'without a name'} (${brand.business_id})`],
        ['Time zone', found.timeZone],
        ['Reservation files', found.reservationFiles],
        ['Guest files', found.guestFiles],
      ])
      const next = `Next: pull --winery ${winery.slug} --brand ${brand.code} --preview`
      return {
        json: {
          winery: winery.slug,
          brand: brand.code,
          businessId: brand.business_id,
          ...found,
          files: found.reservationFiles + found.guestFiles,
        },
        text: `Tock accepts the key.\n${facts}\n${next}`,
      }
    }),
  )
}
