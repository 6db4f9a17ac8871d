/** `alerts list`: what is news now, and what was. */

import type { Command } from 'commander'
import { findWinery } from '../crm/wineries.ts'
import { readAlerts } from '../jobs/read-alerts.ts'
import type { Door } from './door.ts'
import { tableText } from './format-table.ts'

export function addAlertsCommands(program: Command, door: Door): void {
  const alerts = program.command('alerts').description('what is wrong with pulls, and since when')
  const list = alerts
    .command('list')
    .description('the alerts that are open, newest first')
    .option('--winery <slug>', 'only of this winery')
    .option('--all', 'those that are over, too')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock alerts list')
  list.action((options: { winery?: string; all?: true }) =>
    door.run(list, async ({ database }) => {
      const wineryId =
        options.winery === undefined ? undefined : (await findWinery(database.db, options.winery)).winery_id
      const found = await readAlerts(database.db, {
        ...(wineryId === undefined ? {} : { wineryId }),
        openOnly: options.all !== true,
      })
      const text =
        found.length === 0
          ? 'No alerts. They are looked for each minute while "start" runs.'
          : tableText(
              ['winery', 'brand', 'since', 'over', 'what', 'next step'],
              found.map((one) => [
                one.winery,
                one.brand,
                one.raisedAt,
                one.recoveredAt ?? '',
                one.message,
                one.nextStep,
              ]),
            )
      return { json: found, text }
    }),
  )
}
