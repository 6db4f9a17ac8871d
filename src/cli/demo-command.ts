/** `demo`: everything at once, with made-up people, in a folder and on ports of its own. */

import type { Command } from 'commander'
import type { Answer, Door } from './door.ts'

export function addDemoCommand(program: Command, door: Door): void {
  const command = program
    .command('demo')
    .description('a winery, a Tock and a first pull to look at, in a folder of their own')
    .option('--json', 'print the result as JSON, and end')
    .addHelpText(
      'after',
      `
On a terminal the console, the database and the simulated Tock then run on until Ctrl-C: it prints where the console
is, and how to sign in as each role. The other commands can look at it all as well. Elsewhere, and with --json, the demo ends with everything stopped. Nothing of it stays either way.

Example:
  $ ecellar-tock demo`,
    )
  // The door opens the database of the settings; the demo has one of its own.
  command.action(() =>
    door.runWithoutDatabase(command, async ({ config, note, json, signal }): Promise<Answer> => {
      const { openDemoWorld } = await import('./demo-world.ts')
      const { playDemo } = await import('./demo-story.ts')
      const { demoFigures } = await import('./demo-figures.ts')
      const { demoText, lookFurtherText } = await import('./demo-text.ts')
      const startedAt = Date.now()
      note('Starting a database and a simulated Tock of its own …')
      const world = await openDemoWorld(config)
      try {
        const story = await playDemo(world, note, signal)
        const figures = await demoFigures(world.database.db, story.winery.slug)
        note(`Done in ${((Date.now() - startedAt) / 1000).toFixed(0)} s.\n`)
        const text = demoText(story, figures)
        if (!json && staysOpen()) {
          const { startDemoConsole } = await import('./demo-console.ts')
          note('Starting the console …')
          const demoConsole = await startDemoConsole(world, story.winery.winery_id)
          const further = lookFurtherText({
            address: demoConsole.address,
            users: demoConsole.users,
            folder: world.folder,
            tockUrl: world.simulator.url,
            winery: story.winery.slug,
            brand: story.brands[0]?.code ?? '',
            databaseUrlIsSet: config.databaseUrl !== undefined,
          })
          process.stdout.write(`${text}\n${further}\n`)
          await untilAborted(signal)
          await demoConsole.stop()
          return { json: {}, text: '\nEverything is stopped, and the folder is gone.' }
        }
        const { winery, imported, pulls, experiencesMapped, locationsMapped } = story
        return {
          json: {
            winery: winery.slug,
            name: winery.name,
            imported,
            pulls,
            experiencesMapped,
            locationsMapped,
            ...figures,
            durationMs: Date.now() - startedAt,
          },
          text: `${text}\n\nOn a terminal the demo keeps everything running, to look further.`,
        }
      } catch (error) {
        if (!signal.aborted) throw error
        return { json: { interrupted: true }, text: 'Interrupted.', exitCode: 130 }
      } finally {
        await world.close()
      }
    }),
  )
}

function staysOpen(): boolean {
  return process.stdout.isTTY === true && process.stdin.isTTY === true
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
