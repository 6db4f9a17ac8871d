/** `database url`: the way in for SQL, as the owner or as one winery's analyst. */

import { type Command, Option } from 'commander'
import { analystUrl } from '../access/analyst-login.ts'
import { otherClients } from '../crm/check-links.ts'
import { findWinery } from '../crm/wineries.ts'
import type { Door } from './door.ts'
import { startKeeper } from './start-keeper.ts'

/** How long the program's own server stays up for somebody who has asked for its address. */
const keptSeconds = 120

export function addDatabaseCommands(program: Command, door: Door): void {
  const databaseGroup = program
    .command('database')
    .description("the database's address, for the owner or an analyst")

  const url = databaseGroup
    .command('url')
    .description('print the connection string: a secret')
    .option('--analyst', "a winery's analyst: reads the schema reporting, sees that winery alone")
    .option('--winery <slug>', "the analyst's winery")
    .addOption(new Option('--keep-seconds <n>').default(String(keptSeconds)).hideHelp())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ psql "$(ecellar-tock database url --analyst --winery juniper-hill)"',
    )
  url.action(async (options: { analyst?: true; winery?: string; keepSeconds: string }) => {
    const { winery: slug } = options
    if (options.analyst && slug === undefined) url.error('error: --analyst needs --winery')
    if (!options.analyst && slug !== undefined) url.error('error: --winery goes with --analyst')
    await door.run(url, async ({ config, database, secrets, note }) => {
      const printed =
        slug === undefined
          ? database.url
          : await analystUrl({
              db: database.db,
              secrets: await secrets(),
              ownerUrl: database.url,
              wineryId: (await findWinery(database.db, slug)).winery_id,
            })
      if (database.embedded) {
        await startKeeper(config.dataDir, options.keepSeconds)
        note(
          `This is the program's own server: the address is good while it runs. It stays up for ${keptSeconds / 60} minutes, and as long as anybody is connected.`,
        )
      }
      return {
        json: { url: printed, role: slug === undefined ? 'owner' : 'analyst', winery: slug ?? null },
        text: printed,
      }
    })
  })

  const keep = databaseGroup
    .command('keep', { hidden: true })
    .description("keep the program's own server running until nobody has been connected for a while")
    .option('--seconds <n>', 'for how long', String(keptSeconds))
    .option('--json', 'print JSON')
  keep.action((options: { seconds: string }) =>
    door.run(keep, async ({ database, signal }) => {
      // Whoever started this waits for the line before leaving the server.
      process.stdout.write('joined\n')
      const pauseMs = 1_000
      let quietSince = Date.now()
      while (!signal.aborted && Date.now() - quietSince < Number(options.seconds) * 1000) {
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
        if ((await otherClients(database.db)) > 0) quietSince = Date.now()
      }
      return { json: undefined, text: '' }
    }),
  )
}
