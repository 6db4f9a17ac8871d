/**
 * Under which system user the embedded server runs. PostgreSQL refuses to run as root: there it is the user
 * `postgres`, or whoever owns the cluster already. Everybody else runs it as himself.
 */

import { execFile } from 'node:child_process'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Account = { uid: number; gid: number }

export function runsAsRoot(): boolean {
  return process.getuid?.() === 0
}

/** The user that this program runs as. */
export function ownAccount(): Account {
  const { uid, gid } = userInfo()
  return { uid, gid }
}

/** Spawn options for a program of the server; `/` because the current folder may be closed to that user. */
export function asAccount(account: Account): { cwd: string; uid?: number; gid?: number } {
  return runsAsRoot() ? { cwd: '/', ...account } : { cwd: '/' }
}

/**
 * The user for a new cluster, when the program runs as root. Made when it is absent.
 * @throws a sentence when that is not possible
 */
export async function serviceAccount(name = serviceName()): Promise<Account> {
  const found = await findAccount(name)
  if (found) return found
  const reasons: string[] = []
  for (const [command, ...args] of waysToMake(name)) {
    await run(command, args, { env: systemPath() }).catch((error: Error) =>
      reasons.push(error.message.trim()),
    )
    const made = await findAccount(name)
    if (made) return made
  }
  throw new Error(
    `PostgreSQL must not run as root, and the system user "${name}" that it would run as could not be made${reasons.length > 0 ? ` (${reasons.join('; ')})` : ''}. Run this program as an ordinary user, make that user, or name a server in DATABASE_URL.`,
  )
}

/** Whether this user passes the shell's test of a file or folder: `-x` to enter or run, `-r` to read. */
export async function passes(account: Account, test: '-x' | '-r', path: string): Promise<boolean> {
  // Asked as that user: modes, access lists and mount options of all folders above are beyond guessing.
  return run('/bin/sh', ['-c', `test ${test} "$1"`, 'sh', path], asAccount(account)).then(
    () => true,
    () => false,
  )
}

function serviceName(): string {
  return process.platform === 'darwin' ? '_postgres' : 'postgres'
}

/** Linux as usual, then BusyBox; macOS brings its `_postgres`. */
function waysToMake(name: string): [string, ...string[]][] {
  if (process.platform === 'darwin') return []
  const nowhere = ['--home-dir', '/nonexistent', '--no-create-home', '--shell', '/usr/sbin/nologin']
  return [
    ['useradd', '--system', '--user-group', ...nowhere, name],
    ['adduser', '-S', '-D', '-H', '-s', '/sbin/nologin', name],
  ]
}

/** Where users are made is not on everybody's PATH. */
function systemPath(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin` }
}

async function findAccount(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}
