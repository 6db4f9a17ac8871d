/** `simulator`: a local Tock until Ctrl-C, with what one needs to pull from it. */

import { type Command, InvalidArgumentError } from 'commander'
import { Refusal } from '../contract/errors.ts'
import type { Door } from './door.ts'
import { tableText } from './format-table.ts'

export function addSimulatorCommand(program: Command, door: Door): void {
  const simulator = program
    .command('simulator')
    .description('a local Tock with wineries to play with, until Ctrl-C')
    .option('--port <port>', 'where it listens; without it a free port', portNumber)
    .option('--json', 'print JSON once it runs')
    .addHelpText('after', '\nExample:\n  $ ecellar-tock simulator --port 4100')
  simulator.action((options: { port?: number }) =>
    door.runWithoutDatabase(simulator, async ({ json, note, signal }) => {
      const { startSimulator } = await import('../simulator/simulator.ts')
      const running = await startSimulator(options.port === undefined ? {} : { port: options.port }).catch(
        (error: unknown) => {
          if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
          throw new Refusal('invalid', `Port ${options.port} is taken.`, 'Give another one with --port.')
        },
      )
      const { url, businesses } = running
      // What is said at the start is the answer; the end has nothing to add.
      process.stdout.write(
        `${json ? JSON.stringify({ url, businesses }, null, 2) : introduction(url, businesses)}\n`,
      )
      if (!signal.aborted) {
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        )
      }
      note('The simulator has ended.')
      await running.close()
      return { json: undefined, text: '' }
    }),
  )
}

type Business = {
  businessGroupId: string
  businessId: string
  name: string
  timeZone: string
  apiKey: string
}

function introduction(url: string, businesses: Business[]): string {
  const table = tableText(
    ['group', 'business', 'name', 'time zone'],
    businesses.map((one) => [one.businessGroupId, one.businessId, one.name, one.timeZone]),
  )
  const keys = new Map(businesses.map((one) => [one.businessGroupId, one.apiKey]))
  const first = businesses[0]
  return [
    `A local Tock runs at ${url}`,
    '',
    table,
    '',
    'API keys (made up, good here alone):',
    ...[...keys].map(([group, key]) => `  group ${group}: ${key}`),
    '',
    'To pull from it, in another terminal:',
    `  export TOCK_API_URL=${url}`,
    '  ecellar-tock winery add --slug try --name "Try"',
    `  ecellar-tock brand add --winery try --code A --name "${first?.name}" --business-group ${first?.businessGroupId} --business ${first?.businessId}`,
    '  ecellar-tock settings set --winery try --customer-source Tock --customer-type Visitor --create',
    `  echo "${first?.apiKey}" | ecellar-tock key set --winery try`,
    '  ecellar-tock pull --winery try --brand A --initial',
    '',
    `The next night: curl -X POST ${url}/simulator/next-night`,
    'Ctrl-C ends it.',
  ].join('\n')
}

function portNumber(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('Use a port from 0 to 65535.')
}
