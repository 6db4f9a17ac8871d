/**
 * The server process: found, started, stopped.
 *
 * `postgres` is started directly, not by `pg_ctl`: that one looks ten times a second whether the server is ready (it is
 * after 25 ms) and hands the folder's name to a shell, where a `$` in it would be replaced.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ifAbsent } from './embedded-absent.ts'
import { asAccount } from './embedded-account.ts'
import type { Cluster } from './embedded-cluster.ts'
import { openServerLog } from './embedded-log-file.ts'
import type { Place } from './embedded-place.ts'
import { isPostmaster } from './embedded-process.ts'
import { embeddedSettings } from './embedded-settings.ts'

const pauseMs = 3
const noticeMs = 5_000

/** How long a server may take to come up or go down: after a crash it first replays up to 2 GB of changes. */
export const patienceMs = 600_000

/**
 * The port of this cluster's server when it runs and is ready; waits for one that is starting or stopping.
 * A leftover `postmaster.pid` whose number is another program's now is removed: PostgreSQL would take that program for
 * its server and refuse to start.
 */
export async function runningPort(folder: string, log: (line: string) => void): Promise<number | undefined> {
  const wait = patience(log, 'The embedded database is still starting or stopping; waiting for it.')
  for (;;) {
    const found = await readPostmaster(folder)
    if (!found) return undefined
    if (!(await isPostmaster(found.pid, folder, found.port))) {
      // It may have ended between the two looks, and another may have started.
      const again = await readPostmaster(folder)
      if (again?.pid === found.pid) {
        // A dead one's file stays: PostgreSQL learns from it whether processes of that server still write.
        if (isAlive(found.pid)) await rm(join(folder, 'postmaster.pid'), { force: true })
        return undefined
      }
    } else if (found.status === 'ready' && found.port !== undefined) {
      return found.port
    }
    await wait()
  }
}

/**
 * Starts the server, detached: it outlives this program and hears nothing of a Ctrl-C in its terminal.
 * @returns its port: the one it had before where that is free, so that what was told of it stays true
 * @throws a sentence with the end of the server's log when it does not come up
 */
export async function startPostmaster(
  place: Place,
  cluster: Cluster,
  log: (line: string) => void,
): Promise<number> {
  let port = await freePort(await formerPort(cluster.folder))
  const wait = patience(log, 'Processes of the former server are still ending; waiting for them.', 60_000)
  for (let kills = 0; ; ) {
    const outcome = await tryStart(place, cluster, port, log)
    if (outcome === 'ready') return port
    // All three pass: a port that was free a moment ago, a kill while it started, what a killed one left running.
    if (/could not bind|could not create any TCP/.test(outcome)) port = await freePort(undefined)
    else if (/ended with SIGKILL$/.test(outcome) && kills < 3) kills++
    else if (!/pre-existing shared memory block/.test(outcome)) throw startFailure(cluster, outcome)
    await wait().catch(() => {
      throw startFailure(cluster, outcome)
    })
  }
}

/** Ends the server, connections and all, and waits until it is gone. */
export async function stopPostmaster(folder: string, log: (line: string) => void): Promise<void> {
  const found = await readPostmaster(folder)
  if (!found || !(await isPostmaster(found.pid, folder, found.port))) return
  process.kill(found.pid, 'SIGINT') // "fast": a clean shutdown that does not wait for clients
  const wait = patience(log, 'The embedded database is still writing before it stops; waiting for it.')
  while ((await readPostmaster(folder))?.pid === found.pid && isAlive(found.pid)) await wait()
}

type Postmaster = { pid: number; port: number | undefined; status: string }

/** PostgreSQL writes this file line by line while it starts, so the last ones may be missing. */
async function readPostmaster(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(ifAbsent(''))
  const lines = text.split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  if (!(pid > 0)) return undefined
  const port = Number.parseInt(lines[3] ?? '', 10)
  return { pid, port: port > 0 ? port : undefined, status: (lines[7] ?? '').trim() }
}

async function tryStart(
  place: Place,
  cluster: Cluster,
  port: number,
  log: (line: string) => void,
): Promise<'ready' | string> {
  const { folder, account, binaries } = cluster
  const output = await openServerLog(place.logFile, place.owner)
  try {
    const child = spawn(binaries.postgres, ['-D', folder, '-p', String(port), ...embeddedSettings()], {
      ...asAccount(account),
      detached: true,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', output.fd, output.fd],
    })
    child.unref()
    const ended = endOf(child)
    const wait = patience(
      log,
      'The embedded database is recovering what a crash interrupted; waiting for it.',
    )
    for (;;) {
      const found = await readPostmaster(folder)
      if (found?.pid === child.pid && found?.status === 'ready') return 'ready'
      const end = await Promise.race([ended, wait()])
      if (end !== undefined) return `${await output.tail(12)}\n${end}`
    }
  } finally {
    await output.close()
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`postgres ended with ${code ?? signal}`))
  })
}

function startFailure(cluster: Cluster, output: string): Error {
  return new Error(
    `The embedded database in "${cluster.folder}" did not start. Its last words (the whole is in postgres.log in the data folder):\n${output}`,
  )
}

/** @returns a pause to await in a loop; it says `notice` once when it takes long, and throws when it takes too long */
function patience(log: (line: string) => void, notice: string, limitMs = patienceMs): () => Promise<void> {
  const began = performance.now()
  let noticed = false
  return async () => {
    const waitedMs = performance.now() - began
    if (waitedMs > limitMs) {
      throw new Error(
        `The embedded database has been neither ready nor stopped for ${Math.round(limitMs / 1000)} seconds. See postgres.log in the data folder, and try again later.`,
      )
    }
    if (waitedMs > noticeMs && !noticed) {
      noticed = true
      log(notice)
    }
    await sleep(pauseMs)
  }
}

/** The port of the last start, from the command line that the server keeps in its folder. */
async function formerPort(folder: string): Promise<number | undefined> {
  const options = await readFile(join(folder, 'postmaster.opts'), 'utf8').catch(ifAbsent(''))
  const port = /"-p" "(\d+)"/.exec(options)?.[1]
  return port === undefined ? undefined : Number(port)
}

function freePort(wanted: number | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => (wanted === undefined ? reject(error) : resolve(freePort(undefined))))
    probe.listen({ host: '127.0.0.1', port: wanted ?? 0 }, () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
