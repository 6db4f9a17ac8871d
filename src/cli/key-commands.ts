/** `key set`: the key comes on standard input, never as an argument that others could read in a process list. */

import type { Command } from 'commander'
import { storeTockKey } from '../access/tock-keys.ts'
import { findPlace } from '../crm/brands.ts'
import { voidKeysOnTheirWay } from '../pull/key-hand-over/revoke-keys.ts'
import type { Door } from './door.ts'
import { addKeyHandOverCommands } from './key-hand-over-commands.ts'
import { readSecret } from './read-secret.ts'

export function addKeyCommands(program: Command, door: Door): void {
  const key = program.command('key').description("a winery's Tock API key")
  const set = key
    .command('set')
    .description('store the key that standard input brings; it is sealed and never shown again')
    .requiredOption('--winery <slug>', 'the winery')
    .option('--brand <code>', 'for this brand alone; without it for all brands of the winery')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock key set --winery juniper-hill < key.txt')
  set.action((options: { winery: string; brand?: string }) =>
    door.run(set, async ({ database, secrets, note, actor }) => {
      const { winery, brand } = await findPlace(database.db, options)
      const key = await readSecret(process.stdin, note)
      await storeTockKey(database.db, await secrets(), {
        wineryId: winery.winery_id,
        brandId: brand?.brand_id ?? '0',
        key,
        actor,
      })
      await voidKeysOnTheirWay(database.db, {
        wineryId: winery.winery_id,
        brandId: brand?.brand_id ?? null,
        actor,
        now: new Date(),
      })
      const whose = brand ? `brand ${brand.code}` : `all brands of ${winery.slug}`
      return {
        json: { winery: winery.slug, brand: brand?.code ?? null, stored: true },
        text: `The key for ${whose} is stored.\nNext: connection test --winery ${winery.slug} --brand ${brand?.code ?? 'CODE'}`,
      }
    }),
  )
  addKeyHandOverCommands(key, door)
}
