/** Whether a process number is (still) the server of a folder: numbers are given again after a crash or a reboot. */

import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'

/**
 * By the command line and not by the process's open files, since root in a container may not see those of another
 * user's process.
 */
export async function isPostmaster(pid: number, folder: string, port: number | undefined): Promise<boolean> {
  if (process.platform !== 'linux') return isPostmasterByList(pid, folder, port)
  const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
  const named = args[args.indexOf('-D') + 1]
  if (basename(args[0] ?? '') !== 'postgres' || named === undefined) return false
  const [theirs, ours] = await Promise.all([named, folder].map((path) => stat(path).catch(() => undefined)))
  if (theirs && ours) return theirs.dev === ours.dev && theirs.ino === ours.ino
  // The same folder, under a name that it has elsewhere (a container's volume, a folder that was moved).
  return port !== undefined && args[args.indexOf('-p') + 1] === String(port)
}

async function isPostmasterByList(pid: number, folder: string, port: number | undefined): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)])
    // Some systems escape letters beyond ASCII, so the folder's name alone would not do.
    return /\/postgres -D /.test(stdout) && (stdout.includes(folder) || stdout.includes(` -p ${port} `))
  } catch {
    return false
  }
}
