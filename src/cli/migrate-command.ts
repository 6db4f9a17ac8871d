/** `migrate`: every command brings the tables up to date; this one does nothing else and says what it did. */

import type { Command } from 'commander'
import { serverState } from '../crm/check-links.ts'
import type { Door } from './door.ts'

export function addMigrateCommand(program: Command, door: Door): void {
  const migrate = program
    .command('migrate')
    .description('bring the tables up to date, and say what was done')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock migrate')
  migrate.action(() =>
    door.run(migrate, async ({ database }) => {
      const { version, migrations } = await serverState(database.db)
      // The door has migrated before this runs, by this program's clock.
      const applied = migrations
        .filter((one) => Date.parse(one.appliedAt) >= performance.timeOrigin)
        .map((one) => one.name)
      return {
        json: { applied, migrations: migrations.map((one) => one.name), server: version },
        text:
          applied.length === 0
            ? `The tables are up to date (${migrations.at(-1)?.name}, PostgreSQL ${version}).`
            : `Applied: ${applied.join(', ')}. The tables are up to date (PostgreSQL ${version}).`,
      }
    }),
  )
}
