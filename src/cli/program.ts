/** The command line's tree. Only the commands of the first word are loaded, so that the program starts fast. */

import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { Door } from './door.ts'

type Group = {
  /** First words, each with what stands in the overview. */
  names: [name: string, summary: string][]
  add: (program: Command, door: Door) => Promise<void>
}

const groups: Group[] = [
  {
    names: [['demo', 'a winery, a Tock and a first pull to look at, in a folder of their own']],
    add: async (program, door) => (await import('./demo-command.ts')).addDemoCommand(program, door),
  },
  {
    names: [['winery', 'add wineries, list them, let them leave']],
    add: async (program, door) => (await import('./winery-commands.ts')).addWineryCommands(program, door),
  },
  {
    names: [['brand', "add a winery's brands, list them"]],
    add: async (program, door) => (await import('./brand-commands.ts')).addBrandCommands(program, door),
  },
  {
    names: [['settings', 'Web Store Settings: what new customers get, how pulls behave']],
    add: async (program, door) => (await import('./settings-commands.ts')).addSettingsCommands(program, door),
  },
  {
    names: [['key', "a winery's Tock API key: ask for it, store it, revoke it"]],
    add: async (program, door) => (await import('./key-commands.ts')).addKeyCommands(program, door),
  },
  {
    names: [['connection', 'ask Tock whether key and ids are right']],
    add: async (program, door) =>
      (await import('./connection-commands.ts')).addConnectionCommands(program, door),
  },
  {
    names: [['customers', 'import customers, release them, opt them out, erase them']],
    add: async (program, door) =>
      (await import('./customers-commands.ts')).addCustomersCommands(program, door),
  },
  {
    names: [
      ['pull', "pull a brand's reservations and guests from Tock"],
      ['pulls', 'past and waiting pulls'],
    ],
    add: async (program, door) => (await import('./pull-commands.ts')).addPullCommands(program, door),
  },
  {
    names: [['experiences', 'the Tock Experiences List: map it to reservation types']],
    add: async (program, door) =>
      (await import('./experiences-commands.ts')).addExperiencesCommands(program, door),
  },
  {
    names: [['locations', "Tock's seating areas: map them to locations"]],
    add: async (program, door) =>
      (await import('./locations-commands.ts')).addLocationsCommands(program, door),
  },
  {
    names: [['segments', 'customers by what they are and did: count, explain, export']],
    add: async (program, door) => (await import('./segments-commands.ts')).addSegmentsCommands(program, door),
  },
  {
    names: [['exceptions', 'what needs a person']],
    add: async (program, door) =>
      (await import('./exceptions-commands.ts')).addExceptionsCommands(program, door),
  },
  {
    names: [
      ['enable', "switch a brand's nightly pulls on"],
      ['disable', "switch a brand's nightly pulls off"],
    ],
    add: async (program, door) => (await import('./enable-commands.ts')).addEnableCommands(program, door),
  },
  {
    names: [
      ['start', 'the service: API, nightly schedule and worker'],
      ['worker', 'only a worker, on the same database'],
    ],
    add: async (program, door) => (await import('./start-commands.ts')).addStartCommands(program, door),
  },
  {
    names: [['schedule', "when brands' nightly pulls begin"]],
    add: async (program, door) => (await import('./schedule-commands.ts')).addScheduleCommands(program, door),
  },
  {
    names: [['alerts', 'what is wrong with pulls, and since when']],
    add: async (program, door) => (await import('./alerts-commands.ts')).addAlertsCommands(program, door),
  },
  {
    names: [['mails', 'what was mailed, what waits, what could not be delivered']],
    add: async (program, door) => (await import('./mails-commands.ts')).addMailsCommands(program, door),
  },
  {
    names: [['database', "the database's address, for the owner or an analyst"]],
    add: async (program, door) => (await import('./database-commands.ts')).addDatabaseCommands(program, door),
  },
  {
    names: [['doctor', 'check the installation and say what is wrong']],
    add: async (program, door) => (await import('./doctor-command.ts')).addDoctorCommand(program, door),
  },
  {
    names: [['migrate', 'bring the tables up to date']],
    add: async (program, door) => (await import('./migrate-command.ts')).addMigrateCommand(program, door),
  },
  {
    names: [['simulator', 'a local Tock with wineries to play with']],
    add: async (program, door) => (await import('./simulator-command.ts')).addSimulatorCommand(program, door),
  },
]

/** @param words the arguments after the program's name */
export async function buildProgram(words: readonly string[], door: Door): Promise<Command> {
  const program = new Command('ecellar-tock')
    .description(
      "Pulls a winery's Tock reservations and guests into its eCELLAR database, every night, one way.",
    )
    .option('--json', 'print one JSON document on standard output')
    // Long option names must not push their descriptions over the edge of 80 columns.
    .configureHelp({ minWidthToWrap: 20 })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText('after', '\nExample:\n  $ ecellar-tock winery add --slug juniper-hill --name "Juniper Hill"')
  if (words.some((word) => word === '--version' || word === '-V')) program.version(await ownVersion())
  const [first, second] = words.filter((word) => !word.startsWith('-'))
  const wanted = first === 'help' ? second : first
  for (const group of groups) {
    if (group.names.some(([name]) => name === wanted)) await group.add(program, door)
    else for (const [name, summary] of group.names) program.command(name).description(summary)
  }
  throwInsteadOfExit(program)
  return program
}

async function ownVersion(): Promise<string> {
  const file = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return String(JSON.parse(file).version)
}

// Otherwise commander ends the program itself, with 1 where the contract says 2.
function throwInsteadOfExit(command: Command): void {
  command.exitOverride()
  for (const sub of command.commands) throwInsteadOfExit(sub)
}
