/** `start` and `worker`: run until Ctrl-C or `kill`, and then end well. */

import { type Command, InvalidArgumentError } from 'commander'
import type { Config } from '../config.ts'
import type { Door } from './door.ts'
import { logProcessFaults } from './process-faults.ts'

// Each takes a connection, a thread and up to some hundred megabytes.
const pullsPreset = 4

export function addStartCommands(program: Command, door: Door): void {
  addServiceCommand(program, door, {
    name: 'start',
    api: true,
    description: 'the service: API, console, nightly schedule and worker, until Ctrl-C',
  })
  addServiceCommand(program, door, {
    name: 'worker',
    api: false,
    description:
      'the same without API and console; any number, on any machine with the same database and settings',
  })
}

function addServiceCommand(
  program: Command,
  door: Door,
  of: { name: string; api: boolean; description: string },
): void {
  const command = program
    .command(of.name)
    .description(of.description)
    .option(
      '--pulls <n>',
      `how many pulls run at a time (${pullsPreset})`,
      pullsNumber(of.api ? 0 : 1),
      pullsPreset,
    )
    .option('--json', 'print one JSON document once it is ready; the log goes to standard error')
    .addHelpText('after', `\nExample:\n  $ ecellar-tock ${of.name}`)
  const { api } = of
  const problems = async (config: Config) =>
    (await import('../start-check.ts')).startProblems(config, { api })
  command.action((options: { pulls: number }) =>
    door.runService(command, problems, async ({ config, json, terminal, signal }) => {
      const { openLog } = await import('../log.ts')
      const log = openLog()
      logProcessFaults(log)
      const { startServer } = await import('../server.ts')
      const service = await startServer(config, { api, pulls: options.pulls, log })
      const { address, firstSupportLink } = service
      const ready = {
        ready: true,
        address,
        pulls: options.pulls,
        pid: process.pid,
        ...(firstSupportLink === null ? {} : { firstSupportLink }),
      }
      // One line: who gathers output gathers lines.
      process.stdout.write(`${json || !terminal ? JSON.stringify(ready) : readyText(of.name, ready)}\n`)
      if (!signal.aborted) {
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        )
      }
      log.info({ signal: String(signal.reason) }, 'Stopping')
      await service.stop()
      log.info('Stopped')
      return { json: undefined, text: '' }
    }),
  )
}

function readyText(
  name: string,
  ready: { address: string | null; pulls: number; firstSupportLink?: string },
): string {
  const { address, pulls, firstSupportLink } = ready
  const what = name === 'start' ? 'The service runs' : 'A worker runs'
  const where = address === null ? '' : ` at ${address}`
  const first = firstSupportLink
    ? `\nNobody can sign in yet. The first Support user, within 24 hours: ${firstSupportLink}`
    : ''
  return `${what}${where}, with up to ${pulls} pulls at a time. Ctrl-C ends it.${first}`
}

function pullsNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least && number <= 64) return number
    throw new InvalidArgumentError(`Use a whole number from ${least} to 64.`)
  }
}
