/**
 * Where every command comes in and goes out: settings are read, the database is opened, the answer is printed, what
 * went wrong becomes an exit code, and the database is closed whatever happens.
 */

import { constants, userInfo } from 'node:os'
import type { Command } from 'commander'
import type { Secrets } from '../access/secrets.ts'
import { assertUsable, type Config, readConfig, readSettings } from '../config.ts'
import type { Actor } from '../contract/access.ts'
import { Refusal } from '../contract/errors.ts'
import type { Database } from '../database/connect.ts'
import { faultSentence } from './fault-sentence.ts'

export type Answer = {
  /** What `--json` prints; undefined when the command has printed what there is to say. */
  json: unknown
  text: string
  exitCode?: number
}

export type Context = {
  config: Config
  database: Database
  secrets(): Promise<Secrets>
  /** For the audit: who works this machine. */
  actor: Actor
  /** Progress and remarks: standard error, never with personal data. */
  note(line: string): void
  json: boolean
  /** Standard output is a person's terminal. */
  terminal: boolean
  /** Aborted by Ctrl-C and by `kill`. */
  signal: AbortSignal
}

export type Door = {
  run(command: Command, work: (context: Context) => Promise<Answer>): Promise<void>
  /** The same without a database. */
  runWithoutDatabase(
    command: Command,
    work: (context: Omit<Context, 'database' | 'secrets'>) => Promise<Answer>,
  ): Promise<void>
  /** The same for what runs until it is ended: it prints one JSON object a line where nobody sits at a terminal. */
  runService(
    command: Command,
    /** Besides wrong settings; told together with them. */
    problems: (config: Config) => Promise<string[]>,
    work: (context: Omit<Context, 'database' | 'secrets'>) => Promise<Answer>,
  ): Promise<void>
}

export const exitCodes = { done: 0, fault: 1, usage: 2, refused: 3, waiting: 4 } as const

export function openDoor(surroundings: { env: NodeJS.ProcessEnv; cwd: string }): Door {
  const common = (command: Command) => ({
    config: readConfig(surroundings.env, surroundings.cwd),
    note,
    actor: commandLineActor(),
    json: command.optsWithGlobals().json === true,
    terminal: process.stdout.isTTY === true,
  })
  return {
    run: (command, work) =>
      answering(command, async (signal) => {
        const context = common(command)
        const { openDatabase } = await import('../database/connect.ts')
        const { databaseUrl, dataDir } = context.config
        const database = await openDatabase({ databaseUrl, dataDir })
        let secrets: Promise<Secrets> | undefined
        try {
          return await untilInterrupted(
            work({
              ...context,
              signal,
              database,
              secrets: () => {
                secrets ??= import('../access/secrets.ts').then(({ openSecrets }) =>
                  openSecrets({ db: database.db, config: context.config, note }),
                )
                return secrets
              },
            }),
            signal,
          )
        } finally {
          await close(database, signal)
        }
      }),
    runWithoutDatabase: (command, work) =>
      answering(command, (signal) => work({ ...common(command), signal })),
    runService: (command, problems, work) =>
      answering(
        command,
        async (signal) => {
          const settings = readSettings(surroundings.env, surroundings.cwd)
          assertUsable([...settings.problems, ...(await problems(settings.config))])
          return work({ ...common(command), signal })
        },
        tellAsLine,
      ),
  }
}

async function answering(
  command: Command,
  work: (signal: AbortSignal) => Promise<Answer>,
  tellFailure: typeof tell | typeof tellAsLine = tell,
): Promise<void> {
  const interruption = new AbortController()
  let interruptedMs = 0
  const interrupt = (name: NodeJS.Signals) => {
    // A second time, by somebody who does not want to wait; not the one that the hand-over of bin/ passes on as well.
    if (interruption.signal.aborted && performance.now() - interruptedMs > 500) {
      process.exit(128 + (constants.signals[name] ?? 0))
    }
    interruptedMs ||= performance.now()
    interruption.abort(name)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, interrupt)
  try {
    const answer = await work(interruption.signal)
    const json = command.optsWithGlobals().json === true
    if (answer.json !== undefined) print(json ? JSON.stringify(answer.json, null, 2) : answer.text)
    process.exitCode = answer.exitCode ?? exitCodes.done
  } catch (error) {
    if (error instanceof Interrupted) {
      process.exitCode = 128 + (constants.signals[error.signal] ?? 0)
      // What was under way hangs on to the program; its work is undone with its connection.
      process.exit()
    }
    await tellFailure(error, command.optsWithGlobals().json === true)
  } finally {
    for (const name of signals) process.off(name, interrupt)
  }
}

/** One sentence and a next step; with `--json` the document of the contract on standard output. */
export function tell(error: unknown, json: boolean): void {
  const told = toldOf(error)
  if (json) print(JSON.stringify({ error: told }, null, 2))
  else note(`${told.message}\nNext: ${told.nextStep}`)
  process.exitCode = exitCodeOf(error)
}

function toldOf(error: unknown): { code: string; message: string; nextStep: string } {
  return error instanceof Refusal ? error.toShape() : { code: 'failed', ...faultSentence(error) }
}

function exitCodeOf(error: unknown): number {
  return error instanceof Refusal ? exitCodes.refused : exitCodes.fault
}

/** For logs that are read by programs. */
async function tellAsLine(error: unknown, json: boolean): Promise<void> {
  if (json || process.stderr.isTTY) return tell(error, json)
  const { openLog } = await import('../log.ts')
  const told = toldOf(error)
  openLog().fatal({ code: told.code, nextStep: told.nextStep }, told.message)
  process.exitCode = exitCodeOf(error)
}

class Interrupted extends Error {
  readonly signal: NodeJS.Signals
  constructor(signal: NodeJS.Signals) {
    super(signal)
    this.signal = signal
  }
}

/** Ctrl-C ends a command at once, also one that waits for something; one that listens to the signal may end well. */
async function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const graceMs = 2_000
  return new Promise((resolve, reject) => {
    work.then(resolve, reject)
    const onAbort = () => setTimeout(() => reject(new Interrupted(signal.reason)), graceMs).unref()
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

/** A pool waits for its running statements; an interrupted command does not wait for the pool. */
async function close(database: Database, signal: AbortSignal): Promise<void> {
  const closed = database.close()
  if (!signal.aborted) return closed
  const patienceMs = 3_000
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())])
}

function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** A user id of a container may have no name. */
function commandLineActor(): Actor {
  const id = String(process.getuid?.() ?? '')
  try {
    return { kind: 'command line', id, name: userInfo().username }
  } catch {
    return { kind: 'command line', id, name: `user ${id}` }
  }
}
