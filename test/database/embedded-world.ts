/** What the tests of the embedded server share: data folders that clean up after themselves, programs, and a look at the server. */

import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** An ordinary user. Root gives way to "nobody"; everybody else is one already. */
export const ordinary = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

export type Program = {
  pid: number
  /** The next message that has this key. */
  told(key: 'url' | 'error' | 'line' | 'left' | 'rounds'): Promise<string>
  leave(): Promise<void>
  kill(signal: NodeJS.Signals): Promise<void>
  ended: Promise<number | NodeJS.Signals>
}

/** Call `clear()` in `afterEach`: it ends programs and servers, then removes the folders. */
export function embeddedWorld() {
  const folders: string[] = []
  const programs: Program[] = []

  async function folder(name = 'data', owner: { uid?: number; gid?: number } = {}): Promise<string> {
    const around = await realpath(await mkdtemp(join(tmpdir(), 'embedded-')))
    folders.push(around)
    await mkdir(join(around, 'open'))
    if (owner.uid !== undefined && owner.gid !== undefined) {
      await chown(around, owner.uid, owner.gid)
      await chown(join(around, 'open'), owner.uid, owner.gid)
    }
    await chmod(around, 0o755)
    return join(around, 'open', name)
  }

  function program(dataDir: string, options: ProgramOptions = {}): Program {
    const made = startProgram(dataDir, options)
    programs.push(made)
    return made
  }

  async function clear(): Promise<void> {
    await Promise.all(programs.splice(0).map((each) => each.kill('SIGKILL')))
    for (const around of folders.splice(0)) {
      for (const cluster of await clustersIn(around)) await killServer(cluster)
      await removeHomes(around)
      await rm(around, { recursive: true, force: true })
    }
  }

  return { folder, program, clear }
}

export type ProgramOptions = {
  account?: { uid?: number; gid?: number }
  rounds?: number
  cwd?: string
  /** In front of the command, in a shell: `ulimit …`. */
  prelude?: string
  file?: string
}

function startProgram(dataDir: string, options: ProgramOptions): Program {
  const file = options.file ?? join(import.meta.dirname, 'embedded-program.ts')
  const args = [file, dataDir, ...(options.rounds === undefined ? [] : [String(options.rounds)])]
  const script = `${options.prelude ?? 'true'}; exec "$0" "$@"`
  const child = spawn('/bin/sh', ['-c', script, process.execPath, ...args], {
    ...options.account,
    cwd: options.cwd ?? '/',
    detached: true, // its own process group, as a terminal gives it
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const messages: Record<string, unknown>[] = []
  createInterface({ input: child.stdout }).on('line', (line) => messages.push(JSON.parse(line)))
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 0))
  })
  const pid = child.pid ?? 0
  return {
    pid,
    ended,
    told: (key) => nextMessage(messages, key, child),
    leave: async () => {
      child.stdin.end()
      await ended
    },
    kill: async (signal) => {
      child.kill(signal)
      await ended
    },
  }
}

async function nextMessage(
  messages: Record<string, unknown>[],
  key: string,
  child: ChildProcess,
): Promise<string> {
  for (let turn = 0; turn < 3_000; turn++) {
    const at = messages.findIndex((message) => key in message)
    if (at >= 0) return String(messages.splice(at, 1)[0]?.[key])
    if (child.exitCode !== null && child.stdout?.closed) break
    await sleep(10)
  }
  throw new Error(`The program said no "${key}", but ${JSON.stringify(messages)}`)
}

/** One statement's rows, on a connection of its own. */
export async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** The number of the server's process; `undefined` when none lives. */
export async function serverPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return pid > 0 && isAlive(pid) ? pid : undefined
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 1_000; turn++) {
    if (await isSo()) return
    await sleep(10)
  }
  throw new Error('It did not come to pass within ten seconds')
}

async function clustersIn(around: string): Promise<string[]> {
  const names = await readdir(around, { recursive: true })
  const pidFiles = names
    .filter((name) => name.endsWith('postmaster.pid'))
    .map((name) => join(around, name, '..'))
  return [...pidFiles, ...(await homesOf(around)).map((home) => join(home, 'postgres'))]
}

/** Folders that a data folder in `around` has elsewhere. */
async function homesOf(around: string): Promise<string[]> {
  const names = await readdir(around, { recursive: true })
  const pointers = names.filter((name) => name.endsWith('postgres-folder'))
  return Promise.all(pointers.map(async (name) => (await readFile(join(around, name), 'utf8')).trim()))
}

async function removeHomes(around: string): Promise<void> {
  for (const home of await homesOf(around)) await rm(home, { recursive: true, force: true })
}

async function killServer(cluster: string): Promise<void> {
  const pid = await serverPid(cluster)
  const args = pid === undefined ? '' : await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres')
  if (pid === undefined || !args.includes('postgres')) return
  process.kill(pid, 'SIGINT')
  await until(async () => (await serverPid(cluster)) === undefined)
}
