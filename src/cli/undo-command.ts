/** `pulls undo`: take back what an initial pull brought, or the customers that a pull created. */

import type { Command } from 'commander'
import type { Door } from './door.ts'
import { factsText } from './format-table.ts'

export function addUndoCommand(pulls: Command, door: Door): void {
  const command = pulls
    .command('undo <id>')
    .description('take back what an initial pull brought, or only the customers that a pull created')
    .requiredOption('--why <text>', 'the reason, without personal data')
    .option('--customers', 'only the customers that it created; no later pull makes them again')
    .option('--dry-run', 'only say what would go, and what would stay')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Customers who were matched, edited, released or exported stay.

Example:
  ecellar-tock pulls undo 12 --why "filed under the wrong brand" --dry-run`,
    )
  command.action((id: string, options: { why: string; customers?: true; dryRun?: true }) =>
    door.run(command, async ({ database, actor }) => {
      const { undoPull } = await import('../pull/undo/undo-pull.ts')
      const result = await undoPull(
        { db: database.db, actor, why: options.why, dryRun: options.dryRun ?? false },
        id,
        options.customers ? 'customers' : 'initial pull',
      )
      const head = result.undone
        ? `Taken back: ${result.what} of pull ${id} (${result.brand}).`
        : `Pull ${id} (${result.brand}), ${result.what}: this would go. Nothing was changed.`
      const facts = factsText([
        ['reservations', result.reservations],
        ['customers', result.customers],
        ...Object.entries(result.kept).map(([why, n]): [string, number] => [
          `customers that stay: ${why}`,
          n,
        ]),
      ])
      return { json: result, text: `${head}\n\n${facts}` }
    }),
  )
}
