/**
 * The lock under which programs that share a data folder make, start, join and leave its server.
 *
 * It is the lock that SQLite (part of Node) takes on a file: the operating system holds it and drops it the moment
 * its holder dies, so there is never a stale one. Lock files of the `mkdir` kind (proper-lockfile) wait out a timeout
 * after a `kill -9`, and two waiters that time out together can both believe that they have it.
 */

import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

const busy = 5 // SQLITE_BUSY
const pauseMs = 5
const noticeMs = 3_000

/**
 * Runs `work` alone among everybody who uses this lock file, in this program and in others.
 * @throws a sentence when the file cannot be locked, or when another program has held the lock for `waitMs`.
 */
export async function withEmbeddedLock<T>(
  options: { file: string; waitMs: number; log: (line: string) => void; signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const began = performance.now()
  let noticed = false
  for (;;) {
    const release = tryLock(options.file)
    if (release) {
      try {
        return await work()
      } finally {
        release()
      }
    }
    const waitedMs = performance.now() - began
    if (waitedMs > options.waitMs) {
      throw new Error(
        `Another program has been starting or stopping the embedded database for ${Math.round(waitedMs / 1000)} seconds ("${options.file}" is locked). Wait for it or end it, then try again.`,
      )
    }
    if (waitedMs > noticeMs && !noticed) {
      noticed = true
      options.log('Another program is starting or stopping the embedded database; waiting for it.')
    }
    await sleep(pauseMs, undefined, options.signal ? { signal: options.signal } : {})
  }
}

function tryLock(file: string): (() => void) | undefined {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(file, { timeout: 0 })
    // The journal stays in memory: nothing is ever written, the file stays empty and has no file beside it.
    lock.exec('pragma journal_mode = memory; begin exclusive')
    const held = lock
    return () => held.close()
  } catch (error) {
    lock?.close()
    if (error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === busy)
      return undefined
    throw new Error(
      `The data folder cannot be locked ("${file}": ${error instanceof Error ? error.message : String(error)}). Give this user the right to write there; on a network drive without file locks, use a local folder (ECELLAR_TOCK_DATA) or a server (DATABASE_URL).`,
    )
  }
}
