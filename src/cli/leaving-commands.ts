/** `winery export`, `winery delete`: a winery leaves, with everything that is its own. */

import { open, rename, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { Refusal } from '../contract/errors.ts'
import type { WineryExport } from '../crm/winery-export.ts'
import type { Door } from './door.ts'
import { many } from './format-table.ts'

export function addLeavingCommands(winery: Command, door: Door): void {
  addExport(winery, door)
  addDelete(winery, door)
}

function addExport(winery: Command, door: Door): void {
  const command = winery
    .command('export')
    .description('write everything that is kept of a winery into one ZIP file; no secrets')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--to <file>', 'the file to write; one that is there is not overwritten')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nThe file holds guests: guard it.\n\nExample:\n  $ ecellar-tock winery export --winery juniper-hill --to juniper-hill.zip',
    )
  command.action((options: { winery: string; to: string }) =>
    door.run(command, async ({ database, actor, signal }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { exportWinery } = await import('../crm/winery-export.ts')
      const found = await findWinery(database.db, options.winery)
      const file = resolve(options.to)
      await assertNew(file)
      // Under another name until it is whole.
      const partial = `${file}.partial`
      let made: WineryExport
      try {
        // Opened before anything is read: a folder that is not there costs nothing.
        const handle = await open(partial, 'w', 0o600)
        made = await exportWinery({ database, winery: found, actor }).catch(async (error: unknown) => {
          await handle.close()
          throw error
        })
        await pipeline(made.stream, handle.createWriteStream(), { signal })
        await rename(partial, file)
      } catch (error) {
        await rm(partial, { force: true })
        if (error instanceof Error && 'code' in error && /^E[A-Z]+$/.test(String(error.code))) {
          throw new Refusal(
            'invalid',
            `The file "${file}" cannot be written (${String(error.code)}).`,
            'Check the folder and its rights.',
          )
        }
        throw error
      }
      const rows = Object.fromEntries(made.rows)
      const total = [...made.rows.values()].reduce((sum, count) => sum + count, 0)
      return {
        json: { winery: found.slug, file, rows },
        text: `${many(total, 'row')} of ${found.name} in ${many(made.rows.size, 'file')} are in ${file}. It holds guests: guard it.`,
      }
    }),
  )
}

function addDelete(winery: Command, door: Door): void {
  const command = winery
    .command('delete')
    .description('delete a winery with everything that is kept of it, for good')
    .requiredOption('--winery <slug>', 'the winery')
    .requiredOption('--confirm <slug>', 'the same once more')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExport it first: it cannot be undone.\n\nExample:\n  $ ecellar-tock winery delete --winery juniper-hill --confirm juniper-hill',
    )
  command.action((options: { winery: string; confirm: string }) =>
    door.run(command, async ({ database, actor }) => {
      const { findWinery } = await import('../crm/wineries.ts')
      const { deleteWinery } = await import('../crm/winery-delete.ts')
      const found = await findWinery(database.db, options.winery)
      const deleted = await deleteWinery({ db: database.db, winery: found, actor }, options.confirm)
      const total = Object.values(deleted.rows).reduce((sum, count) => sum + count, 0)
      return {
        json: deleted,
        text: `${found.name} is deleted: ${many(total, 'row')} of ${many(Object.keys(deleted.rows).length, 'table')}. One line of the audit says so. Backups of the database still hold it until they expire.`,
      }
    }),
  )
}

async function assertNew(file: string): Promise<void> {
  const there = await stat(file).then(
    () => true,
    () => false,
  )
  if (there)
    throw new Refusal('invalid', `The file "${file}" is there already.`, 'Name another one with --to.')
}
